import { fstatSync } from 'node:fs';
import { ToolError } from '../errors.ts';
import type { Host } from '../host.ts';

/** An output of this process. A reader that has seen enough (`| head -1`) does not turn the run into a crash. */
export interface Output {
  readonly isTerminal: boolean;
  /** Columns of the terminal; undefined where there is none. */
  readonly columns: number | undefined;
  /** Columns and rows as they are now; the window can be resized. */
  readonly size: () => { readonly columns: number | undefined; readonly rows: number | undefined };
  write(text: string): void;
}

/** What a front end needs of the process that it runs in. */
export interface ThisProcess {
  readonly env: Host['env'];
  readonly currentDirectory: string;
  readonly nodeVersion: string;
  readonly stdout: Output;
  readonly stderr: Output;
  /** The exit code for when everything that is under way has ended. */
  endWith(exitCode: number): void;
  /**
   * Turns SIGINT and SIGTERM into an aborted signal, so that the run can say where things stand and clean up. A second
   * signal, or a run that does not end in time, ends the process at once.
   */
  abortOnSignals(): AbortSignal;
}

/** Milliseconds after which a run that was told to stop is ended hard. The runner of GitHub kills after 7.5 s. */
const HARD_STOP = 4_500;

export function thisProcess(): ThisProcess {
  return {
    env: process.env,
    currentDirectory: process.cwd(),
    nodeVersion: process.versions.node,
    stdout: outputOf(1, () => process.stdout),
    stderr: outputOf(2, () => process.stderr),
    endWith(exitCode) {
      process.exitCode = exitCode;
    },
    abortOnSignals,
  };
}

/** Node takes two milliseconds to make the stream of a pipe: that of one that nothing is written to is not made. */
function outputOf(descriptor: number, made: () => NodeJS.WriteStream): Output {
  let known: NodeJS.WriteStream | undefined;
  const stream = () => {
    known ??= made().on('error', () => {});
    return known;
  };
  const isTerminal = isDevice(descriptor) && stream().isTTY === true;
  const size = () => (isTerminal ? { columns: stream().columns, rows: stream().rows } : NO_SIZE);
  return { isTerminal, columns: size().columns, size, write: (text) => void stream().write(text) };
}

const NO_SIZE = { columns: undefined, rows: undefined };

/** As a terminal is; a pipe and a file are none. */
function isDevice(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice();
  } catch {
    return true;
  }
}

function abortOnSignals(): AbortSignal {
  const controller = new AbortController();
  const stop = (error: ToolError, exitCode: number) => {
    if (controller.signal.aborted) process.exit(exitCode);
    controller.abort(error);
    setTimeout(() => process.exit(exitCode), HARD_STOP).unref();
  };
  process.on('SIGINT', () => stop(new ToolError('interrupted', 'interrupted (SIGINT)'), 130));
  process.on('SIGTERM', () => stop(new ToolError('terminated', 'ended from outside (SIGTERM)'), 143));
  return controller.signal;
}
