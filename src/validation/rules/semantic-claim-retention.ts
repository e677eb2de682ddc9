import { placeRule } from '../kubernetes/define-rule.ts';
import { quote } from '../kubernetes/names.ts';
import { placeIn, textIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

export const claimRetention = placeRule((object) => placeIn(specOf(object), 'persistentVolumeClaimRetentionPolicy'), {
  id: 'semantic/claim-retention',
  title: 'An unknown policy for the claims of a StatefulSet',
  severity: 'error',
  kinds: ['apps/StatefulSet'],
  check({ value, path }, report) {
    for (const field of ['whenDeleted', 'whenScaled']) {
      const policy = textIn(value, field);
      if (policy !== undefined && policy !== '' && policy !== 'Retain' && policy !== 'Delete')
        report([...path, field], `must be Retain or Delete, not ${quote(policy)}`);
    }
  },
});
