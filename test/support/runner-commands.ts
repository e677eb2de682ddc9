/**
 * What the GitHub runner would take for a command in a step's output, after its two grammars as they are written in
 * src/Runner.Common/ActionCommand.cs of actions/runner. Its line search is culture-sensitive, that is, characters without
 * a collation weight are skipped; here they are taken out before the search.
 */
export interface RunnerCommand {
  readonly grammar: '::' | '##[';
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** The commands that the runner knows, apart from those that only its plug-ins may send. */
export const KNOWN_COMMANDS: ReadonlySet<string> = new Set([
  'stop-commands',
  'set-env',
  'set-output',
  'save-state',
  'add-mask',
  'add-path',
  'add-matcher',
  'remove-matcher',
  'debug',
  'warning',
  'error',
  'notice',
  'group',
  'endgroup',
  'echo',
]);

/** Every name counts: stricter than the runner, which also takes whatever token `stop-commands` was given. */
export const ANY_COMMAND: { has(name: string): boolean } = { has: () => true };

const WEIGHTLESS = /[\p{Cc}\p{Cf}\p{M}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;

/** Reads the bytes as the runner does: UTF-8, lines ended by CR, LF or both. */
export function runnerCommands(
  output: string,
  known: { has(name: string): boolean } = KNOWN_COMMANDS,
): readonly RunnerCommand[] {
  return Buffer.from(output)
    .toString('utf8')
    .split(/\r\n|\r|\n/)
    .flatMap((line) => parseLine(line, known) ?? parseLine(line.replace(WEIGHTLESS, ''), known) ?? []);
}

function parseLine(line: string, known: { has(name: string): boolean }): RunnerCommand | undefined {
  return parseNew(line, known) ?? parseOld(line, known);
}

function parseNew(line: string, known: { has(name: string): boolean }): RunnerCommand | undefined {
  const text = line.replace(/^[\s\x85]+/, '');
  const end = text.indexOf('::', 2);
  if (!text.startsWith('::') || end < 0) return undefined;
  const [name, rest] = splitOnce(text.slice(2, end), ' ');
  if (!known.has(name.toLowerCase())) return undefined;
  const properties = readProperties(rest.trim(), ',', unescapeProperty);
  return { grammar: '::', name, properties, data: unescapeData(text.slice(end + 2)) };
}

function parseOld(line: string, known: { has(name: string): boolean }): RunnerCommand | undefined {
  const start = line.indexOf('##[');
  const end = line.indexOf(']', start);
  if (start < 0 || end < 0) return undefined;
  const [name, rest] = splitOnce(line.slice(start + 3, end), ' ');
  if (!known.has(name.toLowerCase())) return undefined;
  return {
    grammar: '##[',
    name,
    properties: readProperties(rest, ';', unescapeOld),
    data: unescapeOld(line.slice(end + 1)),
  };
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}

function readProperties(text: string, separator: string, decode: (text: string) => string): Record<string, string> {
  const pairs = text.split(separator).map((pair) => splitOnce(pair, '='));
  return Object.fromEntries(pairs.filter(([key, value]) => key !== '' && value !== '').map(([k, v]) => [k, decode(v)]));
}

function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

function unescapeProperty(text: string): string {
  const lines = text.replaceAll('%0D', '\r').replaceAll('%0A', '\n');
  return lines.replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%25', '%');
}

function unescapeOld(text: string): string {
  const lines = text.replaceAll('%3B', ';').replaceAll('%0D', '\r').replaceAll('%0A', '\n');
  return lines.replaceAll('%5D', ']').replaceAll('%25', '%');
}
