import { placeRule } from '../kubernetes/define-rule.ts';
import { quantityOf } from '../kubernetes/quantities.ts';
import { fieldsOf, isSet, type Json, listIn, objectIn, textIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

const SOURCES = [
  'awsElasticBlockStore',
  'azureDisk',
  'azureFile',
  'cephfs',
  'cinder',
  'csi',
  'fc',
  'flexVolume',
  'flocker',
  'gcePersistentDisk',
  'glusterfs',
  'hostPath',
  'iscsi',
  'local',
  'nfs',
  'photonPersistentDisk',
  'portworxVolume',
  'quobyte',
  'rbd',
  'scaleIO',
  'storageos',
  'vsphereVolume',
];

export const persistentVolume = placeRule(specOf, {
  id: 'semantic/persistent-volume',
  title: 'A PersistentVolume without a size, an access mode or one source',
  severity: 'error',
  wholeOnly: true,
  kinds: ['/PersistentVolume'],
  check({ value, path }, report) {
    for (const problem of problemsOf(value)) report(path, problem, { at: 'key' });
    const size = quantityOf(objectIn(value, 'capacity')?.storage);
    if (size !== undefined && size <= 0) report([...path, 'capacity', 'storage'], 'must be above 0');
    if (textIn(objectIn(value, 'local'), 'path') === '') report([...path, 'local', 'path'], 'must not be empty');
    const hostPath = textIn(objectIn(value, 'hostPath'), 'path');
    if (hostPath?.split('/').includes('..') === true) report([...path, 'hostPath', 'path'], 'must not contain ..');
  },
});

function problemsOf(spec: Json): readonly string[] {
  const found = fieldsOf(spec, SOURCES);
  const modes = listIn(spec, 'accessModes');
  const capacity = objectIn(spec, 'capacity');
  const extra = Object.keys(capacity ?? {}).filter((name) => name !== 'storage');
  return [
    ...(found.length === 1
      ? []
      : [`must have one source such as csi, nfs or local, not ${found.length === 0 ? 'none' : found.join(' and ')}`]),
    ...(modes.length === 0 ? ['lacks accessModes'] : []),
    ...(modes.includes('ReadWriteOncePod') && modes.length > 1
      ? ['cannot have ReadWriteOncePod beside another access mode']
      : []),
    ...(isSet(capacity, 'storage') ? [] : ['lacks capacity.storage']),
    ...(extra.length === 0 ? [] : [`can have storage only as capacity, not ${extra.join(', ')}`]),
    ...(isSet(spec, 'local') && !isSet(objectIn(spec, 'nodeAffinity'), 'required')
      ? ['lacks nodeAffinity, which a local volume needs']
      : []),
  ];
}
