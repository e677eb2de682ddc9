import { objectRule } from '../kubernetes/define-rule.ts';
import { objectIn, textIn } from '../kubernetes/reading.ts';

export const namespaceOnClusterScope = objectRule({
  id: 'object/cluster-scope',
  title: 'A namespace on an object that belongs to none',
  severity: 'warning',
  needs: ['namespace'],
  check(object, report, { schemas }) {
    const { apiVersion, kind } = object.resource;
    // Before the namespace is read: where the kind alone tells that nothing is wrong, no other namespace makes a difference.
    if (!schemas.versions.some((version) => schemas.find(apiVersion, kind, version)?.namespaced === false)) return;
    const namespace = textIn(objectIn(object.value, 'metadata'), 'namespace');
    if (namespace === undefined || namespace === '') return;
    report([...object.path, 'metadata', 'namespace'], `has no effect: a ${kind} belongs to no namespace`, {
      at: 'key',
      hint: 'Take it away.',
    });
  },
});
