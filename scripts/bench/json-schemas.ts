/** Writes the bundled schemas as JSON Schemas, one file a kind, so that other programs check against the very same. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPack } from '../../src/validation/pack.ts';
import { createSchemas, type KindSchema } from '../../src/validation/schemas.ts';
import type { Condition, Limits, Scalar, Shape } from '../../src/validation/shape.ts';

type Json = Readonly<Record<string, unknown>>;

/** `deployment-apps-v1.json` and so on, in the folder: the layout that kubeconform calls `{{.ResourceKind}}{{.KindSuffix}}`. */
export function writeJsonSchemas(packs: string, folder: string): number {
  const kubernetes = readPack(readFileSync(join(packs, 'kubernetes.pack')));
  const schemas = createSchemas(kubernetes, undefined, [], () => readPack(readFileSync(join(packs, 'crds.pack'))));
  const [version = ''] = schemas.versions;
  mkdirSync(folder, { recursive: true });
  const kinds = schemas.kinds(version);
  for (const { apiVersion, kind } of kinds) {
    const schema = schemas.find(apiVersion, kind, version);
    if (schema === undefined) continue;
    writeFileSync(join(folder, fileName(apiVersion, kind)), JSON.stringify(documentOf(schema)));
  }
  return kinds.length;
}

function fileName(apiVersion: string, kind: string): string {
  const [first = '', version] = apiVersion.split('/');
  const group = version === undefined ? '' : `-${first.split('.')[0]}`;
  return `${kind.toLowerCase()}${group}-${version ?? first}.json`;
}

/** The schema of a kind with all definitions that it reaches. */
function documentOf(schema: KindSchema): Json {
  const definitions: Record<string, Json> = {};
  const pending: string[] = [];
  const refer = (name: string) => {
    pending.push(name);
    return { $ref: `#/definitions/${name}` };
  };
  const context = { refer, emptyEnums: schema.custom === undefined ? [''] : [] };
  const root = schemaOf(schema.shape, context);
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (Object.hasOwn(definitions, name)) continue;
    definitions[name] = schemaOf(schema.definition(name) ?? 'any', context);
  }
  return { $schema: 'http://json-schema.org/draft-07/schema#', ...root, definitions };
}

interface Context {
  readonly refer: (definition: string) => Json;
  /** What stands beside the values of an enum: to Kubernetes' own kinds an empty text is an absent one. */
  readonly emptyEnums: readonly string[];
}

function schemaOf(shape: Shape, context: Context): Json {
  if (typeof shape === 'string')
    return shape.startsWith('#') ? context.refer(shape.slice(1)) : SCALARS[shape as Scalar];
  if ('fields' in shape) {
    const { fields, required = [], open } = shape;
    const properties = mapValues(fields, (field) => schemaOf(field, context));
    return { type: ['object', 'null'], properties, required, additionalProperties: open === true };
  }
  if ('items' in shape) return { type: ['array', 'null'], items: schemaOf(shape.items, context) };
  if ('values' in shape) return { type: ['object', 'null'], additionalProperties: schemaOf(shape.values, context) };
  if ('enum' in shape) return { enum: [...new Set([...shape.enum, ...context.emptyEnums, null])] };
  if ('either' in shape) return { anyOf: shape.either.map((choice) => schemaOf(choice, context)) };
  const inner = schemaOf(shape.of, context);
  return shape.limits === undefined ? inner : { ...inner, ...limitsOf(shape.limits) };
}

/** Structural schemas have the exclusive limits of JSON Schema's draft 4, which are no numbers of their own. */
function limitsOf(limits: Limits | Condition): Json {
  const { exclusiveMinimum, exclusiveMaximum, allOf, anyOf, oneOf, not, format: _, ...plain } = limits;
  const { properties, items, additionalProperties, ...own } = plain as Condition;
  return {
    ...own,
    ...(exclusiveMinimum === true ? { exclusiveMinimum: limits.minimum } : {}),
    ...(exclusiveMaximum === true ? { exclusiveMaximum: limits.maximum } : {}),
    ...mapValues(present({ allOf, anyOf, oneOf }), (choices) => choices.map(limitsOf)),
    ...mapValues(present({ not, items, additionalProperties }), limitsOf),
    ...(properties === undefined ? {} : { properties: mapValues(properties, limitsOf) }),
  };
}

function present<T>(map: Readonly<Record<string, T | undefined>>): Readonly<Record<string, T>> {
  return Object.fromEntries(
    Object.entries(map).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

const NUMBER_OR_TEXT = { type: ['string', 'number', 'null'] };

const SCALARS: Readonly<Record<Scalar, Json>> = {
  any: {},
  object: { type: ['object', 'null'] },
  string: { type: ['string', 'null'] },
  boolean: { type: ['boolean', 'null'] },
  integer: { type: ['integer', 'null'] },
  int32: { type: ['integer', 'null'], format: 'int32' },
  int64: { type: ['integer', 'null'], format: 'int64' },
  number: { type: ['number', 'null'] },
  quantity: NUMBER_OR_TEXT,
  'int-or-string': NUMBER_OR_TEXT,
  'integer-or-string': NUMBER_OR_TEXT,
  'integer-or-quantity': NUMBER_OR_TEXT,
  byte: { type: ['string', 'null'], format: 'byte' },
  'date-time': { type: ['string', 'null'], format: 'date-time' },
  duration: { type: ['string', 'null'] },
};

function mapValues<T, R>(map: Readonly<Record<string, T>>, change: (value: T) => R): Readonly<Record<string, R>> {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, change(value)]));
}
