import { EXIT_CODE_OF_ERROR, type ToolError } from '../errors.ts';
import { systemClock } from '../host/clock.ts';
import type { Terminal } from '../host/live-lines.ts';
import { asToolError, createLog, readLogLevel } from '../host/log.ts';
import { createNodeHost } from '../host/node-host.ts';
import type { Host } from '../host.ts';
import type { CommandName } from '../inputs/commands.ts';
import type { InputDefinition } from '../inputs/define.ts';
import { INPUTS } from '../inputs/definitions.ts';
import { actionVariableName, variableName } from '../inputs/names.ts';
import { doubtfulVariables } from '../inputs/parse.ts';
import type { ReportEntry } from '../inputs/report-entries.ts';
import type { RawInputs } from '../inputs/sources.ts';
import type { Outcome } from '../outcome.ts';
import { renderDotenv } from '../reporting/dotenv.ts';
import { resultOfError } from '../reporting/json.ts';
import type { LogStyle } from '../reporting/log-style.ts';
import { createRedactor, type Redactor } from '../reporting/redact.ts';
import { run } from '../run.ts';
import { reportDirectory } from './report-directory.ts';
import { wantedReports, writeReports } from './report-files.ts';
import { readBuild } from './version.ts';

/** What a front end brings along. */
export interface FrontEnd {
  readonly env: Host['env'];
  readonly currentDirectory: string;
  readonly signal: AbortSignal;
  readonly style: LogStyle;
  /** Where log lines go. */
  readonly writeLine: (line: string) => void;
  /** Where that is a terminal that can draw in place. */
  readonly terminal?: Terminal;
}

/** A finished run: what it came to, and what its sinks need. All texts in it are redacted. */
export interface Conducted {
  readonly command: CommandName;
  readonly result: Outcome | ToolError;
  readonly exitCode: number;
  readonly outputs: Readonly<Record<string, string>>;
  readonly host: Host;
  /** The same machine, seen from where the paths of findings start. */
  readonly workplace: Host;
  /** Where that is, relative to the root of the repository; `''` for the root itself. */
  readonly directory: string;
  /** For what a front end reads from elsewhere and prints, such as lines of files. */
  readonly redact: (text: string) => string;
}

/** Runs a command and catches whatever it throws: the one place of all front ends that does. */
export async function conduct(command: CommandName, raw: RawInputs, frontEnd: FrontEnd): Promise<Conducted> {
  const [startedAt, started] = [systemClock.now(), systemClock.monotonic()];
  const redactor = createRedactor();
  const host = hostOf(frontEnd, raw, redactor);
  const result = await outcomeOf(command, raw, frontEnd, host);
  const reports = wantedReports(raw);
  const outputs = {
    ...outputsOf(result),
    ...reportFile(reports),
    'duration-ms': String(Math.round(systemClock.monotonic() - started)),
  };
  const workplace = host.at(rawText(raw, 'working-directory') ?? '');
  const directory = command === 'validate' ? reportDirectory(host, workplace) : '';
  const bare = reports.length === 0 && !(result instanceof Error) ? withoutChecked(result) : result;
  const { redact } = redactor;
  const conducted = {
    command,
    result: bare,
    exitCode: exitCodeOf(result),
    outputs,
    host,
    workplace,
    directory,
    redact,
  };
  return withOutputFile(await withReports(redacted(conducted, redactor), reports, raw, startedAt), raw);
}

/** The list of all objects is for reports alone; a run without them need not carry it along. */
function withoutChecked({ checked: _, ...outcome }: Outcome): Outcome {
  return outcome;
}

function reportFile([first]: readonly ReportEntry[]): Readonly<Record<string, string>> {
  return first === undefined ? {} : { 'report-file': first.file };
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

/** The machine, with a log that shows no secret of the environment. */
export function hostOf(frontEnd: FrontEnd, raw: RawInputs, redactor: Redactor = createRedactor()): Host {
  for (const secret of secretsIn(raw.env)) redactor.add(secret);
  const log = createLog({
    style: frontEnd.style,
    redactor,
    level: readLogLevel(rawText(raw, 'log-level')),
    clock: systemClock,
    write: frontEnd.writeLine,
    ...(frontEnd.terminal === undefined ? {} : { terminal: frontEnd.terminal }),
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

/** Writes the reports; where some fail, the others are written again, since they tell of that too. */
async function withReports(
  conducted: Conducted,
  entries: readonly ReportEntry[],
  raw: RawInputs,
  startedAt: number,
): Promise<Conducted> {
  if (entries.length === 0) return conducted;
  const { host, command, directory, redact } = conducted;
  const { version } = await readBuild(host);
  const failOn = rawText(raw, 'fail-on') === 'warning' ? 'warning' : 'error';
  const write = ({ result }: Conducted, wanted: readonly ReportEntry[]) =>
    writeReports(wanted, { command, version, outcome: result, directory, failOn, startedAt }, host, redact);
  const failed = await write(conducted, entries);
  if (failed.length === 0) return conducted;
  const written = entries.filter((entry) => !failed.some((other) => other.entry === entry));
  const problems = failed.map(({ entry, error }) => `The report ${entry.kind} could not be written: ${error.message}`);
  const spoilt = withUnwritten(withReportFile(conducted, written), problems);
  await write(spoilt, written);
  return spoilt;
}

function withReportFile(conducted: Conducted, written: readonly ReportEntry[]): Conducted {
  const { 'report-file': _, ...others } = conducted.outputs;
  return withOutputs(conducted, { ...others, ...reportFile(written) });
}

async function withOutputFile(conducted: Conducted, raw: RawInputs): Promise<Conducted> {
  const path = rawText(raw, 'output');
  if (path === undefined || path === '') return conducted;
  try {
    await conducted.host.files.write(path, renderDotenv(conducted.outputs));
    return conducted;
  } catch (error) {
    return withUnwritten(conducted, [`The outputs could not be written: ${asToolError(error).message}`]);
  }
}

/** What the run came to matters more than where it is written: only a good run becomes a failed one, and all is still told. */
function withUnwritten(conducted: Conducted, problems: readonly string[]): Conducted {
  for (const problem of problems) conducted.host.log.error(problem);
  const { result, exitCode } = conducted;
  if (result instanceof Error) return conducted;
  const notes = [...result.notes, ...problems];
  if (exitCode !== 0) return { ...conducted, result: { ...result, notes } };
  const failed = { ...result, notes, result: 'error' as const, exitCode: EXIT_CODE_OF_ERROR.io };
  const headline = `${result.headline}; but not everything could be written`;
  const spoilt = { ...conducted, result: { ...failed, headline }, exitCode: failed.exitCode };
  return withOutputs(spoilt, { ...conducted.outputs, result: 'error' });
}

function withOutputs(conducted: Conducted, outputs: Conducted['outputs']): Conducted {
  const { result } = conducted;
  return { ...conducted, outputs, result: result instanceof Error ? result : { ...result, outputs } };
}

function redacted(conducted: Conducted, redactor: Redactor): Conducted {
  const outputs = redactor.redactAll(conducted.outputs);
  return withOutputs({ ...conducted, result: redactor.redactAll(conducted.result) }, outputs);
}
