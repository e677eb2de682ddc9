import { ToolError } from '../../errors.ts';
import type { LoggedCommit, LogQuery, Relation, Revision } from '../forge-client.ts';
import { failureOf, isUnknownObject } from './failure.ts';
import { isRevision, parseChangedPaths } from './listing.ts';
import { retryRead } from './program.ts';
import { FETCH } from './snapshot.ts';
import { type Opened, output, type Workspace } from './workspace.ts';

/** Most questions are about the last few commits; only the rare one needs all of history (Git's own name for all is 2^31-1). */
const DEPTHS: readonly number[] = [16, 256, 4_096, 2_147_483_647];

type Found = 'contains' | 'lacks' | 'undecided';

/** How `revision` stands to `wanted`; both must be full ids. Fetches commits and trees, more and more of them as needed. */
export async function findRelation(workspace: Workspace, revision: Revision, wanted: Revision): Promise<Relation> {
  if (revision === wanted) return isRevision(revision) ? 'equal' : 'unknown';
  if (!isRevision(revision) || !isRevision(wanted) || revision.length !== wanted.length) return 'unknown';
  const repository = await workspace.open(revision);
  for (const depth of DEPTHS) {
    if (!(await fetchHistory(workspace, repository, [revision, wanted], depth))) return 'unknown';
    const found = await ancestry(repository, revision, wanted);
    if (found === 'contains')
      return (await isReverted(workspace, repository, revision, wanted)) ? 'reverted' : 'contains';
    if (found === 'lacks') return 'lacks';
  }
  return 'unknown';
}

/** True where `wanted` is in the history of `revision`, undone or not. */
export async function holds(
  workspace: Workspace,
  revision: Revision,
  wanted: Revision,
  signal?: AbortSignal,
): Promise<boolean> {
  const repository = await workspace.open(revision);
  for (const depth of DEPTHS) {
    if (!(await fetchHistory(workspace, repository, [revision], depth, signal))) return false;
    const found = await ancestry(repository, revision, wanted, signal);
    if (found !== 'undecided') return found === 'contains';
  }
  return false;
}

/** @returns false where the server does not have one of them */
async function fetchHistory(
  workspace: Workspace,
  repository: Opened,
  revisions: readonly Revision[],
  depth: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const args = [...FETCH, `--depth=${depth}`, '--end-of-options', 'origin', ...revisions];
  return retryRead(
    workspace.host,
    async () => {
      const { exitCode, stderr } = await repository.network(args, signal === undefined ? {} : { signal });
      if (exitCode === 0) return true;
      if (isUnknownObject(stderr)) return false;
      throw failureOf(stderr, workspace.location);
    },
    signal,
  );
}

/** Decides from what was fetched; an answer of no needs the whole history of the one that is said not to hold the other. */
async function ancestry(
  repository: Opened,
  revision: Revision,
  wanted: Revision,
  signal?: AbortSignal,
): Promise<Found> {
  const options = signal === undefined ? {} : { signal };
  const isAncestor = async (older: Revision, newer: Revision) =>
    (await repository.local(['merge-base', '--is-ancestor', older, newer], options)).exitCode;
  const forward = await isAncestor(wanted, revision);
  if (forward !== 1) return forward === 0 ? 'contains' : 'undecided';
  if ((await isAncestor(revision, wanted)) === 0) return 'lacks';
  return (await isWhole(repository, revision, options)) ? 'lacks' : 'undecided';
}

/** True where no commit that the fetch cut off is among the ends of this history; the file lists those, one id a line. */
async function isWhole(repository: Opened, revision: Revision, options: { signal?: AbortSignal }): Promise<boolean> {
  const result = await repository.local(['rev-list', '--max-parents=0', '--end-of-options', revision], options);
  if (result.exitCode !== 0) return false;
  const cut = await repository.cutOff();
  return !lines(result.stdout).some((id) => cut.has(id));
}

/** True where T changed files and every one of them is at `revision` exactly what it was before T. */
async function isReverted(workspace: Workspace, repository: Opened, revision: Revision, wanted: Revision) {
  const before = await parentOf(workspace, repository, wanted);
  const changedByWanted = await changedPaths(workspace, repository, before, wanted);
  const changedSince = await changedPaths(workspace, repository, before, revision);
  return changedByWanted.size > 0 && [...changedByWanted].every((path) => !changedSince.has(path));
}

/** See `RepositoryRole.changedPaths`. */
export async function readChangedPaths(workspace: Workspace, revision: Revision): Promise<readonly string[]> {
  const repository = await workspace.open(revision);
  if (!(await fetchHistory(workspace, repository, [revision], 2))) throw unknownRevision(workspace, revision);
  const paths = await changedPaths(workspace, repository, await parentOf(workspace, repository, revision), revision);
  return [...paths].map((bytes) => Buffer.from(bytes, 'latin1').toString()).sort();
}

/** The first parent, that is, what the branch held before; the empty tree for a first commit. */
async function parentOf(workspace: Workspace, repository: Opened, revision: Revision): Promise<string> {
  const args = ['rev-list', '--parents', '--max-count=1', '--end-of-options', revision];
  const [line = ''] = lines(await output(workspace.location, repository.local(args)));
  const parent = line.split(' ')[1];
  if (parent !== undefined) return parent;
  const empty = repository.local(['hash-object', '-w', '-t', 'tree', '--stdin'], { input: '' });
  return lines(await output(workspace.location, empty))[0] ?? '';
}

async function changedPaths(workspace: Workspace, repository: Opened, from: string, to: string) {
  const args = ['diff-tree', '-r', '-z', '--raw', '--no-abbrev', '--no-renames', '--end-of-options', from, to];
  return parseChangedPaths(await output(workspace.location, repository.local(args)));
}

/** Commits along first parents, newest first; see `LogQuery`. @throws ToolError missing where `from` is not there */
export async function readLog(workspace: Workspace, query: LogQuery): Promise<readonly LoggedCommit[]> {
  const { from, limit, trailers } = query;
  const repository = await workspace.open(from);
  const depths = trailers === undefined ? [Math.max(1, limit) + 1] : DEPTHS;
  let commits: readonly LoggedCommit[] = [];
  for (const depth of depths) {
    if (!(await fetchHistory(workspace, repository, [from], depth))) throw unknownRevision(workspace, from);
    commits = await listCommits(workspace, repository, query);
    const cut = await repository.cutOff();
    if (!commits.some(({ revision }) => cut.has(revision)) && commits.length === limit) break;
    if (await isWhole(repository, from, {})) break;
  }
  return commits;
}

async function listCommits(workspace: Workspace, repository: Opened, { from, limit, trailers }: LogQuery) {
  const search =
    trailers === undefined ? [] : ['--extended-regexp', `--grep=^(${trailers.map(trailerPattern).join('|')}): `];
  const args = ['log', '-z', '--first-parent', '--no-color', '--no-notes', '--no-mailmap', '--encoding=UTF-8'];
  const format = '--format=tformat:%H%n%P%n%an <%ae>%n%ct%n%B';
  const all = [...args, ...search, `--max-count=${limit}`, format, '--end-of-options', from];
  const text = Buffer.from(await output(workspace.location, repository.local(all))).toString();
  return text
    .split('\0')
    .filter((entry) => entry !== '')
    .map(parseCommit);
}

function parseCommit(entry: string): LoggedCommit {
  const [revision = '', parents = '', author = '', seconds = '', ...message] = entry.split('\n');
  return {
    revision,
    parents: parents === '' ? [] : parents.split(' '),
    author,
    committedAt: Number(seconds) * 1000,
    message: message.join('\n'),
  };
}

function trailerPattern(trailer: string): string {
  if (/^[A-Za-z0-9-]+$/.test(trailer)) return trailer;
  throw new ToolError('internal', `${JSON.stringify(trailer)} cannot be the name of a trailer.`);
}

function unknownRevision(workspace: Workspace, revision: Revision): ToolError {
  return new ToolError('missing', `${workspace.location} does not have the commit ${revision}.`, {
    hint: 'Check the revision; a commit that a force push removed may be gone for good.',
  });
}

function lines(bytes: Uint8Array): string[] {
  return Buffer.from(bytes)
    .toString()
    .split('\n')
    .filter((line) => line !== '');
}
