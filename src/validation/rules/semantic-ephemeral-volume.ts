import { podRule } from '../kubernetes/define-rule.ts';
import { isSet, placeIn } from '../kubernetes/reading.ts';

export const ephemeralVolume = podRule({
  id: 'semantic/ephemeral-volume',
  title: 'An ephemeral volume without a claim to make',
  severity: 'error',
  needs: ['ephemeral'],
  wholeOnly: true,
  check(pod, report) {
    for (const volume of pod.volumes) {
      const ephemeral = placeIn(volume, 'ephemeral');
      if (ephemeral !== undefined && !isSet(ephemeral.value, 'volumeClaimTemplate'))
        report(ephemeral.path, 'lacks volumeClaimTemplate', { at: 'key' });
    }
  },
});
