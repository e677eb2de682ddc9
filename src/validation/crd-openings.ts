import type { Path } from '../manifests/locate.ts';
import type { Shape } from './shape.ts';

/** A place at which one schema takes anything where another one says what there is. */
export interface Opening {
  /** Of the field in an object: `[]` below a list, `{}` below a map. */
  readonly field: readonly string[];
  /** Of the schema below `openAPIV3Schema`. */
  readonly schema: Path;
}

/**
 * The outermost places at which `loose` takes anything and `strict` names fields, items or a type. Other differences are
 * none of its business: CRDs of two releases differ in fields, enums and limits. Metadata and status are left out.
 */
export function openings(loose: Shape, strict: Shape): readonly Opening[] {
  return openingsAt(loose, strict, { field: [], schema: [] });
}

function openingsAt(loose: Shape, strict: Shape, at: Opening): readonly Opening[] {
  const one = inner(loose);
  const other = inner(strict);
  if (takesAnything(one)) return takesAnything(other) ? [] : [at];
  if (typeof one === 'string' || typeof other === 'string') return [];
  if ('fields' in one && 'fields' in other) return openingsInFields(one, other, at);
  if ('items' in one && 'items' in other) return openingsAt(one.items, other.items, below(at, '[]', ['items']));
  if (!('values' in one && 'values' in other)) return [];
  return openingsAt(one.values, other.values, below(at, '{}', ['additionalProperties']));
}

type Fields = Extract<Shape, { readonly fields: unknown }>;

function openingsInFields(loose: Fields, strict: Fields, at: Opening): readonly Opening[] {
  if (loose.open === true && strict.open !== true) return [at];
  return Object.keys(strict.fields).flatMap((name) => {
    if (at.field.length === 0 && SERVER_OWNED.has(name)) return [];
    const [one, other] = [fieldOf(loose, name), fieldOf(strict, name)];
    if (one === undefined || other === undefined) return [];
    return openingsAt(one, other, below(at, name, ['properties', name]));
  });
}

const SERVER_OWNED: ReadonlySet<string> = new Set(['metadata', 'status']);

function fieldOf({ fields }: Fields, name: string): Shape | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function below(at: Opening, field: string, schema: Path): Opening {
  return { field: [...at.field, field], schema: [...at.schema, ...schema] };
}

function inner(shape: Shape): Shape {
  return typeof shape === 'object' && 'of' in shape ? inner(shape.of) : shape;
}

function takesAnything(shape: Shape): boolean {
  return shape === 'any' || shape === 'object';
}
