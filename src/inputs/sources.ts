import type { NamedInput } from './definitions.ts';
import { variableName } from './names.ts';

/** What the front ends hand over, before any of it is understood. */
export interface RawInputs {
  /** `--name` to its value, or to its values where it was repeated. A bare flag is `true`. */
  readonly flags: Readonly<Record<string, string | readonly string[]>>;
  /** Arguments without a flag, the command itself taken off. */
  readonly positionals?: readonly string[];
  /** What `parseFlags` found wrong, told together with everything else. */
  readonly problems?: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The Action's inputs by name; see `actionInputs`. */
  readonly action?: Readonly<Record<string, string>>;
}

/** Where a value came from: the flag or input of that name, a variable, or the default of the table. */
export interface Source {
  readonly kind: 'flag' | 'action' | 'variable' | 'default';
  /** Of the flag (without dashes), the input or the variable. */
  readonly name: string;
}

/** The texts of one input, trimmed and not empty; several for a list and for a flag that was repeated. */
export interface Given {
  readonly source: Source;
  readonly texts: readonly string[];
}

/**
 * A variable of the GitLab components. GitLab puts inputs into the template as text, and a line break inside a quoted
 * YAML scalar is folded to a space (https://yaml.org/spec/1.2.2/#65-line-folding), so that their lists arrive in one line.
 */
export const LIST_SEPARATOR_VARIABLE = 'DRAWBRIDGE_LIST_SEPARATOR';

/** The first source that has a value: flag, Action input, `DRAWBRIDGE_<NAME>`, the other variables, default. */
export function findGiven(input: NamedInput, raw: RawInputs): Given | undefined {
  return fromFlag(input, raw) ?? fromAction(input, raw) ?? fromVariables(input, raw.env) ?? fromDefault(input);
}

function fromFlag({ name, definition }: NamedInput, raw: RawInputs): Given | undefined {
  if (definition.secret) return undefined;
  const flag = Object.hasOwn(raw.flags, name) ? raw.flags[name] : undefined;
  const values = [flag ?? [], definition.positional ? (raw.positionals ?? []) : []].flat();
  const texts = values.flatMap((value) => flagTexts(definition.kind === 'list', value));
  return texts.length === 0 ? undefined : { source: { kind: 'flag', name }, texts };
}

/** A list in one flag may have several lines, as in `--images "$IMAGES"`; a single line is taken literally, "#" included. */
function flagTexts(isList: boolean, value: string): readonly string[] {
  return isList && value.includes('\n') ? lines(value) : notEmpty([value]);
}

function fromAction({ name, definition }: NamedInput, raw: RawInputs): Given | undefined {
  const text = raw.action !== undefined && Object.hasOwn(raw.action, name) ? raw.action[name] : undefined;
  if (text === undefined) return undefined;
  const texts = definition.kind === 'list' ? lines(text) : notEmpty([text]);
  return texts.length === 0 ? undefined : { source: { kind: 'action', name }, texts };
}

function fromVariables({ name, definition }: NamedInput, env: RawInputs['env']): Given | undefined {
  for (const variable of [variableName(name), ...(definition.variables ?? [])]) {
    const text = env[variable] ?? '';
    const texts = definition.kind === 'list' ? variableItems(text, env) : notEmpty([text]);
    if (texts.length > 0) return { source: { kind: 'variable', name: variable }, texts };
  }
  return undefined;
}

function variableItems(text: string, env: RawInputs['env']): readonly string[] {
  const items = lines(text);
  return env[LIST_SEPARATOR_VARIABLE] === 'space' ? items.flatMap((line) => line.split(/ +/)) : items;
}

function fromDefault({ name, definition }: NamedInput): Given | undefined {
  return definition.default === undefined
    ? undefined
    : { source: { kind: 'default', name }, texts: [definition.default] };
}

/** Non-blank lines that are no comment. */
function lines(text: string): readonly string[] {
  return notEmpty(text.split(/\r?\n/)).filter((line) => !line.startsWith('#'));
}

function notEmpty(texts: readonly string[]): readonly string[] {
  return texts.map((text) => text.trim()).filter((text) => text !== '');
}
