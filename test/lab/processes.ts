import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isTaken, LabError, type Place, type PortName } from './place.ts';

export interface Start {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Must be free before the start. */
  readonly ports?: readonly PortName[];
}

/** Starts a process that outlives this one, unless it runs already. Its output goes to `logs/<name>.log`. */
export async function start(place: Place, { name, program, args, env = {}, ports = [] }: Start): Promise<void> {
  if (isAlive(place, name)) return;
  await requireFree(place, name, ports);
  for (const folder of ['pids', 'logs']) mkdirSync(join(place.state, folder), { recursive: true, mode: 0o700 });
  const log = openSync(logOf(place, name), 'w', 0o600);
  const child = spawn(program, args, { detached: true, stdio: ['ignore', log, log], env: { ...process.env, ...env } });
  closeSync(log);
  await new Promise((done, reject) => {
    child.once('spawn', done);
    child.once('error', (error) => reject(new LabError(`${name} cannot be started: ${error.message}`)));
  });
  child.unref();
  writeFileSync(pidFile(place, name), `${child.pid} ${birthOf(child.pid ?? 0)}\n`);
}

async function requireFree(place: Place, name: string, ports: readonly PortName[]): Promise<void> {
  for (const port of ports) {
    if (!(await isTaken(place.port(port)))) continue;
    throw new LabError(
      `Port ${place.port(port)}, for ${name}, is taken by another process. Give another LAB_PORT_BASE, or none for free ports (and another LAB_STATE, or remove ${join(place.state, 'ports.json')}).`,
    );
  }
}

const logOf = (place: Place, name: string) => join(place.state, 'logs', `${name}.log`);
const pidFile = (place: Place, name: string) => join(place.state, 'pids', name);

/** The time of birth makes sure that an old file never names somebody else's process (proc(5), field 22 of stat). */
function birthOf(pid: number): string {
  try {
    return (
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[19] ?? ''
    );
  } catch {
    return '';
  }
}

interface Known {
  readonly pid: number;
  readonly birth: string;
}

function known(place: Place, name: string): Known | undefined {
  const file = pidFile(place, name);
  if (!existsSync(file)) return undefined;
  const [pid = '', birth = ''] = readFileSync(file, 'utf8').trim().split(' ');
  return { pid: Number(pid), birth };
}

const lives = ({ pid, birth }: Known) => birth !== '' && birthOf(pid) === birth && !isZombie(pid);

function isZombie(pid: number): boolean {
  return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

export function isAlive(place: Place, name: string): boolean {
  const process = known(place, name);
  return process !== undefined && lives(process);
}

/** Sends a signal; a process that has ended gets none. */
export function signal(place: Place, name: string, what: NodeJS.Signals): void {
  const one = known(place, name);
  if (one !== undefined && lives(one)) process.kill(one.pid, what);
}

/** Asks all of them to end, at once, and kills what is left after `seconds`. */
export async function stop(place: Place, names: readonly string[], seconds = 5): Promise<void> {
  for (const name of names) signal(place, name, 'SIGTERM');
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end && names.some((name) => isAlive(place, name))) await sleep(50);
  for (const name of names) {
    signal(place, name, 'SIGKILL');
    rmSync(pidFile(place, name), { force: true });
  }
}

/** Name, process id, memory in MiB and whether it lives, of all that were started in this place. */
export function list(place: Place): readonly { name: string; pid: number; alive: boolean; mebibytes: number }[] {
  const folder = join(place.state, 'pids');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const one = known(place, name);
    return one === undefined ? [] : [{ name, pid: one.pid, alive: lives(one), mebibytes: memoryOf(one.pid) }];
  });
}

/** Resident memory, in MiB; 0 of a process that has ended. */
export function memoryOf(pid: number): number {
  try {
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
}

/**
 * Waits until the test says true.
 * @throws LabError with the end of the log when the process ends first, or the seconds are over
 */
export async function ready(place: Place, name: string, seconds: number, test: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await test().catch(() => false))) {
    const why = isAlive(place, name) ? (Date.now() > end ? `is not ready after ${seconds} s` : '') : 'has ended';
    if (why !== '') {
      const tail = readFileSync(logOf(place, name), 'utf8').trimEnd().split('\n').slice(-8).join('\n');
      throw new LabError(`${name} ${why}. Its log, ${logOf(place, name)}, ends with:\n${tail}`);
    }
    await sleep(100);
  }
}
