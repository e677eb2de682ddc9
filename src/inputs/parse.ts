import { ToolError } from '../errors.ts';
import type { CommandName } from './commands.ts';
import type { InputDefinition, ValuesOf } from './define.ts';
import { INPUTS, type InputValues, type NamedInput } from './definitions.ts';
import { inputsFor, nameProblems, placeOf, type Table } from './name-problems.ts';
import { actionVariableName, camelCase, enumerate, variableName } from './names.ts';
import { didYouMean } from './nearest.ts';
import { findGiven, type Given, type RawInputs } from './sources.ts';
import { readValue } from './values.ts';

type Value = string | boolean | number | readonly string[];

/**
 * The values of a command from whatever front end. Precedence: flag or Action input, `DRAWBRIDGE_<NAME>`, the other
 * variables of the table, default. An empty text counts as not given.
 * @throws ToolError input, with every problem in `problems`
 */
export function parseInputs<C extends CommandName>(command: C, raw: RawInputs): InputValues<C> {
  return parseTable(INPUTS, command, raw);
}

/** As `parseInputs`, for any table. */
export function parseTable<T extends Table, C extends CommandName>(
  table: T,
  command: C,
  raw: RawInputs,
): ValuesOf<T, C> {
  const problems = [...(raw.problems ?? []), ...nameProblems(table, command, raw)];
  const values: Record<string, Value> = {};
  for (const input of inputsFor(table, command)) {
    const given = findGiven(input, raw);
    const value = given === undefined ? absent(table, input, command, raw, problems) : present(input, given, problems);
    if (value !== undefined) values[camelCase(input.name)] = value;
  }
  if (problems.length > 0) throw wrongInput(command, problems);
  return values as ValuesOf<T, C>;
}

/** The Action's inputs as the runner hands them over, `INPUT_<NAME>`; those of other commands too, so that they can be refused. */
export function actionInputs(env: RawInputs['env']): Readonly<Record<string, string>> {
  const names = [
    'command',
    ...Object.entries<InputDefinition>(INPUTS).flatMap(([name, row]) => [name, ...(row.renamedFrom ?? [])]),
  ];
  const entries = names.map((name) => [name, env[actionVariableName(name)]?.trim() ?? ''] as const);
  return Object.fromEntries(entries.filter(([, text]) => text !== ''));
}

/** One sentence per variable that looks like a mistyped `DRAWBRIDGE_<NAME>`. Foreign ones, such as those of a Kubernetes Service, pass. */
export function doubtfulVariables(env: RawInputs['env']): readonly string[] {
  const known = Object.keys(INPUTS).map(variableName);
  const others = Object.keys(env).filter((name) => name.startsWith('DRAWBRIDGE_') && !known.includes(name));
  return others.flatMap((name) => {
    const meant = didYouMean(
      name.slice('DRAWBRIDGE_'.length),
      known.map((entry) => entry.slice('DRAWBRIDGE_'.length)),
      'DRAWBRIDGE_',
    );
    return meant === '' ? [] : [`The variable ${name} is not read.${meant}`];
  });
}

function present({ name, definition }: NamedInput, { source, texts }: Given, problems: string[]): Value | undefined {
  const place = placeOf(source);
  const values: (string | boolean | number)[] = [];
  for (const text of texts) {
    const read = readValue(definition, text);
    if (read.ok) values.push(read.value);
    else problems.push(`${place}: ${definition.secret ? secretProblem(name) : read.problem}`);
  }
  for (const problem of definition.problems?.(texts) ?? []) problems.push(`${place}: ${problem}`);
  if (definition.kind === 'list') return values as string[];
  if (texts.length > 1) problems.push(`${place} is given ${texts.length} times; it takes one value`);
  return values[0];
}

function absent(
  table: Table,
  { name, definition }: NamedInput,
  command: CommandName,
  raw: RawInputs,
  problems: string[],
): Value | undefined {
  const isHalfGiven = Object.hasOwn(raw.flags, name) && raw.flags[name]?.length === 0;
  if (definition.required?.includes(command) && !isHalfGiven && isWanted(table, definition, raw))
    problems.push(`${name} is missing: ${howToGive(name, definition, command, raw)}`);
  return definition.kind === 'list' ? [] : undefined;
}

/** Nothing does in its place, and the other inputs are such that it is needed. */
function isWanted(table: Table, { requiredUnless = '', requiredWhen = {} }: InputDefinition, raw: RawInputs): boolean {
  const textOf = (name: string) => {
    const definition = table[name];
    return definition === undefined ? undefined : findGiven({ name, definition }, raw)?.texts[0];
  };
  return (
    textOf(requiredUnless) === undefined &&
    Object.entries(requiredWhen).every(([name, values]) => [values].flat().some((value) => value === textOf(name)))
  );
}

function howToGive(name: string, definition: InputDefinition, command: CommandName, raw: RawInputs): string {
  const example = `for example ${definition.example}`;
  if (raw.action !== undefined) return `give the input ${name}, ${example}`;
  const variables = enumerate([variableName(name), ...(definition.variables ?? [])], 'or');
  const flag = definition.positional?.includes(command)
    ? `write it after the command, or give --${name}`
    : `give --${name}`;
  return `${flag} or the variable ${variables}, ${example}`;
}

function secretProblem(name: string): string {
  return `the ${name} holds control characters; was it cut or copied with a line break?`;
}

function wrongInput(command: CommandName, problems: readonly string[]): ToolError {
  const message =
    problems.length === 1 ? `One input of ${command} is wrong` : `${problems.length} inputs of ${command} are wrong`;
  return new ToolError('input', message, {
    problems,
    hint: `drawbridge ${command} --help shows every input with an example.`,
  });
}
