import { podRule } from '../kubernetes/define-rule.ts';
import { isSet, type Json, objectIn } from '../kubernetes/reading.ts';

/** Fields that say what a volume is of, and that may not be left empty, by kind of volume. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  configMap: ['name'],
  csi: ['driver'],
  fc: [],
  gitRepo: ['repository'],
  glusterfs: ['endpoints', 'path'],
  hostPath: ['path'],
  iscsi: ['targetPortal', 'iqn'],
  nfs: ['server', 'path'],
  persistentVolumeClaim: ['claimName'],
  rbd: ['monitors', 'image'],
  secret: ['secretName'],
  vsphereVolume: ['volumePath'],
};

export const volumeReference = podRule({
  id: 'semantic/volume-reference',
  title: 'A volume that does not say what it is of',
  severity: 'error',
  needs: ['volumes'],
  wholeOnly: true,
  check(pod, report) {
    for (const { value, path } of pod.volumes) {
      for (const [source, fields] of Object.entries(NEEDED)) {
        const volume = objectIn(value, source);
        if (volume === undefined) continue;
        const missing = fields.find((field) => isEmpty(volume, field));
        if (missing !== undefined)
          report([...path, source], `lacks ${missing}`, { at: 'key', hint: hintFor(volume, missing) });
      }
    }
  },
});

/** Absent required fields are what the schema's rule finds; `name` and `secretName` are not required by it. */
function isEmpty(volume: Json, field: string): boolean {
  const isOptionalInSchema = field === 'name' || field === 'secretName';
  return volume[field] === '' || (isOptionalInSchema && !isSet(volume, field));
}

function hintFor(volume: Json, missing: string): string | undefined {
  if (missing === 'secretName' && isSet(volume, 'name')) return 'A secret volume has secretName, not name.';
  return missing === 'name' ? 'Write the name of the ConfigMap.' : undefined;
}
