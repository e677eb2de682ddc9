import { podRule } from '../kubernetes/define-rule.ts';
import { quote } from '../kubernetes/names.ts';
import { containersOf } from '../kubernetes/pods.ts';
import { fieldsOf, placeIn, placesIn, textIn } from '../kubernetes/reading.ts';

const SOURCES = ['resourceClaimName', 'resourceClaimTemplateName'];

export const resourceClaim = podRule({
  id: 'semantic/resource-claim',
  title: 'A device claim that the pod does not have, or that says not where it comes from',
  severity: 'error',
  needs: ['resourceClaims', 'claims'],
  wholeOnly: true,
  check(pod, report) {
    const claims = placesIn(pod, 'resourceClaims');
    for (const { value, path } of claims)
      if (fieldsOf(value, SOURCES).length !== 1)
        report(path, `must have one of ${SOURCES.join(' and ')}`, { at: 'key' });
    const names = new Set(claims.map(({ value }) => value.name));
    for (const container of containersOf(pod.object)) {
      for (const { value, path } of placesIn(placeIn(container, 'resources'), 'claims')) {
        const name = textIn(value, 'name');
        if (name !== undefined && !names.has(name))
          report([...path, 'name'], `is ${quote(name)}, and the pod has no resourceClaims entry of this name`);
      }
    }
  },
});
