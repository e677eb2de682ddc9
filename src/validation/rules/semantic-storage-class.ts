import { objectRule } from '../kubernetes/define-rule.ts';
import { qualifiedName } from '../kubernetes/names.ts';
import { textIn } from '../kubernetes/reading.ts';

export const invalidStorageClass = objectRule({
  id: 'semantic/storage-class',
  title: 'A StorageClass of a provisioner or a policy that cannot be',
  severity: 'error',
  kinds: ['storage.k8s.io/StorageClass'],
  check({ value, path }, report) {
    const provisioner = textIn(value, 'provisioner');
    const problem =
      provisioner === undefined
        ? undefined
        : provisioner === ''
          ? 'must not be empty'
          : qualifiedName(provisioner.toLowerCase());
    if (problem !== undefined) report([...path, 'provisioner'], problem);
    if (value.reclaimPolicy === 'Recycle')
      report([...path, 'reclaimPolicy'], 'must be Delete or Retain in a StorageClass, not "Recycle"');
  },
});
