import { objectRule, type Report } from '../kubernetes/define-rule.ts';
import { quote } from '../kubernetes/names.ts';
import { isSet, listIn, type Place, textIn } from '../kubernetes/reading.ts';
import { schemaNodesOf } from '../kubernetes/structural-schemas.ts';

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const LIST_TYPES = ['atomic', 'map', 'set'];

export const crdType = objectRule({
  id: 'semantic/crd-type',
  title: 'A field of a CustomResourceDefinition with a type that there is not',
  severity: 'error',
  kinds: ['apiextensions.k8s.io/CustomResourceDefinition'],
  check(object, report) {
    for (const node of schemaNodesOf(object)) {
      const type = textIn(node.value, 'type');
      if (type !== undefined && !TYPES.includes(type))
        report([...node.path(), 'type'], `must be one of ${TYPES.join(', ')}, not ${quote(type)}`);
      if (isSet(node.value, 'x-kubernetes-list-type')) checkList({ value: node.value, path: node.path() }, report);
    }
  },
});

function checkList({ value, path }: Place, report: Report): void {
  const list = textIn(value, 'x-kubernetes-list-type');
  const place = [...path, 'x-kubernetes-list-type'];
  if (list === undefined) return;
  if (!LIST_TYPES.includes(list)) report(place, `must be one of ${LIST_TYPES.join(', ')}, not ${quote(list)}`);
  else if (value.type !== 'array') report(place, 'may be set on an array only', { at: 'key' });
  if (list === 'map' && listIn(value, 'x-kubernetes-list-map-keys').length === 0)
    report(place, 'is map, which needs x-kubernetes-list-map-keys');
}
