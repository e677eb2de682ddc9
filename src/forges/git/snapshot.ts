import { ToolError } from '../../errors.ts';
import type { Revision, Snapshot, SourceFile } from '../forge-client.ts';
import { failureOf, isUnknownObject } from './failure.ts';
import { parseMissing, parseObjects, parseTree } from './listing.ts';
import { retryRead } from './program.ts';
import { type ListedTree, type Opened, output, type Workspace } from './workspace.ts';

const READABLE: ReadonlySet<string> = new Set(['100644', '100755', '120000']);
const SUBMODULE = '160000';
const LARGEST_SNAPSHOT = 256 * 1024 * 1024;

/** Commits and trees only, where the server knows filters; what it sends beyond that is kept and not asked for again. */
export const FETCH: readonly string[] = [
  'fetch',
  '--quiet',
  '--no-tags',
  '--no-write-fetch-head',
  '--no-auto-maintenance',
  '--no-recurse-submodules',
  '--filter=blob:none',
];

/** The files at a revision that `wanted` accepts, with two transfers: the tree, then all the wanted blobs together. */
export async function readSnapshot(
  workspace: Workspace,
  wanted: (path: string) => boolean,
  revision: Revision,
): Promise<Snapshot> {
  const tree = await readTree(workspace, revision);
  const entries = tree.entries.filter(({ mode }) => mode !== SUBMODULE);
  const files = entries.filter(({ mode, path, named }) => named && READABLE.has(mode) && wanted(path));
  const blobs = await readBlobs(workspace, tree, [...new Set(files.map(({ id }) => id))]);
  return {
    revision,
    paths: entries.map(({ path }) => path),
    files: files.map(({ path, mode, id }) => ({
      path,
      bytes: blobs.get(id) ?? missing(path),
      mode: mode as SourceFile['mode'],
    })),
  };
}

/** @throws ToolError missing where the server does not have the commit */
export async function readTree(workspace: Workspace, revision: Revision): Promise<ListedTree> {
  const { memory } = workspace;
  if (memory.tree?.revision === revision) return memory.tree;
  const repository = await workspace.open(revision);
  const absent = (await absentObjects(repository, revision)) ?? (await fetchTree(workspace, repository, revision));
  const args = ['ls-tree', '-r', '-z', '--full-tree', '--end-of-options', revision];
  const listing = await output(workspace.location, repository.local(args, { maxBytes: LARGEST_SNAPSHOT }));
  memory.tree = { revision, entries: parseTree(listing), absent };
  return memory.tree;
}

async function fetchTree(workspace: Workspace, repository: Opened, revision: Revision): Promise<Set<string>> {
  await fetchRevision(workspace, repository, revision);
  const absent = await absentObjects(repository, revision);
  if (absent !== undefined) return absent;
  throw new ToolError('protocol', `${workspace.location} did not send the commit ${revision}.`, {
    hint: 'Run this again.',
  });
}

/**
 * Ids of what is not here of this revision; undefined where the commit itself is not. `--missing=print` is the one way to
 * ask without Git fetching what is absent, one object at a time.
 */
async function absentObjects(repository: Opened, revision: Revision): Promise<Set<string> | undefined> {
  const args = ['rev-list', '--objects', '--no-walk', '--missing=print', '--end-of-options', revision];
  const result = await repository.local(args, { maxBytes: LARGEST_SNAPSHOT });
  const absent = parseMissing(result.stdout);
  return result.exitCode !== 0 || absent.has(revision) ? undefined : absent;
}

async function fetchRevision(workspace: Workspace, repository: Opened, revision: Revision): Promise<void> {
  await retryRead(workspace.host, async () => {
    const result = await repository.network([...FETCH, '--depth=1', '--end-of-options', 'origin', revision]);
    if (result.exitCode === 0) return;
    if (!isUnknownObject(result.stderr)) throw failureOf(result.stderr, workspace.location);
    throw new ToolError('missing', `${workspace.location} does not have the commit ${revision}.`, {
      hint: 'Check the revision; a commit that a force push removed may be gone for good.',
    });
  });
}

async function readBlobs(workspace: Workspace, { revision, absent }: ListedTree, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, Uint8Array>();
  const repository = await workspace.open(revision);
  const toFetch = ids.filter((id) => absent.has(id));
  if (toFetch.length > 0) await fetchBlobs(workspace, repository, toFetch);
  for (const id of toFetch) absent.delete(id);
  const input = `${ids.join('\n')}\n`;
  const batch = repository.local(['cat-file', '--batch'], { input, maxBytes: LARGEST_SNAPSHOT });
  return parseObjects(await output(workspace.location, batch.catch(explainSize)));
}

/** As Git fetches what is missing in a partial clone, but for all blobs in one request. */
async function fetchBlobs(workspace: Workspace, repository: Opened, ids: readonly string[]): Promise<void> {
  const options = { input: `${ids.join('\n')}\n`, configuration: ['fetch.negotiationAlgorithm=noop'] };
  await retryRead(workspace.host, () =>
    output(workspace.location, repository.network([...FETCH, '--stdin', '--end-of-options', 'origin'], options)),
  );
}

function explainSize(error: unknown): never {
  if (!(error instanceof ToolError) || error.code !== 'data') throw error;
  throw new ToolError('data', `The files to read are larger than ${LARGEST_SNAPSHOT / 1024 ** 2} MiB together.`, {
    hint: 'Narrow the globs in files.',
    cause: error,
  });
}

function missing(path: string): never {
  throw new ToolError('protocol', `The server did not send the file ${JSON.stringify(path)}.`, {
    hint: 'Run this again.',
  });
}
