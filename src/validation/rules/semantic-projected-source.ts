import { podRule } from '../kubernetes/define-rule.ts';
import { fieldsOf, numberIn, placeIn, placesIn, textIn } from '../kubernetes/reading.ts';

const SOURCES = ['clusterTrustBundle', 'configMap', 'downwardAPI', 'podCertificate', 'secret', 'serviceAccountToken'];

export const projectedSource = podRule({
  id: 'semantic/projected-source',
  title: 'A part of a projected volume with two sources, or with one that is not told',
  severity: 'error',
  needs: ['projected'],
  wholeOnly: true,
  check(pod, report) {
    for (const volume of pod.volumes) {
      for (const source of placesIn(placeIn(volume, 'projected'), 'sources')) {
        const found = fieldsOf(source.value, SOURCES);
        if (found.length > 1) report(source.path, `must have one source, not ${found.join(' and ')}`, { at: 'key' });
        for (const kind of ['configMap', 'secret'])
          if (placeIn(source, kind) !== undefined && (placeIn(source, kind)?.value.name ?? '') === '')
            report([...source.path, kind], 'lacks name', { at: 'key' });
        const seconds = numberIn(placeIn(source, 'serviceAccountToken')?.value, 'expirationSeconds');
        if (seconds !== undefined && (seconds < 600 || seconds > 2 ** 32))
          report(
            [...source.path, 'serviceAccountToken', 'expirationSeconds'],
            'must be at least 600 seconds and at most 2^32',
          );
        if (textIn(placeIn(source, 'serviceAccountToken')?.value, 'path') === '')
          report([...source.path, 'serviceAccountToken', 'path'], 'must not be empty');
      }
    }
  },
});
