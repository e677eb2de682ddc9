import { delimiter, join } from 'node:path';
import { ToolError } from '../errors.ts';
import type { Host, ProcessResult } from '../host.ts';

/** A program that renders, as it was found. */
export interface Program {
  readonly name: 'kustomize' | 'kubectl' | 'helm';
  /** Absolute. */
  readonly path: string;
  /** As it tells itself; part of what a cached result stands for. Asked for once. */
  version(): Promise<string>;
}

export interface Programs {
  /** kustomize, else kubectl, which carries it. */
  readonly kustomize: Program | undefined;
  readonly helm: Program | undefined;
}

const VERSION_ARGUMENTS: Readonly<Record<Program['name'], readonly string[]>> = {
  kustomize: ['version'],
  kubectl: ['version', '--client', '--output=json'],
  helm: ['version', '--template={{.Version}}'],
};
const VERSION_TIMEOUT = 30_000;

/** @param home an empty folder that is the home of every process */
export async function findPrograms(host: Host, home: string): Promise<Programs> {
  const [kustomize, helm] = await Promise.all([
    findOne(host, home, 'kustomize').then((found) => found ?? findOne(host, home, 'kubectl')),
    findOne(host, home, 'helm'),
  ]);
  return { kustomize, helm };
}

async function findOne(host: Host, home: string, name: Program['name']): Promise<Program | undefined> {
  const path = await findOnPath(host, name);
  if (path === undefined) return undefined;
  let asked: Promise<string> | undefined;
  const version = () => {
    asked ??= askVersion(host, home, name, path);
    return asked;
  };
  return { name, path, version };
}

/** kubectl answers with a document, of which one line is enough. */
async function askVersion(host: Host, home: string, name: Program['name'], path: string): Promise<string> {
  const { stdout } = await host.processes.run(path, VERSION_ARGUMENTS[name], {
    workingDirectory: home,
    env: environment(host.env, home),
    timeout: VERSION_TIMEOUT,
    signal: host.signal,
  });
  const text = new TextDecoder().decode(stdout);
  return /v?\d+\.\d+(\.\d+)?[\w.+-]*/.exec(text)?.[0] ?? 'of an unknown version';
}

async function findOnPath(host: Host, name: string): Promise<string | undefined> {
  const endings = host.env.PATHEXT === undefined ? [''] : ['.exe'];
  for (const folder of (host.env.PATH ?? '').split(delimiter)) {
    for (const ending of folder === '' ? [] : endings) {
      const path = join(folder, name + ending);
      const kind = (await host.files.stat(path).catch(() => undefined))?.kind;
      if (kind === 'file' || kind === 'symlink') return path;
    }
  }
  return undefined;
}

/** Nothing listens there: what a program wants to fetch all the same, it does not get. */
const NOWHERE = 'http://127.0.0.1:9';

/**
 * All that a program is given: an empty home, no cluster, no plugins, no way out, and a PATH on which it finds no other
 * program, so that kustomize can run neither git nor helm.
 */
export function environment(env: Host['env'], home: string): Readonly<Record<string, string>> {
  const kept = ['SystemRoot', 'SYSTEMROOT'].flatMap((name) =>
    env[name] === undefined ? [] : [[name, env[name] ?? '']],
  );
  return {
    ...Object.fromEntries(kept),
    PATH: join(home, 'bin'),
    HOME: home,
    USERPROFILE: home,
    TMPDIR: home,
    TEMP: home,
    TMP: home,
    LC_ALL: 'C',
    KUBECONFIG: join(home, 'kubeconfig'),
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_DATA_HOME: join(home, 'data'),
    HELM_CONFIG_HOME: join(home, 'config'),
    HELM_CACHE_HOME: join(home, 'cache'),
    HELM_DATA_HOME: join(home, 'data'),
    HELM_PLUGINS: join(home, 'plugins'),
    HTTP_PROXY: NOWHERE,
    HTTPS_PROXY: NOWHERE,
    ALL_PROXY: NOWHERE,
    NO_PROXY: '',
  };
}

const TIMEOUT = 120_000;
const MOST_OUTPUT = 64 << 20;

/** The words of a program without what may not be repeated. */
export type Clean = (words: string) => string;

export type Printed =
  | { readonly ok: true; readonly text: string }
  /** In the program's own words, on one line. */
  | { readonly ok: false; readonly reason: string };

/**
 * Runs a program in a folder; what it refuses, and what takes too long or prints too much, is an answer as well.
 * @param clean takes out of its words what may not be repeated, before they are cut
 */
export async function runProgram(
  host: Host,
  program: Program,
  args: readonly string[],
  place: { readonly home: string; readonly folder: string },
  clean: Clean,
): Promise<Printed> {
  try {
    const result = await host.processes.run(program.path, args, {
      workingDirectory: place.folder,
      env: environment(host.env, place.home),
      timeout: TIMEOUT,
      maxBytes: MOST_OUTPUT,
      signal: host.signal,
    });
    return printed(result, place, clean);
  } catch (error) {
    host.signal.throwIfAborted();
    if (error instanceof ToolError && (error.code === 'deadline' || error.code === 'data')) {
      return { ok: false, reason: error.message };
    }
    throw error;
  }
}

function printed(
  { exitCode, stdout, stderr }: ProcessResult,
  { home }: { readonly home: string },
  clean: Clean,
): Printed {
  if (exitCode === 0) return { ok: true, text: new TextDecoder().decode(stdout) };
  const lines = clean(stderr)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(#|WARNING|W\d{4}|I\d{4}|Use --debug)|^level=/.test(line));
  const reason = lines
    .join(' ')
    .replace(/^Error: /, '')
    .replaceAll(home, '');
  return { ok: false, reason: reason.length > 600 ? `${reason.slice(0, 600)}…` : reason || `exit code ${exitCode}` };
}
