import type { Report } from '../kubernetes/define-rule.ts';
import { podRule } from '../kubernetes/define-rule.ts';
import { configKey } from '../kubernetes/names.ts';
import { type Place, placesIn, textIn } from '../kubernetes/reading.ts';
import { fileSourcesOf, isLocalPath } from '../kubernetes/volumes.ts';

export const invalidVolumeFile = podRule({
  id: 'semantic/volume-file',
  title: 'A file of a volume with a path that leads out of it, or of a key that cannot be',
  severity: 'error',
  needs: ['volumes'],
  check(pod, report) {
    for (const volume of pod.volumes) {
      for (const source of fileSourcesOf(volume)) {
        checkPath(source, report);
        for (const item of placesIn(source, 'items')) {
          checkPath(item, report);
          // The server takes a key that no ConfigMap can have, and the pod then waits for it.
          const key = textIn(item.value, 'key');
          const problem = key === undefined ? undefined : key === '' ? 'must not be empty' : configKey(key);
          if (problem !== undefined) report([...item.path, 'key'], problem, key === '' ? {} : { severity: 'warning' });
        }
      }
    }
  },
});

function checkPath({ value, path }: Place, report: Report): void {
  const file = textIn(value, 'path');
  if (file === '') report([...path, 'path'], 'must not be empty');
  else if (file !== undefined && (!isLocalPath(file) || file.startsWith('..')))
    report([...path, 'path'], 'must be a path inside the volume: relative, and without ..');
}
