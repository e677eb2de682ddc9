import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNodeHost } from '../../src/host/node-host.ts';
import type { Clock, Host, Log, ProcessOptions, ProcessResult } from '../../src/host.ts';

/** One process as it was started, and how it ended. */
export interface StartedProcess {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  result?: ProcessResult;
}

export interface RealHost extends Host {
  /** Every line that was logged, secrets and all: nothing redacts them here. */
  readonly lines: readonly string[];
  readonly secrets: readonly string[];
  readonly started: readonly StartedProcess[];
  /** Temporary folders that were made and still exist. */
  leftOver(): string[];
  /** Called before each process starts. */
  beforeProcess?: (args: readonly string[]) => void | Promise<void>;
  /** Called after each process has ended. */
  afterProcess?: (args: readonly string[]) => void;
}

export interface RealHostOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  readonly random?: () => number;
}

/** The real machine: real processes and files; with a clock that does not wait, and a log and processes that are recorded. */
export function createRealHost(options: RealHostOptions = {}): RealHost {
  const lines: string[] = [];
  const secrets: string[] = [];
  const started: StartedProcess[] = [];
  const folders: string[] = [];
  const base = createNodeHost({
    env: { PATH: process.env.PATH ?? '', ...options.env },
    workingDirectory: options.workingDirectory ?? tmpdir(),
    log: recordingLog(lines, secrets),
    signal: options.signal ?? new AbortController().signal,
  });
  const host: RealHost = {
    ...base,
    clock: options.clock ?? skippingClock(),
    random: options.random ?? base.random,
    files: {
      ...base.files,
      makeTemporary: async (prefix) => {
        const folder = await base.files.makeTemporary(prefix);
        folders.push(folder);
        return folder;
      },
    },
    processes: {
      run: async (program, args, processOptions: ProcessOptions) => {
        await host.beforeProcess?.(args);
        const entry: StartedProcess = { program, args, env: processOptions.env };
        started.push(entry);
        entry.result = await base.processes.run(program, args, processOptions);
        host.afterProcess?.(args);
        return entry.result;
      },
    },
    lines,
    secrets,
    started,
    leftOver: () => folders.filter(exists),
  };
  return host;
}

function recordingLog(lines: string[], secrets: string[]): Log {
  const add = (message: string) => void lines.push(message);
  return {
    debug: add,
    info: add,
    warning: add,
    error: add,
    group: (title, body) => {
      add(title);
      return body();
    },
    secret: (value) => void secrets.push(value),
  };
}

/** Sleeping moves the time on at once. */
export function skippingClock(): Clock & { readonly slept: readonly number[] } {
  let now = 1_700_000_000_000;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    monotonic: () => now,
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted();
      slept.push(milliseconds);
      now += milliseconds;
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    },
  };
}

function exists(folder: string): boolean {
  try {
    readdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

/** A temporary folder of the test itself. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'drawbridge-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
