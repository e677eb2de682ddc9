import type { Host, ProcessOptions, ProcessResult } from '../host.ts';

const TIMEOUT = 120_000;

/** Nothing that the checkout's configuration names is run, nothing is asked, and its index is left alone. */
const CONFIGURATION: readonly string[] = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.quotePath=false',
  'diff.external=',
];

const INHERITED: readonly string[] = ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR'];

/** Runs git on the checkout around the working directory, to read from it only. */
export function runGit(
  host: Host,
  top: string,
  args: readonly string[],
  options: Pick<ProcessOptions, 'input' | 'maxBytes'> = {},
): Promise<ProcessResult> {
  const settings = [...CONFIGURATION, `safe.directory=${top}`].flatMap((setting) => ['-c', setting]);
  return host.processes.run('git', ['--literal-pathspecs', '--no-optional-locks', ...settings, ...args], {
    ...options,
    workingDirectory: top,
    env: {
      ...inherited(host.env),
      LC_ALL: 'C',
      GIT_TERMINAL_PROMPT: '0',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
    },
    timeout: TIMEOUT,
    signal: host.signal,
  });
}

function inherited(env: Host['env']): Readonly<Record<string, string>> {
  return Object.fromEntries(INHERITED.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name] ?? '']])));
}

export function textOf({ stdout }: ProcessResult): string {
  return new TextDecoder().decode(stdout);
}
