import { ToolError } from '../../errors.ts';
import type { Host } from '../../host.ts';

export type GitHost = Pick<Host, 'processes' | 'env'>;

export interface GitOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The folder itself is the repository, without a search through its parents. */
  readonly bare?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Runs git in a folder, without any configuration of the machine, and gives its output.
 * @throws ToolError io when git ends with an error, missing when there is no git.
 */
export async function git(host: GitHost, folder: string, args: readonly string[], options: GitOptions = {}) {
  const result = await host.processes.run('git', ['-C', folder, ...args], {
    env: { ...environment(host), ...(options.bare ? { GIT_DIR: '.' } : {}), ...options.env },
    timeout: 30_000,
    ...(options.input === undefined ? {} : { input: options.input }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  if (result.exitCode !== 0) {
    throw new ToolError('io', `git ${args[0] ?? ''} failed in ${folder}: ${result.stderr.trim()}`);
  }
  return result.stdout;
}

/** The same, as text without the last line break. */
export async function gitText(host: GitHost, folder: string, args: readonly string[], options: GitOptions = {}) {
  return new TextDecoder().decode(await git(host, folder, args, options)).trimEnd();
}

function environment(host: GitHost): Record<string, string> {
  const kept = ['PATH', 'Path', 'SystemRoot', 'TEMP', 'TMP'].flatMap((name) => {
    const value = host.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
  };
}
