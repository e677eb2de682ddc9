import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');
/** Another build can be tested in place of the one that is committed. */
const DIST = process.env.DRAWBRIDGE_DIST ?? join(ROOT, 'dist');
export const CLI = join(DIST, 'cli.js');
const ACTION = join(DIST, 'action.js');

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when the output so far (both streams) matches. */
  said(pattern: RegExp): Promise<void>;
}

/** Starts the built command line as a user's shell would, with nothing of this process's environment but PATH and HOME. */
export function startCli(args: readonly string[], options: ProgramOptions = {}): Running {
  return start([CLI, ...args], options);
}

/** Runs the built command line to its end. */
export function runCli(args: readonly string[], options: ProgramOptions = {}): Promise<Ended> {
  return startCli(args, options).ended;
}

/** Runs the built Action as the runner starts it: `node dist/action.js` in the workspace. */
export function runAction(options: ProgramOptions): Promise<Ended> {
  return start([ACTION], options).ended;
}

/** As the built programs, from their source: `cli` with arguments, `action` and `post` without. */
export function startSource(
  program: 'cli' | 'action' | 'post',
  args: readonly string[],
  options: ProgramOptions = {},
): Running {
  return start([join(ROOT, 'src', `${program}.ts`), ...args], options);
}

function start(args: readonly string[], { env = {}, cwd = tmpdir(), input = '' }: ProgramOptions): Running {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, args, { cwd, env: { PATH, HOME, ...env } });
  let stdout = '';
  let stderr = '';
  const watchers = new Set<() => void>();
  const note = () => {
    for (const watcher of watchers) watcher();
  };
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
    note();
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
    note();
  });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const ended = new Promise<Ended>((done, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => done({ exitCode, stdout, stderr }));
  });
  const said = (pattern: RegExp) =>
    new Promise<void>((done, reject) => {
      const look = () => {
        if (!pattern.test(stdout + stderr)) return;
        watchers.delete(look);
        done();
      };
      watchers.add(look);
      void ended.then(() => reject(new Error(`ended without saying ${pattern}:\n${stdout}${stderr}`)));
      look();
    });
  return { child, ended, said };
}

/** A temporary folder that goes when the returned object is disposed of (`using`). */
export function temporaryFolder(): { readonly path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), 'drawbridge-test-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
