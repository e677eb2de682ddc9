import type { CommandName } from './commands.ts';

export type InputKind = 'string' | 'boolean' | 'list' | 'duration' | 'choice' | 'integer';

/** One row of the table of inputs. Its name is the key, in kebab-case. */
export interface InputDefinition {
  readonly kind: InputKind;
  readonly commands: readonly CommandName[];
  /** Sentences for people, with the unit where there is one. The default is added by the renderers. */
  readonly description: string;
  /** The description where one command gives it a narrower meaning. */
  readonly descriptionFor?: { readonly [C in CommandName]?: string };
  /** As a user would write it. */
  readonly default?: string;
  /** What happens without a value, where that is no fixed value. */
  readonly unset?: string;
  readonly unsetFor?: { readonly [C in CommandName]?: string };
  /** The commands that cannot do without it. */
  readonly required?: readonly CommandName[];
  /** Other inputs and the values that they must have, given or by default, for it to be required. */
  readonly requiredWhen?: Readonly<Record<string, string | readonly string[]>>;
  /** The input that does in its place. */
  readonly requiredUnless?: string;
  /** As a user would write it; one item of a list. */
  readonly example: string;
  /** Of kind `choice` only. */
  readonly choices?: readonly string[];
  /** Never a flag: read from variables and from the Action's input. */
  readonly secret?: true;
  /** Line breaks are part of the value, as in PEM. */
  readonly multiline?: true;
  /** Variables that are asked after `DRAWBRIDGE_<NAME>`, in this order. */
  readonly variables?: readonly string[];
  /** Of kind `list` only: what is wrong with its items, each a sentence's end that names the item. */
  readonly problems?: (texts: readonly string[]) => readonly string[];
  /** Earlier names; whoever still writes one is told the new one. */
  readonly renamedFrom?: readonly string[];
  /** The commands that take it as arguments without a flag, too. */
  readonly positional?: readonly CommandName[];
}

/** A boolean always has a default and a choice its choices; the rest is free. */
type Checked<D extends InputDefinition> = D['kind'] extends 'boolean'
  ? { readonly default: 'true' | 'false' }
  : D['kind'] extends 'choice'
    ? { readonly choices: readonly string[] }
    : unknown;

/** Keeps the literal types of a part of the table, from which `InputValues` is inferred. */
export function defineInputs<const T extends Readonly<Record<string, InputDefinition>>>(
  table: T & { readonly [K in keyof T]: Checked<T[K]> },
): T {
  return table;
}

/** `config-repository` to `configRepository`. */
export type CamelCase<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S;

type ValueOf<D> = D extends { kind: 'boolean' }
  ? boolean
  : D extends { kind: 'list' }
    ? readonly string[]
    : D extends { kind: 'duration' | 'integer' }
      ? number
      : D extends { kind: 'choice'; choices: readonly (infer Choice)[] }
        ? Choice
        : string;

type IsAlwaysThere<D, C> = D extends { kind: 'list' } | { default: string }
  ? true
  : D extends { requiredWhen: unknown }
    ? false
    : D extends { required: readonly (infer R)[] }
      ? [C] extends [R]
        ? true
        : false
      : false;

type NamesOf<T, C> = {
  [K in keyof T]: T[K] extends { commands: readonly (infer N)[] } ? ([C] extends [N] ? K : never) : never;
}[keyof T];

/**
 * The values of one command, keyed in camelCase. Lists are always there (empty when not given), durations are
 * milliseconds, choices are unions, and what is required or has a default is never absent. For several commands
 * (`'bump' | 'deliver'`): what all of them have.
 */
export type ValuesOf<T, C extends CommandName> = {
  readonly [K in NamesOf<T, C> as IsAlwaysThere<T[K], C> extends true ? CamelCase<K & string> : never]: ValueOf<T[K]>;
} & {
  readonly [K in NamesOf<T, C> as IsAlwaysThere<T[K], C> extends true ? never : CamelCase<K & string>]?: ValueOf<T[K]>;
};
