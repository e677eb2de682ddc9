import { COMMAND_NAMES, COMMANDS, type CommandName } from './commands.ts';
import type { InputDefinition } from './define.ts';
import { inputGroups, type NamedInput } from './definitions.ts';
import { variableName } from './names.ts';
import { EXIT_CODES } from './outputs.ts';
import { defaultSentence, describe, wrap } from './wording.ts';

const WIDTH = 96;
const INDENT = 34;

/** What `drawbridge --help` prints, or `drawbridge <command> --help`. Ends with a line break. */
export function renderHelp(command?: CommandName): string {
  const lines = command === undefined ? overview() : commandHelp(command);
  return `${lines.join('\n')}\n`;
}

function overview(): readonly string[] {
  return [
    'drawbridge: the bridge between CI and GitOps',
    '',
    'Usage: drawbridge <command> [flags]',
    '',
    'Commands',
    ...COMMAND_NAMES.flatMap((name) => columns(name, COMMANDS[name].summary, 14)),
    '',
    'drawbridge <command> --help shows the inputs of a command. drawbridge --version shows the version.',
    '',
    'Exit codes',
    ...EXIT_CODES.flatMap(({ code, meaning }) => columns(String(code).padStart(3), meaning, 9)),
  ];
}

function commandHelp(command: CommandName): readonly string[] {
  const { summary, details, example } = COMMANDS[command];
  return [
    ...wrap(`drawbridge ${command}: ${summary.charAt(0).toLowerCase()}${summary.slice(1)}`, WIDTH),
    '',
    ...wrap(details, WIDTH),
    '',
    `Usage: ${usage(command)}`,
    '',
    'Example',
    ...wrapCommand(example).map((line) => `  ${line}`),
    ...inputGroups(command).flatMap(({ title, inputs }) => [
      '',
      title,
      ...inputs.flatMap((input) => inputLines(input, command)),
    ]),
    '',
    ...wrap(
      'Every flag can also be given as a variable, such as DRAWBRIDGE_LOG_LEVEL for --log-level; the flag wins. ' +
        'In a variable a list has one item per line.',
      WIDTH,
    ),
  ];
}

function usage(command: CommandName): string {
  const positional = inputGroups(command)
    .flatMap(({ inputs }) => inputs)
    .filter(({ definition }) => definition.positional?.includes(command));
  return [`drawbridge ${command} [flags]`, ...positional.map(({ name }) => `<${name}>...`)].join(' ');
}

function inputLines({ name, definition }: NamedInput, command: CommandName): readonly string[] {
  const left = definition.secret ? variableName(name) : `--${name}${placeholder(definition)}`;
  const repeat = definition.kind === 'list' ? 'Repeat the flag for several.' : '';
  const sentences = [
    describe(definition, command),
    repeat,
    defaultSentence(definition, command),
    exampleSentence(definition),
  ];
  return columns(left, sentences.filter(Boolean).join(' '), INDENT);
}

const PLACEHOLDERS: Readonly<Record<Exclude<InputDefinition['kind'], 'choice'>, string>> = {
  boolean: '',
  duration: ' <duration>',
  integer: ' <number>',
  list: ' <text>...',
  string: ' <text>',
};

function placeholder({ kind, choices = [] }: InputDefinition): string {
  return kind === 'choice' ? ` ${choices.join('|')}` : PLACEHOLDERS[kind];
}

/** Where the placeholder alone does not show what a value looks like. A boolean's example is its other value. */
function exampleSentence({ kind, secret, example }: InputDefinition): string {
  return secret || (kind !== 'string' && kind !== 'list') ? '' : `Example: ${example}`;
}

/** A name and its text side by side; a name that is too long has a line of its own. */
function columns(left: string, text: string, indent: number): readonly string[] {
  const [first = '', ...rest] = wrap(text, WIDTH - indent);
  const margin = ' '.repeat(indent);
  const fits = left.length + 4 <= indent;
  const head = fits ? [`  ${left}`.padEnd(indent) + first] : [`  ${left}`, margin + first];
  return [...head, ...rest.map((line) => margin + line)];
}

/** A command line over several lines, each but the last ended by a backslash, so that it can still be pasted. */
function wrapCommand(example: string): readonly string[] {
  const lines = wrap(example.replaceAll(/ (?=[^- ])/g, '\u00a0'), WIDTH - 6);
  return lines.map((line, index) => {
    const text = line.replaceAll('\u00a0', ' ');
    return `${index === 0 ? '' : '  '}${text}${index < lines.length - 1 ? ' \\' : ''}`;
  });
}
