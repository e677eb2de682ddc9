import { parseArgs } from 'node:util';
import { ToolError } from '../errors.ts';
import { COMMAND_NAMES, type CommandName, isCommandName } from './commands.ts';
import type { InputDefinition } from './define.ts';
import { findInput, INPUTS } from './definitions.ts';
import { didYouMean } from './nearest.ts';
import { quoted } from './values.ts';

/** A command line, taken apart. `flags`, `positionals` and `problems` go to `parseInputs` as they are. */
export interface ParsedFlags {
  /** As written; see `readCommandName`. */
  readonly command?: string;
  readonly flags: Readonly<Record<string, string | readonly string[]>>;
  /** Without the command. */
  readonly positionals: readonly string[];
  readonly problems: readonly string[];
  readonly help: boolean;
  readonly version: boolean;
}

type Token = NonNullable<ReturnType<typeof tokenize>>[number];

/**
 * Takes a command line apart: `--name value`, `--name=value`, bare `--name` for booleans, `--` before arguments that
 * begin with a dash, `-h`, `--help`, `--version`. Never throws: what is wrong is in `problems`, and flags that nobody
 * knows are kept in `flags` for `parseInputs` to name.
 */
export function parseFlags(argv: readonly string[]): ParsedFlags {
  const state: State = {
    values: new Map(),
    positionals: [],
    problems: [],
    help: false,
    version: false,
    doubtful: false,
  };
  for (const token of tokenize(argv)) readToken(state, token);
  const { values, positionals, problems, command, help, version } = state;
  const flags = Object.fromEntries(
    [...values].map(([name, given]) => [name, given.length === 1 ? (given[0] ?? '') : given]),
  );
  return { ...(command === undefined ? {} : { command }), flags, positionals, problems, help, version };
}

/**
 * The command of that name.
 * @throws ToolError input
 */
export function readCommandName(text: string | undefined): CommandName {
  if (text !== undefined && isCommandName(text)) return text;
  const known = `The commands are ${COMMAND_NAMES.join(', ')}.`;
  if (text === undefined)
    throw new ToolError('input', 'No command is given', { hint: `${known} drawbridge --help says what they do.` });
  throw new ToolError('input', `${quoted(text)} is not a command.${didYouMean(text, COMMAND_NAMES)}`, { hint: known });
}

interface State {
  command?: string;
  readonly values: Map<string, string[]>;
  readonly positionals: string[];
  readonly problems: string[];
  help: boolean;
  version: boolean;
  /** The argument before was a flag with which something is wrong, so that this one may be its value. */
  doubtful: boolean;
}

/** Without `strict`, parseArgs takes whatever comes; its own errors stop at the first one. */
function tokenize(argv: readonly string[]) {
  const options = Object.fromEntries(
    Object.entries<InputDefinition>(INPUTS).map(([name, { kind }]) => [
      name,
      { type: kind === 'boolean' ? 'boolean' : 'string' } as const,
    ]),
  );
  const own = { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean' } } as const;
  return parseArgs({
    args: [...argv],
    options: { ...options, ...own },
    strict: false,
    allowPositionals: true,
    tokens: true,
  }).tokens;
}

function readToken(state: State, token: Token): void {
  if (token.kind === 'option-terminator') state.doubtful = false;
  else if (token.kind === 'positional') readPositional(state, token.value);
  else readOption(state, token);
}

function readPositional(state: State, value: string): void {
  if (state.command === undefined && (isCommandName(value) || !state.doubtful)) state.command = value;
  else if (!state.doubtful) state.positionals.push(value);
  state.doubtful = false;
}

function readOption(state: State, { name, rawName, value, inlineValue }: Extract<Token, { kind: 'option' }>): void {
  state.doubtful = false;
  if (name === 'help') state.help = true;
  else if (name === 'version') state.version = true;
  else if (!rawName.startsWith('--'))
    state.problems.push(
      `${quoted(rawName)} is unknown; flags begin with two dashes, and "--" stands before paths that begin with one`,
    );
  else keep(state, name, value, inlineValue === true);
}

function keep(state: State, name: string, value: string | undefined, inline: boolean): void {
  const row = findInput(name)?.definition;
  const mayBeBare = row === undefined || row.kind === 'boolean' || row.secret === true;
  const isMissing = !mayBeBare && (value === undefined || (!inline && /^-./.test(value)));
  const before = state.values.get(name) ?? [];
  state.values.set(name, isMissing ? before : [...before, value ?? 'true']);
  if (isMissing)
    state.problems.push(`--${name} needs a value${value === undefined ? '' : `, but ${quoted(value)} follows`}`);
  state.doubtful = (isMissing || row === undefined) && !inline;
}
