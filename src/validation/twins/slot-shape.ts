import type { Path } from '../../manifests/locate.ts';
import { scalarProblem } from '../scalars.ts';
import type { KindSchema } from '../schemas.ts';
import type { EnumShape, Scalar, Shape } from '../shape.ts';

/** What a scalar may be whatever stands around it. */
export type SlotShape = Scalar | EnumShape;

/**
 * What the schema says of the scalar at a path; undefined where that depends on more than the scalar, or where what it holds
 * is no matter of its own: within a choice or limits, or as what tells the items of a list apart.
 */
export function slotShapeAt(schema: KindSchema, path: Path): SlotShape | undefined {
  let shape = resolve(schema, schema.shape);
  let keys: readonly unknown[] = [];
  for (const part of path) {
    if (shape === undefined || typeof shape === 'string' || keys.includes(part)) return undefined;
    keys = 'items' in shape ? (shape.keys ?? []) : [];
    const inner = below(shape, part);
    if (inner === undefined) return undefined;
    shape = resolve(schema, inner);
  }
  if (typeof shape === 'string') return shape as Scalar;
  return shape !== undefined && 'enum' in shape ? shape : undefined;
}

function below(shape: Exclude<Shape, string>, part: string | number): Shape | undefined {
  if ('fields' in shape) return Object.hasOwn(shape.fields, part) ? shape.fields[part] : undefined;
  if ('items' in shape) return shape.list === 'set' ? undefined : shape.items;
  return 'values' in shape ? shape.values : undefined;
}

function resolve(schema: KindSchema, shape: Shape): Shape | undefined {
  let current: Shape | undefined = shape;
  while (typeof current === 'string' && current.startsWith('#')) current = schema.definition(current.slice(1));
  return current;
}

export function fitsSlot(shape: SlotShape, value: unknown): boolean {
  return typeof shape === 'string' ? scalarProblem(shape, value) === undefined : shape.enum.includes(value);
}
