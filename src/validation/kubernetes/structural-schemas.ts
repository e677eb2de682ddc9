import type { ManifestObject } from '../rules/rule.ts';
import { rememberLast } from './pods.ts';
import { type Place, placeIn, placesIn } from './reading.ts';
import { specOf } from './specs.ts';

/** One schema for a value, inside the schema of a CustomResourceDefinition. */
export interface SchemaNode extends Place {
  /** The schema of the whole object. */
  readonly isRoot: boolean;
}

/** All schemas of all versions that stand for a value, outer ones first. */
export const schemaNodesOf = rememberLast(find);

function find(object: ManifestObject): readonly SchemaNode[] {
  const found: SchemaNode[] = [];
  for (const version of placesIn(specOf(object), 'versions'))
    collect(placeIn(placeIn(version, 'schema'), 'openAPIV3Schema'), true, found);
  return found;
}

function collect(schema: Place | undefined, isRoot: boolean, found: SchemaNode[]): void {
  if (schema === undefined) return;
  found.push({ ...schema, isRoot });
  for (const child of ['items', 'additionalProperties']) collect(placeIn(schema, child), false, found);
  const properties = placeIn(schema, 'properties');
  for (const name of Object.keys(properties?.value ?? {})) collect(placeIn(properties, name), false, found);
}
