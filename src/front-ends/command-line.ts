import { EXIT_CODE_OF_ERROR, ToolError } from '../errors.ts';
import type { Terminal } from '../host/live-lines.ts';
import { boundNewSpace } from '../host/memory.ts';
import { createNodeHost } from '../host/node-host.ts';
import { type ThisProcess, thisProcess } from '../host/this-process.ts';
import type { Host } from '../host.ts';
import { isCommandName } from '../inputs/commands.ts';
import { parseFlags, readCommandName } from '../inputs/flags.ts';
import type { RawInputs } from '../inputs/sources.ts';
import { createLogStyle, logKind, wantsColour } from '../reporting/log-style.ts';
import { FORMATS, type Format } from '../reporting/registry.ts';
import { renderError } from '../reporting/text.ts';
import { type Conducted, conduct, type FrontEnd, rawText } from './conduct.ts';
import { sourcesOf } from './sources.ts';
import { readBuild } from './version.ts';

const DEFAULT_WIDTH = 100;
const DEFAULT_HEIGHT = 24;

/** Runs a command line and sets the exit code. Humans read stderr while it runs; the result goes to stdout. */
export async function main(argv: readonly string[]): Promise<void> {
  const self = thisProcess();
  const parsed = parseFlags(argv);
  if (parsed.version) return printVersion(self);
  if (parsed.help || argv.length === 0) return printHelp(self, parsed.command, argv.length === 0);
  const raw: RawInputs = { ...parsed, env: self.env };
  try {
    boundNewSpace();
    const conducted = await conduct(readCommandName(parsed.command), raw, frontEnd(self));
    await report(self, conducted, raw);
    self.endWith(conducted.exitCode);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    self.stderr.write(renderError(error));
    self.endWith(EXIT_CODE_OF_ERROR[error.code]);
  }
}

function frontEnd({ env, currentDirectory, stderr, abortOnSignals }: ThisProcess): FrontEnd {
  const style = { colour: wantsColour(env, stderr.isTerminal), noColour: (env.NO_COLOR ?? '') !== '' };
  return {
    env,
    currentDirectory,
    signal: abortOnSignals(),
    style: createLogStyle(logKind(env), style),
    writeLine: (line) => stderr.write(`${line}\n`),
    ...(canDraw(env, stderr.isTerminal) ? { terminal: terminalOf(stderr) } : {}),
  };
}

/** Not in a CI job, whose log keeps every line, and not on a terminal that knows no control sequences. */
function canDraw(env: Host['env'], isTerminal: boolean): boolean {
  return isTerminal && env.TERM !== 'dumb' && (env.CI ?? '') === '' && logKind(env) === 'terminal';
}

function terminalOf({ size, write }: ThisProcess['stderr']): Terminal {
  return { columns: () => size().columns ?? DEFAULT_WIDTH, rows: () => size().rows ?? DEFAULT_HEIGHT, write };
}

async function report({ env, stdout }: ThisProcess, conducted: Conducted, raw: RawInputs): Promise<void> {
  const { version } = await readBuild(conducted.host);
  const format: Format = rawText(raw, 'format') === 'json' ? 'json' : 'text';
  const text = {
    // GitLab's log shows colours although it is no terminal.
    colour: wantsColour(env, stdout.isTerminal) || (logKind(env) === 'gitlab' && !env.NO_COLOR),
    width: stdout.columns ?? DEFAULT_WIDTH,
    sources: await sourcesOf(conducted),
  };
  const rendered = FORMATS[format]({ command: conducted.command, version, outcome: conducted.result, text });
  stdout.write(conducted.redact(rendered));
}

async function printVersion(self: ThisProcess): Promise<void> {
  const { version, hash } = await readBuild(bareHost(self));
  self.stdout.write(`drawbridge ${version} (${hash.slice(0, 12)}), Node.js ${self.nodeVersion}\n`);
}

async function printHelp(self: ThisProcess, command: string | undefined, nothingGiven: boolean): Promise<void> {
  const { renderHelp } = await import('../inputs/render-help.ts');
  const text = renderHelp(command !== undefined && isCommandName(command) ? command : undefined);
  (nothingGiven ? self.stderr : self.stdout).write(text);
  if (nothingGiven) self.endWith(EXIT_CODE_OF_ERROR.input);
}

/** Enough of a Host to read what ships with the program. */
function bareHost({ currentDirectory }: ThisProcess): Host {
  const silent = () => {};
  const group = <T>(_: string, body: () => Promise<T>) => body();
  const log = { debug: silent, info: silent, warning: silent, error: silent, secret: silent, group };
  return createNodeHost({ env: {}, workingDirectory: currentDirectory, log, signal: new AbortController().signal });
}
