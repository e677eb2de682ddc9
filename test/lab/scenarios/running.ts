import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { memoryOf } from '../processes.ts';
import type { Expected } from './scenario.ts';

export interface GateResult {
  readonly exit: number;
  readonly verdict: string;
  readonly seconds: number;
  readonly words: string;
  /** Resident memory in MiB, once in a second. */
  readonly memory: readonly number[];
  readonly outputs: Readonly<Record<string, string>>;
}

const CLI = resolve(process.env.DRAWBRIDGE_CLI || join(import.meta.dirname, '../../../dist/cli.js'));

/** Runs the built command line with those arguments, and reads what it printed. */
export async function runCli(args: readonly string[], env: Readonly<Record<string, string>>): Promise<GateResult> {
  const began = Date.now();
  const ended = await execute(process.execPath, [CLI, ...args], env);
  return { ...readResult(ended), seconds: (Date.now() - began) / 1000 };
}

function readResult({ code, stdout, stderr, memory }: Ended): Omit<GateResult, 'seconds'> {
  try {
    const printed = JSON.parse(stdout);
    const { outputs = {}, result } = printed;
    return { exit: code, verdict: outputs.verdict || result, words: stdout, memory, outputs };
  } catch {
    return { exit: code, verdict: 'nothing', words: `${stdout}\n${stderr}`, memory, outputs: {} };
  }
}

/** What is wrong with that verdict, apart from what is true; empty where nothing is. */
export function unlike(
  { verdict, exit, says, within = Number.POSITIVE_INFINITY, or }: Expected,
  result: GateResult,
): string {
  const good = [{ verdict, exit }, ...(or === undefined ? [] : [or])];
  if (!good.some((one) => result.verdict === one.verdict && result.exit === one.exit))
    return `it said: ${tell(result)}`;
  if (says !== undefined && !says.test(result.words)) return `its words do not hold ${says}: ${tell(result)}`;
  return result.seconds > within ? `it took ${result.seconds.toFixed(1)} s, more than ${within}` : '';
}

/** What was said of the target, where there is one, else the beginning of all that was said. */
function tell({ outputs, words }: GateResult): string {
  return (outputs.targets || words).slice(0, 2000);
}

/** Defaults that the gate sets itself are left out: a flag may be given once. */
export function without(defaults: readonly string[], args: readonly string[]): readonly string[] {
  return defaults.flatMap((flag, index) =>
    flag.startsWith('--') && !args.includes(flag) ? [flag, defaults[index + 1] ?? ''] : [],
  );
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly memory: readonly number[];
}

/**
 * Runs a program with nothing of this environment but PATH and a home of its own: a CI system's variables change what is said.
 * It is ended when `late` is told; its code is then -1.
 */
export function execute(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  late?: AbortSignal,
): Promise<Ended> {
  const home = mkdtempSync(join(tmpdir(), 'lab-home-'));
  const child = spawn(program, args, { cwd: home, env: { PATH: process.env.PATH ?? '', HOME: home, ...env } });
  late?.addEventListener('abort', () => child.kill(), { once: true });
  const memory: number[] = [];
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const timer = setInterval(() => memory.push(memoryOf(child.pid ?? 0)), 1000);
  return new Promise((done, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearInterval(timer);
      if (existsSync(home)) rmSync(home, { recursive: true, force: true });
      done({ code: code ?? -1, stdout, stderr, memory });
    });
  });
}
