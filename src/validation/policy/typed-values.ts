import { parseDate, parseDuration, parseTimestamp } from '../cel/times.ts';
import type { Value } from '../cel/value.ts';
import { isObject } from '../scalars.ts';
import type { FieldsShape, Reference, Scalar, Shape } from '../shape.ts';

type Json = Readonly<Record<string, unknown>>;
type Definition = (name: string) => Shape | undefined;

/** A value of JSON as CEL sees it where there is no schema: whole numbers are integers, objects are maps. */
export function dynamicValue(value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint') return value;
  if (Array.isArray(value)) return value.map(dynamicValue);
  return new Map(Object.entries(value).map(([key, inner]) => [key, dynamicValue(inner)] as const));
}

/**
 * A value of a custom resource as the rules of its CRD see it: typed by the schema, fields under the names that CEL can
 * write (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-rules).
 * A null is an absent field, even where the schema allows it.
 */
export function typedValue(value: unknown, shape: Shape, definition: Definition): Value {
  const target = resolve(shape, definition);
  if (value === null || value === undefined || target === undefined) return dynamicValue(value);
  if (typeof target === 'string') return scalarValue(value, target);
  if ('of' in target) {
    if (target.limits?.format === 'date' && typeof value === 'string') return parseDate(value) ?? value;
    return typedValue(value, target.of, definition);
  }
  if ('fields' in target && isObject(value)) return fieldsValue(value, target, definition);
  if ('items' in target && Array.isArray(value)) return value.map((item) => typedValue(item, target.items, definition));
  if (!('values' in target) || !isObject(value)) return dynamicValue(value);
  const present = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined);
  return new Map(present.map(([key, inner]) => [key, typedValue(inner, target.values, definition)] as const));
}

export function resolve(shape: Shape, definition: Definition): Exclude<Shape, Reference> | Scalar | undefined {
  let current: Shape | undefined = shape;
  while (typeof current === 'string' && current.startsWith('#')) current = definition(current.slice(1));
  return current as Exclude<Shape, Reference> | undefined;
}

function fieldsValue(value: Json, shape: FieldsShape, definition: Definition): Value {
  const fields = new Map<string, Value>();
  for (const [name, inner] of Object.entries(value)) {
    const field = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
    if (inner === undefined || inner === null) continue;
    fields.set(fieldName(name), field === undefined ? dynamicValue(inner) : typedValue(inner, field, definition));
  }
  return fields;
}

export function isNullable(shape: Shape | undefined): boolean {
  return typeof shape === 'object' && shape.nullable === true;
}

function scalarValue(value: unknown, shape: Scalar): Value {
  if (shape === 'number' && (typeof value === 'number' || typeof value === 'bigint')) return Number(value);
  if (typeof value !== 'string') return dynamicValue(value);
  if (shape === 'date-time') return parseTimestamp(value) ?? value;
  if (shape === 'duration') return parseDuration(value) ?? value;
  return shape === 'byte' ? Uint8Array.from(Buffer.from(value, 'base64')) : value;
}

const RESERVED: ReadonlySet<string> = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

/** `a-b` as `a__dash__b`, `namespace` as `__namespace__`. */
export function fieldName(name: string): string {
  if (RESERVED.has(name)) return `__${name}__`;
  if (/^\w*$/.test(name) && !name.includes('__')) return name;
  return name
    .replaceAll('__', '__underscores__')
    .replaceAll('.', '__dot__')
    .replaceAll('-', '__dash__')
    .replaceAll('/', '__slash__');
}
