import { isObject } from './scalars.ts';
import type { Condition, FieldsShape, ItemsShape, Limits, Scalar, Shape } from './shape.ts';

type Json = Readonly<Record<string, unknown>>;

/** Not in any CRD: it is looked up in Kubernetes' own pack. */
export const OBJECT_META: Shape = '#meta.v1.ObjectMeta';

/**
 * The shape that a structural schema describes
 * (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema).
 * A required field with a default is not required here: the server fills it in before it looks.
 */
export function crdShape(schema: Json): Shape {
  const shape = baseShape(schema);
  const limits = limitsOf(schema, shape);
  const nullable = schema.nullable === true ? ({ nullable: true } as const) : {};
  if (limits !== undefined) return { of: shape, limits, ...nullable };
  if (schema.nullable !== true) return shape;
  return typeof shape === 'string' ? { of: shape, ...nullable } : { ...shape, ...nullable };
}

function baseShape(schema: Json): Shape {
  if (schema['x-kubernetes-int-or-string'] === true)
    return isQuantity(schema) ? 'integer-or-quantity' : 'integer-or-string';
  if (Array.isArray(schema.enum)) return { enum: schema.enum as readonly unknown[] };
  switch (schema.type) {
    case 'object':
      return objectShape(schema);
    case 'array':
      return itemsShape(schema);
    case 'string':
      return stringShape(schema.format);
    case 'integer':
      return schema.format === 'int32' || schema.format === 'int64' ? schema.format : 'integer';
    case 'number':
    case 'boolean':
      return schema.type;
    default:
      return isObject(schema.properties) ? objectShape(schema) : 'any';
  }
}

/** The pattern that generators write for resource.Quantity. */
function isQuantity({ pattern }: Json): boolean {
  return typeof pattern === 'string' && pattern.includes('[KMGTPE]i') && pattern.includes('[numkMGTPE]');
}

const STRING_FORMATS: ReadonlySet<unknown> = new Set(['byte', 'date-time', 'duration']);

function stringShape(format: unknown): Scalar {
  return STRING_FORMATS.has(format) ? (format as Scalar) : 'string';
}

function itemsShape(schema: Json): ItemsShape {
  const list = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'];
  return {
    items: isObject(schema.items) ? crdShape(itemSchema(schema.items, schema)) : 'any',
    ...(list === 'map' || list === 'set' ? { list } : {}),
    ...(list === 'map' && Array.isArray(keys) ? { keys: texts(keys) } : {}),
  };
}

/**
 * Pruning passes a list that keeps unknown fields, and the objects in it, until a field of theirs is named
 * (https://github.com/kubernetes/apiextensions-apiserver/blob/master/pkg/apiserver/schema/pruning/algorithm.go).
 */
function itemSchema(items: Json, list: Json): Json {
  const preserve = 'x-kubernetes-preserve-unknown-fields';
  return list[preserve] === true ? { ...items, [preserve]: true } : items;
}

/** Without named fields, and without leave to keep others, the server takes every field away. */
function objectShape(schema: Json): Shape {
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true;
  const embedded = schema['x-kubernetes-embedded-resource'] === true;
  if (isObject(schema.properties) || embedded) return fieldsShape(schema, open, embedded);
  const values = schema.additionalProperties;
  if (isObject(values)) return { values: crdShape(values) };
  if (open || values === true) return 'object';
  const required = requiredOf(schema);
  return { fields: {}, ...(required.length === 0 ? {} : { required }) };
}

function fieldsShape(schema: Json, open: boolean, embedded: boolean): FieldsShape {
  const own = Object.entries(isObject(schema.properties) ? schema.properties : {});
  const fields = own.map(([name, inner]) => [name, isObject(inner) ? crdShape(inner) : 'any'] as const);
  const required = [...requiredOf(schema), ...(embedded ? ['apiVersion', 'kind'] : [])];
  const implied = embedded ? ({ apiVersion: 'string', kind: 'string', metadata: OBJECT_META } as const) : {};
  return {
    fields: { ...Object.fromEntries(fields), ...implied },
    ...(required.length === 0 ? {} : { required: [...new Set(required)] }),
    ...(open ? { open: true } : {}),
  };
}

function requiredOf(schema: Json): readonly string[] {
  return texts(schema.required).filter((name) => !isDefaulted(schema, name));
}

function isDefaulted(schema: Json | undefined, name: string): boolean {
  const property = childOf(schema, name);
  return property?.default !== undefined && property.default !== null;
}

const NUMBERS = [
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'multipleOf',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
] as const;
const BOOLEANS = ['exclusiveMinimum', 'exclusiveMaximum', 'uniqueItems'] as const;
const LISTS = ['allOf', 'anyOf', 'oneOf'] as const;

function limitsOf(schema: Json, shape: Shape): Limits | undefined {
  const limits = { ...plainLimits(schema, shape), ...junctors(schema, schema) };
  return Object.keys(limits).length === 0 ? undefined : limits;
}

/** Formats that the shape itself stands for are left out, as is the pattern of a quantity. */
function plainLimits(schema: Json, shape: Shape): Limits {
  const numbers = NUMBERS.filter((name) => typeof schema[name] === 'number').map((name) => [name, schema[name]]);
  const booleans = BOOLEANS.filter((name) => schema[name] === true).map((name) => [name, true]);
  const { pattern, format } = schema;
  return {
    ...Object.fromEntries([...numbers, ...booleans]),
    ...(typeof pattern === 'string' && shape !== 'integer-or-quantity' ? { pattern } : {}),
    ...(typeof format === 'string' && shape === 'string' && KEPT_FORMATS.has(format) ? { format } : {}),
  };
}

/** Formats of which limits know what they mean; the server knows a few more, and ignores all others. */
const KEPT_FORMATS: ReadonlySet<string> = new Set(['ipv4', 'ipv6', 'cidr', 'uuid', 'date', 'uri']);

/** `base` is the part of the structural schema at the same place: its defaults are in the object by then. */
function junctors(schema: Json, base: Json | undefined): Pick<Limits, (typeof LISTS)[number] | 'not'> {
  const lists = LISTS.filter((name) => Array.isArray(schema[name]) && !isImplied(schema, name)).map((name) => [
    name,
    (schema[name] as readonly unknown[]).filter(isObject).map((part) => condition(part, base)),
  ]);
  return { ...Object.fromEntries(lists), ...(isObject(schema.not) ? { not: condition(schema.not, base) } : {}) };
}

/** `anyOf: [{type: integer}, {type: string}]` says again what `x-kubernetes-int-or-string` says. */
function isImplied(schema: Json, name: string): boolean {
  if (schema['x-kubernetes-int-or-string'] !== true) return false;
  const parts = JSON.stringify(schema[name]);
  return name === 'allOf' ? parts.includes('"anyOf"') : parts.includes('"integer"');
}

function condition(schema: Json, base: Json | undefined): Condition {
  const required = texts(schema.required).filter((name) => !isDefaulted(base, name));
  const properties = isObject(schema.properties) ? propertyConditions(schema.properties, base) : {};
  return {
    ...plainLimits(schema, 'string'),
    ...(typeof schema.type === 'string' ? { type: schema.type } : {}),
    ...(required.length === 0 ? {} : { required }),
    ...(Array.isArray(schema.enum) ? { enum: schema.enum as readonly unknown[] } : {}),
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
    ...(isObject(schema.items) ? { items: condition(schema.items, objectAt(base, 'items')) } : {}),
    ...valuesCondition(schema, base),
    ...junctors(schema, base),
  };
}

/** What an absent field is filled with is what the condition is held against. */
function propertyConditions(properties: Json, base: Json | undefined): Readonly<Record<string, Condition>> {
  const entries = Object.entries(properties).flatMap(([name, part]) => {
    const below = childOf(base, name);
    const filled = isDefaulted(base, name) ? { default: below?.default } : {};
    return isObject(part) ? [[name, { ...condition(part, below), ...filled }] as const] : [];
  });
  return Object.fromEntries(entries);
}

function valuesCondition(schema: Json, base: Json | undefined): Pick<Condition, 'additionalProperties'> {
  const values = schema.additionalProperties;
  if (!isObject(values)) return {};
  return { additionalProperties: condition(values, objectAt(base, 'additionalProperties')) };
}

function childOf(schema: Json | undefined, name: string): Json | undefined {
  const properties = objectAt(schema, 'properties');
  return properties !== undefined && Object.hasOwn(properties, name) ? objectAt(properties, name) : undefined;
}

function objectAt(schema: Json | undefined, name: string): Json | undefined {
  const inner = schema?.[name];
  return isObject(inner) ? inner : undefined;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
