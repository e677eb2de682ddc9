import { containerRule } from '../kubernetes/define-rule.ts';
import { quote } from '../kubernetes/names.ts';
import { textIn } from '../kubernetes/reading.ts';
import { mountableVolumes } from '../kubernetes/volumes.ts';
import { nearest } from '../nearest.ts';

export const missingVolume = containerRule({
  id: 'semantic/missing-volume',
  title: 'A mount of a volume that the pod does not have',
  severity: 'error',
  needs: ['volumeMounts', 'volumeDevices'],
  wholeOnly: true,
  check(container, report) {
    if (container.mounts.length + container.devices.length === 0) return;
    const volumes = mountableVolumes(container.pod.object);
    if (volumes === undefined) return;
    for (const { value, path } of [...container.mounts, ...container.devices]) {
      const name = textIn(value, 'name');
      if (name === undefined || volumes.has(name)) continue;
      const similar = nearest(name, volumes.keys());
      const hint = similar === undefined ? 'Add it to the volumes of the pod.' : `Did you mean ${similar}?`;
      report([...path, 'name'], `is ${quote(name)}, and the pod has no volume of this name`, { hint });
    }
  },
});
