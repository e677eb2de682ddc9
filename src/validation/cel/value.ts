/**
 * What CEL computes with (https://github.com/google/cel-spec/blob/master/doc/langdef.md#values): integers are bigint,
 * doubles are number. Unsigned integers do not occur in Kubernetes objects and are left out.
 */
export type Value = null | boolean | bigint | number | string | Uint8Array | readonly Value[] | CelMap | SpecialValue;

export type MapKey = string | bigint | boolean;
export type CelMap = ReadonlyMap<MapKey, Value>;

/** Types of CEL itself and of Kubernetes' function libraries, told apart by the name that `type()` gives. */
export type SpecialValue =
  | Timestamp
  | Duration
  | Optional
  | TypeName
  | Quantity
  | Url
  | Ip
  | Cidr
  | Semver
  | NamedFormat
  | Unknown;

/** Nanoseconds since 1970. */
export interface Timestamp {
  readonly type: 'google.protobuf.Timestamp';
  readonly nanos: bigint;
}

export interface Duration {
  readonly type: 'google.protobuf.Duration';
  readonly nanos: bigint;
}

export interface Optional {
  readonly type: 'optional_type';
  readonly value: Value | undefined;
}

export interface TypeName {
  readonly type: 'type';
  readonly name: string;
}

/** In thousand-millionths: the finest that resource.Quantity keeps. */
export interface Quantity {
  readonly type: 'kubernetes.Quantity';
  readonly nanos: bigint;
  /** Undefined where Go does not keep it as an integer, even where it is one. */
  readonly integer: bigint | undefined;
}

export interface Url {
  readonly type: 'kubernetes.URL';
  readonly text: string;
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
}

export interface Ip {
  readonly type: 'net.IP';
  readonly width: 32 | 128;
  readonly bits: bigint;
}

export interface Cidr {
  readonly type: 'net.CIDR';
  readonly width: 32 | 128;
  readonly bits: bigint;
  readonly prefix: number;
}

export interface Semver {
  readonly type: 'kubernetes.Semver';
  readonly numbers: readonly [bigint, bigint, bigint];
  readonly labels: readonly string[];
}

export interface NamedFormat {
  readonly type: 'kubernetes.NamedFormat';
  readonly name: string;
}

/** Something that only the cluster knows. Whoever reads it gets no further. */
export interface Unknown {
  readonly type: 'unknown';
  readonly what: string;
}

/** Why there is no value. A fault goes up through an expression, but for `||`, `&&` and what is built on them. */
export class Fault {
  /** `failed`: the cluster comes to the same end. `unsupported`: nothing can be said of what the cluster does. */
  readonly kind: 'failed' | 'unsupported';
  readonly message: string;

  constructor(kind: Fault['kind'], message: string) {
    this.kind = kind;
    this.message = message;
  }
}

export type Result = Value | Fault;

export function failed(message: string): Fault {
  return new Fault('failed', message);
}

export function unsupported(message: string): Fault {
  return new Fault('unsupported', message);
}

export function isFault(result: unknown): result is Fault {
  return result instanceof Fault;
}

export function isMap(value: unknown): value is CelMap {
  return value instanceof Map;
}

export function isList(value: unknown): value is readonly Value[] {
  return Array.isArray(value);
}

export function optionalOf(value: Value | undefined): Optional {
  return { type: 'optional_type', value };
}

/** The name of a value's type, as CEL calls it. */
export function typeOf(value: Value): string {
  switch (typeof value) {
    case 'bigint':
      return 'int';
    case 'number':
      return 'double';
    case 'boolean':
      return 'bool';
    case 'string':
      return 'string';
  }
  if (value === null) return 'null_type';
  if (isList(value)) return 'list';
  if (isMap(value)) return 'map';
  return value instanceof Uint8Array ? 'bytes' : value.type;
}
