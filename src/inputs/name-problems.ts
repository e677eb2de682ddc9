import type { CommandName } from './commands.ts';
import type { InputDefinition } from './define.ts';
import type { NamedInput } from './definitions.ts';
import { enumerate, variableName } from './names.ts';
import { didYouMean } from './nearest.ts';
import type { RawInputs, Source } from './sources.ts';
import { quoted } from './values.ts';

export type Table = Readonly<Record<string, InputDefinition>>;

/** The rows of one command, in the order of the table. */
export function inputsFor(table: Table, command: CommandName): readonly NamedInput[] {
  return Object.entries(table)
    .filter(([, definition]) => definition.commands.includes(command))
    .map(([name, definition]) => ({ name, definition }));
}

/** How a message calls the place where a value was written. */
export function placeOf({ kind, name }: Source): string {
  if (kind === 'flag') return `--${name}`;
  return kind === 'variable' ? `The variable ${name}` : `The input ${name}`;
}

/** Problems with names: unknown, renamed, of another command, or a secret where all can see it. */
export function nameProblems(table: Table, command: CommandName, raw: RawInputs): readonly string[] {
  const takesPositionals = inputsFor(table, command).some(({ definition }) => definition.positional?.includes(command));
  return [
    ...Object.keys(raw.flags).flatMap((name) => nameProblem(table, command, name, 'flag')),
    ...Object.keys(raw.action ?? {}).flatMap((name) =>
      name === 'command' ? [] : nameProblem(table, command, name, 'action'),
    ),
    ...renamedVariables(table, command, raw.env),
    ...(takesPositionals
      ? []
      : (raw.positionals ?? []).map((text) => `${quoted(text)} is not expected: ${command} takes flags only`)),
  ];
}

function nameProblem(table: Table, command: CommandName, name: string, kind: 'flag' | 'action'): readonly string[] {
  const place = placeOf({ kind, name });
  const row = Object.hasOwn(table, name) ? table[name] : undefined;
  if (row === undefined) return [renamedOrUnknown(table, command, name, kind)];
  if (row.secret && kind === 'flag') return [secretAsFlag(name, row)];
  if (row.commands.includes(command)) return [];
  return [`${place} is not an input of ${command}; it belongs to ${enumerate(row.commands)}`];
}

function renamedOrUnknown(table: Table, command: CommandName, name: string, kind: 'flag' | 'action'): string {
  const place = placeOf({ kind, name });
  const dashes = kind === 'flag' ? '--' : '';
  const renamed = Object.entries(table).find(([, row]) => row.renamedFrom?.includes(name));
  if (renamed !== undefined) return `${place} is called ${dashes}${renamed[0]} now`;
  const positive = name.replace(/^no-/, '');
  if (positive !== name && Object.hasOwn(table, positive) && table[positive]?.kind === 'boolean') {
    return `${place} is unknown; write --${positive}=false`;
  }
  const candidates = inputsFor(table, command).filter(({ definition }) => !(definition.secret && kind === 'flag'));
  return `${place} is unknown.${didYouMean(
    name,
    candidates.map((input) => input.name),
    dashes,
  )}`;
}

function renamedVariables(table: Table, command: CommandName, env: RawInputs['env']): readonly string[] {
  return inputsFor(table, command).flatMap(({ name, definition }) =>
    (definition.renamedFrom ?? [])
      .filter((old) => (env[variableName(old)] ?? '') !== '')
      .map((old) => `The variable ${variableName(old)} is called ${variableName(name)} now`),
  );
}

function secretAsFlag(name: string, row: InputDefinition): string {
  const variables = enumerate([variableName(name), ...(row.variables ?? [])], 'or');
  return `--${name} does not exist, since everybody on the machine can read flags; set the variable ${variables}`;
}
