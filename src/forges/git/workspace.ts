import { ToolError } from '../../errors.ts';
import type { Host, ProcessResult } from '../../host.ts';
import type { ForgeAccess, RepositoryAddress, Revision } from '../forge-client.ts';
import { failureOf } from './failure.ts';
import { isRevision, type TreeEntry } from './listing.ts';
import { type GitOptions, type GitProgram, gitProgram } from './program.ts';
import { type Remote, remoteOf } from './remote.ts';
import { trusting } from './trust.ts';

/**
 * A bare repository of our own in a temporary folder, made when it is first needed. It has no working tree, so no hook,
 * filter, submodule or attribute of the config repository ever takes effect, and no checkout of the user is touched.
 */
export interface Workspace {
  readonly host: Host;
  readonly location: string;
  /** The tree that was read last: a commit is made on what was just read. */
  readonly memory: { tree?: ListedTree };
  /** One at a time: Git locks its own files and fails where two processes meet. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** The repository, in the hash format that this revision has. */
  open(revision: Revision): Promise<Opened>;
  /** A network command that needs no repository, such as `ls-remote`. */
  ask(args: readonly string[], options?: GitOptions): Promise<ProcessResult>;
  close(): Promise<void>;
}

export interface ListedTree {
  readonly revision: Revision;
  readonly entries: readonly TreeEntry[];
  /** Ids of files that were not fetched yet. */
  readonly absent: Set<string>;
}

export interface Opened {
  /** Commits whose parents were not fetched: Git keeps them in the file `shallow`, one id a line. */
  cutOff(): Promise<ReadonlySet<string>>;
  local(args: readonly string[], options?: GitOptions): Promise<ProcessResult>;
  network(args: readonly string[], options?: GitOptions): Promise<ProcessResult>;
}

interface Folders {
  readonly home: string;
  readonly git: GitProgram;
}

/** @throws ToolError input where the address is refused */
export function createWorkspace(address: RepositoryAddress, access: ForgeAccess): Workspace {
  const { host } = access;
  const remote = remoteOf(address, access);
  const made: string[] = [];
  const temporary = async (): Promise<string> => {
    const folder = await host.files.makeTemporary('drawbridge-git');
    made.push(folder);
    return folder;
  };
  const folders = once(async (): Promise<Folders> => {
    const home = await temporary();
    return { home, git: gitProgram(host, home, await trusting(host, remote, temporary)) };
  });
  const opened = once(async (revision: Revision) =>
    initialise(host, await folders(), await temporary(), revision, remote),
  );
  const queue = createQueue();
  return {
    host,
    location: remote.clean,
    memory: {},
    alone: queue,
    open: async (revision) => opened(fullRevision(revision)),
    ask: async (args, options) => (await folders()).git.network([...args], options),
    close: () =>
      queue(async () => void (await Promise.all(made.splice(0).map((path) => host.files.removeTemporary(path))))),
  };
}

async function initialise(
  host: Host,
  { git }: Folders,
  folder: string,
  revision: Revision,
  remote: Remote,
): Promise<Opened> {
  const format = revision.length === 64 ? ['--object-format=sha256'] : [];
  const result = await git.local(['init', '--quiet', '--bare', '--template=', ...format, '--end-of-options', folder]);
  if (result.exitCode !== 0) throw failureOf(result.stderr, remote.clean);
  return {
    cutOff: async () =>
      new Set(
        Buffer.from((await host.files.read(`${folder}/shallow`)) ?? '')
          .toString()
          .split('\n'),
      ),
    local: (args, options) => git.local(args, { ...options, gitDirectory: folder }),
    network: (args, options) => git.network(args, { ...options, gitDirectory: folder }),
  };
}

/** What is no commit id could be taken for an option or for another name. */
function fullRevision(revision: Revision): Revision {
  if (isRevision(revision)) return revision;
  throw new ToolError('input', `${JSON.stringify(revision)} is no full commit id.`, {
    hint: 'Give all 40 (or 64) hexadecimal digits, in lower case.',
  });
}

/** Standard output of a command that must succeed. */
export async function output(location: string, result: Promise<ProcessResult>): Promise<Uint8Array> {
  const { exitCode, stdout, stderr } = await result;
  if (exitCode !== 0) throw failureOf(stderr, location);
  return stdout;
}

/** The first call's answer for all calls; a failure is not kept. */
function once<A extends unknown[], T>(make: (...args: A) => Promise<T>): (...args: A) => Promise<T> {
  let made: Promise<T> | undefined;
  return (...args) => {
    made ??= make(...args).catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
}
