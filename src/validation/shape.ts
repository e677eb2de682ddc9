/**
 * What a value may look like, as packs keep it: a name for the plain ones, `#definition` for a reference,
 * else an object that says more. Prose, defaults and patch strategies are left out.
 */
export type Shape =
  | Scalar
  | Reference
  | FieldsShape
  | ItemsShape
  | ValuesShape
  | EnumShape
  | EitherShape
  | LimitedShape;

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
  /** A number of 32 bits, or a string, as Kubernetes' own type decodes it. */
  | 'int-or-string'
  /** `x-kubernetes-int-or-string` of a custom resource: no limit of 32 bits. */
  | 'integer-or-string'
  /** The same, where the string is a quantity. */
  | 'integer-or-quantity'
  | 'byte'
  | 'date-time'
  | 'duration';

export type Reference = `#${string}`;

/** An object with known fields; `open` takes others as well (`x-kubernetes-preserve-unknown-fields`). */
export interface FieldsShape extends Common {
  readonly fields: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  /** Not in packs: what is hardly meant to be absent, and what the server does without. */
  readonly expected?: readonly string[];
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

/** A shape with limits on its values: custom resources have them, Kubernetes' own kinds are limited by rules instead. */
export interface LimitedShape extends Common {
  readonly of: Shape;
  readonly limits?: Limits;
}

/** The value validations of a structural schema, named as there. Each holds for values of its own type only. */
export interface Limits {
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly allOf?: readonly Condition[];
  readonly anyOf?: readonly Condition[];
  readonly oneOf?: readonly Condition[];
  readonly not?: Condition;
}

/** What a value can be asked below `allOf`, `anyOf`, `oneOf` and `not`. */
export interface Condition extends Limits {
  readonly type?: string;
  /** What the server puts in where the field is absent. */
  readonly default?: unknown;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Condition>>;
  readonly items?: Condition;
  readonly additionalProperties?: Condition;
}

interface Common {
  /** Null is a value of its own here, not the absence of one. */
  readonly nullable?: true;
}
