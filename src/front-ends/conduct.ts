import { EXIT_CODE_OF_ERROR, type ToolError } from '../errors.ts';
import { systemClock } from '../host/clock.ts';
import { asToolError, createLog, readLogLevel } from '../host/log.ts';
import { createNodeHost } from '../host/node-host.ts';
import type { Host } from '../host.ts';
import type { CommandName } from '../inputs/commands.ts';
import type { InputDefinition } from '../inputs/define.ts';
import { INPUTS } from '../inputs/definitions.ts';
import { actionVariableName, variableName } from '../inputs/names.ts';
import { doubtfulVariables } from '../inputs/parse.ts';
import type { RawInputs } from '../inputs/sources.ts';
import type { Outcome } from '../outcome.ts';
import { renderDotenv } from '../reporting/dotenv.ts';
import { resultOfError } from '../reporting/json.ts';
import type { LogStyle } from '../reporting/log-style.ts';
import { createRedactor, type Redactor } from '../reporting/redact.ts';
import { run } from '../run.ts';

/** What a front end brings along. */
export interface FrontEnd {
  readonly env: Host['env'];
  readonly currentDirectory: string;
  readonly signal: AbortSignal;
  readonly style: LogStyle;
  /** Where log lines go. */
  readonly writeLine: (line: string) => void;
}

/** A finished run: what it came to, and what its sinks need. All texts in it are redacted. */
export interface Conducted {
  readonly command: CommandName;
  readonly result: Outcome | ToolError;
  readonly exitCode: number;
  readonly outputs: Readonly<Record<string, string>>;
  readonly host: Host;
  /** For what a front end reads from elsewhere and prints, such as lines of files. */
  readonly redact: (text: string) => string;
}

/** Runs a command and catches whatever it throws: the one place of all front ends that does. */
export async function conduct(command: CommandName, raw: RawInputs, frontEnd: FrontEnd): Promise<Conducted> {
  const startedAt = systemClock.monotonic();
  const redactor = createRedactor();
  const host = hostOf(frontEnd, raw, redactor);
  const result = await outcomeOf(command, raw, frontEnd, host);
  const outputs = { ...outputsOf(result), 'duration-ms': String(Math.round(systemClock.monotonic() - startedAt)) };
  const finished = await withOutputFile(
    { command, result, exitCode: exitCodeOf(result), outputs, host, redact: redactor.redact },
    raw,
  );
  return redacted(finished, redactor);
}

async function outcomeOf(
  command: CommandName,
  raw: RawInputs,
  frontEnd: FrontEnd,
  host: Host,
): Promise<Outcome | ToolError> {
  for (const problem of doubtfulVariables(raw.env)) host.log.warning(problem);
  try {
    return await run(command, raw, host);
  } catch (error) {
    if (!frontEnd.signal.aborted)
      host.log.debug(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return asToolError(frontEnd.signal.aborted ? frontEnd.signal.reason : error);
  }
}

function hostOf(frontEnd: FrontEnd, raw: RawInputs, redactor: Redactor): Host {
  for (const secret of secretsIn(raw.env)) redactor.add(secret);
  const log = createLog({
    style: frontEnd.style,
    redactor,
    level: readLogLevel(rawText(raw, 'log-level')),
    clock: systemClock,
    write: frontEnd.writeLine,
  });
  const { env, currentDirectory, signal } = frontEnd;
  return createNodeHost({ env, workingDirectory: currentDirectory, log, signal });
}

/** Values of every variable that may carry a credential; too short ones are told when they are used. */
function secretsIn(env: Host['env']): readonly string[] {
  return Object.entries<InputDefinition>(INPUTS)
    .filter(([, { secret }]) => secret)
    .flatMap(([name, { variables = [] }]) => [variableName(name), actionVariableName(name), ...variables])
    .map((variable) => env[variable]?.trim() ?? '')
    .filter((value) => value.length >= 8);
}

/** A single input as given, for what must be known even when the inputs are wrong: how to report it. */
export function rawText(raw: RawInputs, name: string): string | undefined {
  const flag = raw.flags[name];
  return (typeof flag === 'string' ? flag : flag?.at(-1)) ?? raw.action?.[name] ?? raw.env[variableName(name)];
}

function outputsOf(result: Outcome | ToolError): Readonly<Record<string, string>> {
  return result instanceof Error
    ? { result: resultOfError(result.code) }
    : { ...result.outputs, result: result.result };
}

function exitCodeOf(result: Outcome | ToolError): number {
  return result instanceof Error ? EXIT_CODE_OF_ERROR[result.code] : result.exitCode;
}

async function withOutputFile(conducted: Conducted, raw: RawInputs): Promise<Conducted> {
  const path = rawText(raw, 'output');
  if (path === undefined || path === '') return conducted;
  try {
    await conducted.host.files.write(path, renderDotenv(conducted.outputs));
    return conducted;
  } catch (error) {
    const result = asToolError(error);
    conducted.host.log.error(`The outputs could not be written: ${result.message}`);
    // What the run came to matters more than where it is written; only a good run becomes a failed one.
    return conducted.exitCode === 0 ? { ...conducted, result, exitCode: exitCodeOf(result) } : conducted;
  }
}

function redacted(conducted: Conducted, redactor: Redactor): Conducted {
  const outputs = redactor.redactAll(conducted.outputs);
  const result = redactor.redactAll(conducted.result);
  return { ...conducted, outputs, result: result instanceof Error ? result : { ...result, outputs } };
}
