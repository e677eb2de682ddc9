import { containerRule } from '../kubernetes/define-rule.ts';
import { isSet, textIn } from '../kubernetes/reading.ts';
import { mountableVolumes, nameOf } from '../kubernetes/volumes.ts';

export const volumeDevice = containerRule({
  id: 'semantic/volume-device',
  title: 'A block device that the volume cannot be',
  severity: 'error',
  needs: ['volumeDevices'],
  check(container, report) {
    const devices = container.devices;
    if (devices.length === 0) return;
    const mounts = new Set(container.mounts.map(({ value }) => nameOf(value)));
    const seen = new Set<string>();
    for (const { value, path } of devices) {
      const devicePath = textIn(value, 'devicePath');
      if (devicePath === '') report([...path, 'devicePath'], 'must not be empty');
      else if (devicePath !== undefined && seen.has(devicePath))
        report([...path, 'devicePath'], 'is that of another device');
      seen.add(devicePath ?? '');
      const name = textIn(value, 'name') ?? '';
      const volume = mountableVolumes(container.pod.object)?.get(name);
      if (mounts.has(name)) report([...path, 'name'], 'must not be one of volumeMounts as well');
      if (volume !== undefined && !isSet(volume, 'persistentVolumeClaim') && !isSet(volume, 'ephemeral'))
        report([...path, 'name'], 'must be a volume from a claim to be a block device');
    }
  },
});
