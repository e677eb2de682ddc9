import type { Meter } from '../meter.ts';
import {
  type CelMap,
  type Cidr,
  type Duration,
  failed,
  type Ip,
  type NamedFormat,
  type Optional,
  type Quantity,
  type Result,
  type Semver,
  type Timestamp,
  typeOf,
  type Url,
  type Value,
} from '../value.ts';

/** A function, or with a `.` before its name a method; the target of a method is its first argument. */
export type CelFunction = (args: readonly Value[], meter: Meter) => Result;

/** One way to call a function. */
export interface Overload {
  readonly name: string;
  readonly types: readonly (keyof Types)[];
  readonly run: (...args: never[]) => Result;
}

/** The types that overloads can ask for. */
interface Types {
  readonly any: Value;
  readonly bool: boolean;
  readonly int: bigint;
  readonly double: number;
  readonly string: string;
  readonly bytes: Uint8Array;
  readonly list: readonly Value[];
  readonly map: CelMap;
  readonly 'google.protobuf.Timestamp': Timestamp;
  readonly 'google.protobuf.Duration': Duration;
  readonly optional_type: Optional;
  readonly 'kubernetes.Quantity': Quantity;
  readonly 'kubernetes.URL': Url;
  readonly 'kubernetes.Semver': Semver;
  readonly 'kubernetes.NamedFormat': NamedFormat;
  readonly 'net.IP': Ip;
  readonly 'net.CIDR': Cidr;
}

type Arguments<T extends readonly (keyof Types)[]> = { -readonly [K in keyof T]: Types[T[K]] };

export const TIMESTAMP = 'google.protobuf.Timestamp';
export const DURATION = 'google.protobuf.Duration';

/** Declares an overload. `run` gets the arguments, and after them the meter. */
export function on<const T extends readonly (keyof Types)[]>(
  name: string,
  types: T,
  run: (...args: [...Arguments<T>, Meter]) => Result,
): Overload {
  return { name, types, run: run as unknown as Overload['run'] };
}

/** The functions that overloads make together, by name. A call that none of them takes fails, as it does in the cluster. */
export function collect(overloads: readonly Overload[]): ReadonlyMap<string, CelFunction> {
  const byName = Map.groupBy(overloads, ({ name }) => name);
  return new Map([...byName].map(([name, choices]) => [name, choose(name, choices)]));
}

function choose(name: string, choices: readonly Overload[]): CelFunction {
  return (args, meter) => {
    for (const { types, run } of choices)
      if (fits(types, args)) return (run as (...all: unknown[]) => Result)(...args, meter);
    return failed(`no such overload: ${name}(${args.map(typeOf).join(', ')})`);
  };
}

/** Loops instead of closures: this runs for every call of every rule. */
function fits(types: Overload['types'], args: readonly Value[]): boolean {
  if (types.length !== args.length) return false;
  for (let index = 0; index < types.length; index++) {
    const type = types[index];
    if (type !== 'any' && type !== typeOf(args[index] ?? null)) return false;
  }
  return true;
}
