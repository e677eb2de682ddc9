/** Whole processes, measured from outside. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export interface Program {
  readonly title: string;
  readonly command: readonly string[];
  readonly folder: string;
}

export interface Sample {
  /** Milliseconds. */
  readonly wall: number;
  /** Milliseconds of all threads, in the program and in the kernel; NaN where it cannot be told. */
  readonly cpu: number;
  /** MB at the peak; NaN where it cannot be told. */
  readonly memory: number;
}

/** GNU time tells what a finished child has used, which Node does not. */
const TIME = existsSync('/usr/bin/time') ? ['/usr/bin/time', '-q', '-f', '%U %S %M'] : [];

/** Runs first among equals where the system allows it, so that a busy machine disturbs less; all programs alike. */
const NICE = spawnSync('nice', ['-n', '-5', 'true'], { encoding: 'utf8' }).stderr === '' ? ['nice', '-n', '-5'] : [];

export const PRIORITY = NICE.length > 0 ? 'raised priority' : 'normal priority';

/** Medians of `rounds` interleaved rounds; one round before them warms the file cache. */
export function measure(programs: readonly Program[], rounds: number): readonly Sample[] {
  const samples = programs.map((): Sample[] => []);
  for (let round = 0; round <= rounds; round++) {
    programs.forEach((program, index) => {
      const sample = runOnce(program);
      if (round > 0) samples[index]?.push(sample);
    });
  }
  return samples.map((taken) => ({
    wall: median(taken.map(({ wall }) => wall)),
    cpu: median(taken.map(({ cpu }) => cpu)),
    memory: median(taken.map(({ memory }) => memory)),
  }));
}

function runOnce({ title, command, folder }: Program): Sample {
  const [program = '', ...args] = [...NICE, ...TIME, ...command];
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    maxBuffer: 1 << 28,
  });
  const wall = Number(process.hrtime.bigint() - start) / 1e6;
  // Both validators give 1 where there are findings.
  if (status !== 0 && status !== 1) throw new Error(`${title} failed (${status}): ${stderr.slice(-500)}`);
  const [user = Number.NaN, system = Number.NaN, kilobytes = Number.NaN] =
    TIME.length === 0 ? [] : (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return { wall, cpu: (user + system) * 1000, memory: kilobytes / 1024 };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
