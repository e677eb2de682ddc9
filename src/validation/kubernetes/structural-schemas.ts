import type { Path } from '../../manifests/locate.ts';
import type { ManifestObject } from '../rules/rule.ts';
import { rememberLast } from './pods.ts';
import { isSet, type Json, objectIn, type Place, placeIn, placesIn } from './reading.ts';
import { specOf } from './specs.ts';

/** One schema for a value, inside the schema of a CustomResourceDefinition. */
export interface SchemaNode {
  readonly value: Json;
  /** Where it stands. A large definition has thousands of nodes, and nearly none of them is ever asked. */
  readonly path: () => Path;
  /** The schema of the whole object. */
  readonly isRoot: boolean;
}

/** All schemas of all versions that stand for a value, outer ones first. */
export const schemaNodesOf = rememberLast(find);

function find(object: ManifestObject): readonly SchemaNode[] {
  const found: SchemaNode[] = [];
  for (const version of placesIn(specOf(object), 'versions')) {
    const root = placeIn(placeIn(version, 'schema'), 'openAPIV3Schema');
    if (root !== undefined) collect({ value: root.value, path: () => root.path, isRoot: true }, found);
  }
  return found;
}

function collect(node: SchemaNode, found: SchemaNode[]): void {
  found.push(node);
  const { value } = node;
  const below = (schema: Json | undefined, ...steps: Path) => {
    if (schema !== undefined) collect({ value: schema, path: () => [...node.path(), ...steps], isRoot: false }, found);
  };
  below(objectIn(value, 'items'), 'items');
  below(objectIn(value, 'additionalProperties'), 'additionalProperties');
  const properties = objectIn(value, 'properties');
  if (properties === undefined) return;
  // A null in a map is decoded to a schema with nothing in it.
  for (const name of Object.keys(properties))
    below(properties[name] === null ? {} : objectIn(properties, name), 'properties', name);
}

const JUNCTORS = ['allOf', 'anyOf', 'oneOf'] as const;
const NONE: readonly Place[] = [];

/**
 * The conditions of a schema that say a type. None may, but those of the one way to write that a value is a number or text
 * (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#intorstring).
 */
export function typedConditionsOf({ value: schema, path }: SchemaNode): readonly Place[] {
  if (!isSet(schema, 'not') && JUNCTORS.every((junctor) => !isSet(schema, junctor))) return NONE;
  const isEither = schema['x-kubernetes-int-or-string'] === true;
  return conditionsIn({ value: schema, path: path() }, isEither).filter(
    ({ value }) => isSet(value, 'type') && value.type !== '',
  );
}

function conditionsIn(schema: Place, isEither: boolean): readonly Place[] {
  const listed = JUNCTORS.flatMap((junctor) => {
    const choices = placesIn(schema, junctor);
    if (isEither && junctor === 'anyOf' && isNumberOrText(choices)) return [];
    return choices.flatMap((choice, index) => [
      choice,
      ...conditionsBelow(choice, isEither && junctor === 'allOf' && index === 0),
    ]);
  });
  const not = placeIn(schema, 'not');
  return not === undefined ? listed : [...listed, not, ...conditionsBelow(not, false)];
}

function conditionsBelow(condition: Place, isEither: boolean): readonly Place[] {
  const properties = placeIn(condition, 'properties');
  const inner = [
    ...['items', 'additionalProperties'].map((name) => placeIn(condition, name)),
    ...Object.keys(properties?.value ?? {}).map((name) => placeIn(properties, name)),
  ].filter((place) => place !== undefined);
  return [...conditionsIn(condition, isEither), ...inner.flatMap((place) => [place, ...conditionsBelow(place, false)])];
}

function isNumberOrText(choices: readonly Place[]): boolean {
  return JSON.stringify(choices.map(({ value }) => value)) === '[{"type":"integer"},{"type":"string"}]';
}
