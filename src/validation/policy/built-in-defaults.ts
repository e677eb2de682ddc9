import { canonicalQuantity } from '../cel/quantities.ts';
import { groupKindOf } from '../kubernetes/pods.ts';
import type { ManifestObject } from '../rules/rule.ts';
import { isObject } from '../scalars.ts';
import type { KindSchema } from '../schema-source.ts';
import type { Shape } from '../shape.ts';
import { TABLES } from './built-in-tables.ts';
import { unlimited } from './defaults.ts';
import { resolve } from './typed-values.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * An object of Kubernetes' own as policies see it: decoded, so that quantities are in their one form and nulls are gone, and
 * with the defaults of the kinds that policies are mostly about.
 */
export function builtInObject(object: ManifestObject, schema: KindSchema): Json {
  const decoded = decode(object.value, schema.shape, schema.definition);
  const value = isObject(decoded) ? decoded : object.value;
  const kind = groupKindOf(object);
  return (TABLES[kind] ?? []).reduce<Json>((filled, [path, content]) => fill(filled, path.split('.'), content), value);
}

function decode(value: unknown, shape: Shape, definition: KindSchema['definition']): unknown {
  const target = resolve(shape, definition);
  if (target === 'quantity') return canonicalQuantity(String(value)) ?? value;
  const inner = unlimited(shape, definition);
  if (inner === undefined || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value))
    return 'items' in inner ? value.map((item) => decode(item, inner.items, definition)) : value;
  const present = Object.entries(value).filter(([, content]) => content !== null && content !== undefined);
  return Object.fromEntries(
    present.map(([name, content]) => {
      const child = 'fields' in inner ? inner.fields[name] : 'values' in inner ? inner.values : undefined;
      return [name, child === undefined ? content : decode(content, child, definition)];
    }),
  );
}

/** `*` stands for every item of a list; a step that begins with `?` is taken only where the field is there. */
function fill(value: Json, [step = '', ...rest]: readonly string[], content: unknown): Json {
  const name = step.replace(/^\?/, '');
  const own = value[name];
  if (rest.length === 0) {
    const filled = own === undefined ? chosen(content, value) : undefined;
    return filled === undefined ? value : { ...value, [name]: filled };
  }
  if (rest[0] === '*') {
    if (!Array.isArray(own)) return value;
    return { ...value, [name]: own.map((item) => (isObject(item) ? fill(item, rest.slice(1), content) : item)) };
  }
  if (own === undefined ? step.startsWith('?') : !isObject(own)) return value;
  return { ...value, [name]: fill(isObject(own) ? own : {}, rest, content) };
}

function chosen(content: unknown, beside: Json): unknown {
  return typeof content === 'function' ? (content as (beside: Json) => unknown)(beside) : content;
}
