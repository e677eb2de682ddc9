import { objectRule } from '../kubernetes/define-rule.ts';
import { objectIn, textIn } from '../kubernetes/reading.ts';

export const namespaceOnClusterScope = objectRule({
  id: 'object/cluster-scope',
  title: 'A namespace on an object that belongs to none',
  severity: 'warning',
  needs: ['namespace'],
  check(object, report, { schemas }) {
    const namespace = textIn(objectIn(object.value, 'metadata'), 'namespace');
    if (namespace === undefined || namespace === '') return;
    const { apiVersion, kind } = object.resource;
    const found = schemas.versions.map((version) => schemas.find(apiVersion, kind, version));
    if (!found.some((schema) => schema?.namespaced === false)) return;
    report([...object.path, 'metadata', 'namespace'], `has no effect: a ${kind} belongs to no namespace`, {
      at: 'key',
      hint: 'Take it away.',
    });
  },
});
