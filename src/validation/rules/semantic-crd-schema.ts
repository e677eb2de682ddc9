import { objectRule } from '../kubernetes/define-rule.ts';
import { isSet, type Json, objectIn } from '../kubernetes/reading.ts';
import { schemaNodesOf, typedConditionsOf } from '../kubernetes/structural-schemas.ts';

/** https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema */
export const crdSchema = objectRule({
  id: 'semantic/crd-schema',
  title: 'A CustomResourceDefinition with a schema that is not structural',
  severity: 'error',
  wholeOnly: true,
  kinds: ['apiextensions.k8s.io/CustomResourceDefinition'],
  check(object, report) {
    for (const node of schemaNodesOf(object)) {
      const { value, path, isRoot } = node;
      if (isRoot && value.type !== 'object') report(path(), 'must have type: object', { at: 'key' });
      else if (!isTyped(value)) report(path(), 'lacks a type', { at: 'key' });
      if (value.type === 'array' && objectIn(value, 'items') === undefined)
        report(path(), 'is an array and lacks items', { at: 'key' });
      if (isSet(value, 'properties') && isSet(value, 'additionalProperties'))
        report([...path(), 'additionalProperties'], 'cannot stand beside properties', { at: 'key' });
      for (const condition of typedConditionsOf(node))
        report([...condition.path, 'type'], 'may not be set below allOf, anyOf, oneOf and not', { at: 'key' });
    }
  },
});

function isTyped(schema: Json): boolean {
  const isFree =
    schema['x-kubernetes-int-or-string'] === true || schema['x-kubernetes-preserve-unknown-fields'] === true;
  return isFree || isSet(schema, 'type');
}
