/**
 * What a value may look like, as packs keep it: a name for the plain ones, `#definition` for a reference,
 * else an object that says more. Prose, defaults and patch strategies are left out.
 */
export type Shape = Scalar | Reference | FieldsShape | ItemsShape | ValuesShape | EnumShape | EitherShape;

export type Scalar =
  | 'any'
  /** A map of anything. */
  | 'object'
  | 'string'
  | 'boolean'
  | 'integer'
  | 'int32'
  | 'int64'
  | 'number'
  | 'quantity'
  | 'int-or-string'
  | 'byte'
  | 'date-time'
  | 'duration';

export type Reference = `#${string}`;

/** An object with known fields; `open` takes others as well (`x-kubernetes-preserve-unknown-fields`). */
export interface FieldsShape extends Common {
  readonly fields: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly open?: true;
}

export interface ItemsShape extends Common {
  readonly items: Shape;
  readonly list?: 'map' | 'set';
  /** Fields that tell the items of a `map` list apart. */
  readonly keys?: readonly string[];
}

export interface ValuesShape extends Common {
  readonly values: Shape;
}

export interface EnumShape extends Common {
  readonly enum: readonly unknown[];
}

export interface EitherShape extends Common {
  readonly either: readonly Shape[];
}

interface Common {
  /** Null is a value of its own here, not the absence of one. */
  readonly nullable?: true;
}
