import type { ManifestObject } from '../rules/rule.ts';
import { isObject } from '../scalars.ts';
import { groupKindOf, rememberPlaces } from './pods.ts';
import type { Json, Place } from './reading.ts';

/** Label selectors stand all over the API; other expressions of the same names below these fields follow other rules. */
const OTHER_EXPRESSIONS: ReadonlySet<string> = new Set([
  'nodeSelectorTerms',
  'preference',
  'scopeSelector',
  'data',
  'stringData',
  'annotations',
  'status',
  'openAPIV3Schema',
]);
const WITHOUT_SELECTORS: ReadonlySet<string> = new Set([
  '/ConfigMap',
  '/Secret',
  'apiextensions.k8s.io/CustomResourceDefinition',
]);

/** Every label selector of an object of Kubernetes' own. */
export const labelSelectorsOf = rememberPlaces(find);

function find(object: ManifestObject): readonly Place[] {
  if (WITHOUT_SELECTORS.has(groupKindOf(object))) return [];
  const found: Place[] = [];
  const path: (string | number)[] = [...object.path];
  walk(object.value, path, found);
  return found;
}

function walk(value: object, path: (string | number)[], found: Place[]): void {
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) step(value[index], index, path, found);
  } else if (isSelector(value as Json)) {
    found.push({ value: value as Json, path: [...path] });
  } else {
    for (const name in value) if (!OTHER_EXPRESSIONS.has(name)) step((value as Json)[name], name, path, found);
  }
}

function step(value: unknown, part: string | number, path: (string | number)[], found: Place[]): void {
  if (typeof value !== 'object' || value === null) return;
  path.push(part);
  walk(value, path, found);
  path.pop();
}

/** Names are gone through, as V8 takes longer to look for one in objects of all shapes. */
function isSelector(value: Json): boolean {
  for (const name in value) {
    if (name === 'matchLabels' && isObject(value[name])) return true;
    if (name === 'matchExpressions' && Array.isArray(value[name])) return true;
  }
  return false;
}

/** Whether a label selector picks these labels; undefined where it cannot be told. */
export function selects(selector: Json, labels: Json): boolean | undefined {
  const wanted = Object.entries(isObject(selector.matchLabels) ? selector.matchLabels : {});
  if (wanted.some(([key, value]) => labels[key] !== value)) return false;
  const expressions = Array.isArray(selector.matchExpressions) ? selector.matchExpressions : [];
  return expressions.every((expression: unknown) => !isObject(expression) || expressionHolds(expression, labels));
}

function expressionHolds({ key, operator, values }: Json, labels: Json): boolean {
  const value = typeof key === 'string' && Object.hasOwn(labels, key) ? labels[key] : undefined;
  const list = Array.isArray(values) ? values : [];
  if (operator === 'In') return list.includes(value);
  if (operator === 'NotIn') return !list.includes(value);
  if (operator === 'Exists') return value !== undefined;
  return operator !== 'DoesNotExist' || value === undefined;
}
