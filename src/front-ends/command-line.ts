import { ToolError } from '../errors.ts';
import { createNodeHost } from '../host/node-host.ts';
import type { Host } from '../host.ts';
import { isCommandName } from '../inputs/commands.ts';
import { parseFlags, readCommandName } from '../inputs/flags.ts';
import type { RawInputs } from '../inputs/sources.ts';
import { createLogStyle, logKind, wantsColour } from '../reporting/log-style.ts';
import { FORMATS, type Format } from '../reporting/registry.ts';
import { renderError } from '../reporting/text.ts';
import { type Conducted, conduct, rawText } from './conduct.ts';
import { abortOnSignals } from './signals.ts';
import { sourcesOf } from './sources.ts';
import { readBuild } from './version.ts';

/** Runs a command line and sets the exit code. Humans read stderr while it runs; the result goes to stdout. */
export async function main(argv: readonly string[]): Promise<void> {
  const parsed = parseFlags(argv);
  // A reader that has seen enough (`| head -1`) must not turn the exit code into a crash.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  if (parsed.version) return printVersion();
  if (parsed.help || argv.length === 0) return printHelp(parsed.command, argv.length === 0);
  const raw: RawInputs = { ...parsed, env: process.env };
  try {
    const command = readCommandName(parsed.command);
    process.exitCode = await runAndReport(() => conduct(command, raw, frontEnd()), raw);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    process.stderr.write(renderError(error));
    process.exitCode = 64;
  }
}

function frontEnd() {
  const colour = wantsColour(process.env, process.stderr.isTTY === true);
  return {
    env: process.env,
    currentDirectory: process.cwd(),
    signal: abortOnSignals(),
    style: createLogStyle(logKind(process.env), { colour, noColour: (process.env.NO_COLOR ?? '') !== '' }),
    writeLine: (line: string) => void process.stderr.write(`${line}\n`),
  };
}

async function runAndReport(run: () => Promise<Conducted>, raw: RawInputs): Promise<number> {
  const conducted = await run();
  const { version } = await readBuild(conducted.host);
  const format: Format = rawText(raw, 'format') === 'json' ? 'json' : 'text';
  const text = {
    colour:
      wantsColour(process.env, process.stdout.isTTY === true) ||
      (logKind(process.env) === 'gitlab' && !process.env.NO_COLOR),
    width: process.stdout.columns ?? 100,
    sources: await sourcesOf(conducted),
  };
  const report = FORMATS[format]({ command: conducted.command, version, outcome: conducted.result, text });
  process.stdout.write(conducted.redact(report));
  return conducted.exitCode;
}

async function printVersion(): Promise<void> {
  const { version, hash } = await readBuild(bareHost());
  process.stdout.write(`drawbridge ${version} (${hash.slice(0, 12)}), Node.js ${process.versions.node}\n`);
}

async function printHelp(command: string | undefined, nothingGiven: boolean): Promise<void> {
  const { renderHelp } = await import('../inputs/render-help.ts');
  const text = renderHelp(command !== undefined && isCommandName(command) ? command : undefined);
  (nothingGiven ? process.stderr : process.stdout).write(text);
  if (nothingGiven) process.exitCode = 64;
}

/** Enough of a Host to read what ships with the program. */
function bareHost(): Host {
  const silent = () => {};
  const log = {
    debug: silent,
    info: silent,
    warning: silent,
    error: silent,
    secret: silent,
    group: <T>(_: string, body: () => Promise<T>) => body(),
  };
  return createNodeHost({ env: {}, workingDirectory: process.cwd(), log, signal: new AbortController().signal });
}
