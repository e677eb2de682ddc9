import { ToolError } from '../../errors.ts';
import type { Host, ProcessResult } from '../../host.ts';
import {
  baseEnvironment,
  headerEnvironment,
  networkConfiguration,
  SAFE_CONFIGURATION,
  sshEnvironment,
} from './environment.ts';
import type { Remote } from './remote.ts';

const LOCAL_TIMEOUT = 120_000;
const NETWORK_TIMEOUT = 600_000;
const READ_TRIES = 5;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 8_000;

export interface GitOptions {
  /** Where the process works: a bare repository, or none. */
  readonly gitDirectory?: string;
  readonly input?: string | Uint8Array;
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
  readonly configuration?: readonly string[];
}

/** Runs the git program for one remote. Nothing but `network` may reach that remote, and only it has the credentials. */
export interface GitProgram {
  local(args: readonly string[], options?: GitOptions): Promise<ProcessResult>;
  network(args: readonly string[], options?: GitOptions): Promise<ProcessResult>;
}

/** @param home an empty folder that is the home, and the working directory, of every process */
export function gitProgram(host: Host, home: string, remote?: Remote): GitProgram {
  const run = (args: readonly string[], options: GitOptions, scope: Scope) =>
    host.processes.run('git', [...globalArguments(scope.configuration, options), ...args], {
      workingDirectory: home,
      env: { ...baseEnvironment(host.env, home), ...scope.env },
      timeout: scope.timeout,
      signal: options.signal ?? host.signal,
      ...(options.input === undefined ? {} : { input: options.input }),
      ...(options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes }),
    });
  const outside = remote === undefined ? undefined : networkScope(host, remote);
  return {
    local: (args, options = {}) => run(args, options, LOCAL),
    network: async (args, options = {}) => {
      if (outside === undefined) throw new ToolError('internal', 'Git was asked for a remote that it was not given.');
      return run(args, options, outside);
    },
  };
}

interface Scope {
  readonly configuration: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly timeout: number;
}

const LOCAL: Scope = { configuration: SAFE_CONFIGURATION, env: {}, timeout: LOCAL_TIMEOUT };

function networkScope(host: Host, remote: Remote): Scope {
  const { protocol, header } = remote;
  return {
    configuration: [...SAFE_CONFIGURATION, ...networkConfiguration(remote, remote.caFile)],
    env: {
      ...(protocol === 'ssh' ? sshEnvironment(host.env) : {}),
      ...(header === undefined ? {} : headerEnvironment(header.origin, header.value)),
    },
    timeout: NETWORK_TIMEOUT,
  };
}

function globalArguments(configuration: readonly string[], { gitDirectory, configuration: more = [] }: GitOptions) {
  const place = gitDirectory === undefined ? [] : [`--git-dir=${gitDirectory}`];
  return [...place, '--literal-pathspecs', ...[...configuration, ...more].flatMap((setting) => ['-c', setting])];
}

/** Repeats a *read* that failed for a passing reason, up to 5 times with full jitter, 15 s of waiting at the most. */
export async function retryRead<T>(host: Host, read: () => Promise<T>, signal = host.signal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ToolError) || error.code !== 'temporary' || attempt === READ_TRIES) throw error;
      host.log.debug(`Reading again: ${error.message}`);
      await host.clock.sleep(host.random() * Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** attempt), signal);
    }
  }
}
