import { claimsBump } from '../editing/audit.ts';
import { type ChangedSince, type Inversion, invert } from '../editing/invert.ts';
import { describeChange } from '../editing/message.ts';
import { parseTrailers, trailerValues } from '../editing/trailers.ts';
import { ToolError } from '../errors.ts';
import type { Forge, Head, LoggedCommit, Revision, Snapshot } from '../forges/forge-client.ts';
import { BRANCH_PREFIX } from '../forges/request-group.ts';
import type { PublishedByRequest, RequestPlanned } from '../forges/request-types.ts';
import type { Host } from '../host.ts';
import { isImageProblem, normaliseImageName, parseImageRef } from '../image/image-ref.ts';
import type { InputValues } from '../inputs/definitions.ts';
import { pathFilter } from '../manifests/path-filter.ts';
import { type Gate, messageContext, NO_GATE, publishByStrategy, valuesOf } from './bumping.ts';
import type { RequestInputs } from './requesting.ts';
import { count, short } from './words.ts';

/** Commits with trailers that are looked at for the last bump; older ones must be named. */
const SEARCHED = 100;

/** Commits of the base branch that are looked into for requests that were merged by a merge commit. */
const SEARCHED_MERGES = 30;

export type RollbackInputs = RequestInputs &
  Pick<
    InputValues<'rollback'>,
    'baseBranch' | 'conflictTimeout' | 'strategy' | 'dryRun' | 'commitMessage' | 'images' | 'files' | 'commit'
  > & {
    /** The commit whose trailers tell what `commit` bumped, where a merge left them behind. */
    readonly describedBy?: Revision;
  };

export interface RolledBack {
  readonly published: PublishedByRequest;
  /** The bump that was undone. */
  readonly bump: LoggedCommit;
  /** The commit that had undone it before this run, where one had. */
  readonly by?: Revision;
}

type Found =
  | { readonly kind: 'bump'; readonly commit: LoggedCommit }
  | { readonly kind: 'undone'; readonly commit: LoggedCommit; readonly by: Revision };

/**
 * Undoes one bump by a new commit: the values come from its parent, and only where each still is what the bump wrote.
 * A bump that was undone already is left alone, so that running it twice does not go back two steps.
 * @throws ToolError missing (no bump found), data (changed since, or not a bump), denied, temporary
 */
export async function publishRollback(
  forge: Forge,
  inputs: RollbackInputs,
  host: Host,
  gate: Gate = NO_GATE,
): Promise<RolledBack> {
  let found: Found | undefined;
  const plan = async (snapshot: Snapshot, head: Head): Promise<RequestPlanned> => {
    found = await findBump(forge, head, inputs, host);
    if (found.kind === 'undone') return { kind: 'nothing' };
    const inversion = await inversionOf(forge, found.commit, snapshot, inputs.files);
    if (inversion.kind === 'nothing') return { kind: 'nothing', group: groupOfRollback(found.commit, inputs) };
    if (inversion.kind !== 'change') throw refused(found.commit, inversion);
    if (!(await gate.check(inversion, snapshot, head))) return { kind: 'nothing' };
    const change = describeRollback(found.commit, inversion, inputs, host);
    const group = groupOfRollback(found.commit, inputs);
    return { kind: 'change', change, group, values: valuesOf(change.edits), sections: gate.sections() };
  };
  const published = await publishByStrategy(forge, { ...inputs, files: [] }, host, {
    plan,
    holds: async (snapshot) => {
      if (found === undefined) return false;
      return (await inversionOf(forge, found.commit, snapshot, inputs.files)).kind === 'nothing';
    },
    covers: (message) => found !== undefined && rolledBackBy({ message }).includes(found.commit.revision),
    carry: async () => undefined,
  });
  if (found === undefined) throw noBump(forge, published.branch, inputs);
  return { published, bump: found.commit, ...(found.kind === 'undone' ? { by: found.by } : {}) };
}

/** Each bump that is undone has a request of its own. */
function groupOfRollback({ revision }: LoggedCommit, { branch }: RollbackInputs): string {
  return branch ?? `rollback-${short(revision)}`;
}

function describeRollback(
  bump: LoggedCommit,
  { edits, files }: Extract<Inversion, { kind: 'change' }>,
  inputs: RollbackInputs,
  host: Host,
) {
  const title = inputs.commitMessage ?? `revert: ${titleOf(bump)}`;
  return describeChange(edits, files, { ...messageContext(inputs, host), title, rollsBack: bump.revision });
}

function titleOf({ message }: LoggedCommit): string {
  return message.split('\n', 1)[0] ?? '';
}

async function findBump(forge: Forge, head: Head, inputs: RollbackInputs, host: Host): Promise<Found> {
  const log = await bumpsBefore(forge, head.revision);
  const undoneBy = new Map(
    log.flatMap((commit) => rolledBackBy(commit).map((revision) => [revision, commit.revision] as const)),
  );
  const candidates = inputs.commit === undefined ? log : await named(forge, inputs.commit, inputs.describedBy);
  for (const commit of candidates) {
    if (!concerns(commit, inputs.images)) continue;
    const [rolledBack] = rolledBackBy(commit);
    if (rolledBack !== undefined && inputs.commit === undefined) {
      const bump = log.find(({ revision }) => revision === rolledBack) ?? commit;
      return { kind: 'undone', commit: bump, by: commit.revision };
    }
    const by = undoneBy.get(commit.revision);
    if (by !== undefined) return { kind: 'undone', commit, by };
    if (inputs.commit !== undefined || (await isBump(forge, commit, host))) return { kind: 'bump', commit };
  }
  throw noBump(forge, head.branch, inputs);
}

/** Commits of the base branch that say that they bumped images, newest first. */
async function bumpsBefore(forge: Forge, from: Revision): Promise<readonly LoggedCommit[]> {
  const recent = await forge.repository.log({ from, limit: SEARCHED_MERGES });
  const described = await Promise.all(recent.map((commit) => describeMerge(forge, commit)));
  const known = new Set(recent.map(({ revision }) => revision));
  const older = await forge.repository.log({ from, limit: SEARCHED, trailers: ['Image', 'Set'] });
  return [...described.filter(isClaimed), ...older.filter(({ revision }) => !known.has(revision))];
}

/**
 * The forge's own text stands on a merge commit; what it merged is told by the commit that it merged. Those texts name the
 * branch, which tells ours from others.
 */
export async function describeMerge(forge: Forge, commit: LoggedCommit): Promise<LoggedCommit> {
  const [, merged] = commit.parents;
  if (merged === undefined || isClaimed(commit) || !commit.message.includes(BRANCH_PREFIX)) return commit;
  return describedAs(forge, commit, merged);
}

async function describedAs(forge: Forge, commit: LoggedCommit, by: Revision): Promise<LoggedCommit> {
  const [other] = await forge.repository.log({ from: by, limit: 1 });
  return other === undefined ? commit : { ...commit, message: other.message };
}

function isClaimed({ message }: LoggedCommit): boolean {
  return claimsBump(message);
}

function rolledBackBy({ message }: Pick<LoggedCommit, 'message'>): readonly string[] {
  return trailerValues(parseTrailers(message), 'Rolls-Back');
}

async function named(forge: Forge, revision: Revision, describedBy?: Revision): Promise<readonly LoggedCommit[]> {
  const commits = await forge.repository.log({ from: revision, limit: 1 });
  return Promise.all(
    commits.map((commit) => {
      const by = describedBy ?? commit.parents[1];
      return by === undefined || isClaimed(commit) ? commit : describedAs(forge, commit, by);
    }),
  );
}

/** Anyone can write a trailer; a commit that changed anything else is told and passed over. */
async function isBump(forge: Forge, commit: LoggedCommit, host: Host): Promise<boolean> {
  const files = await filesAround(forge, commit);
  const inversion = invert({ ...files, head: files.commit, trailers: parseTrailers(commit.message) });
  if (inversion.kind !== 'not-a-bump') return true;
  host.log.info(
    `${short(commit.revision)} has the trailers of a bump and is none: ${inversion.reason}. Looking further back.`,
  );
  return false;
}

function concerns({ message }: LoggedCommit, images: readonly string[]): boolean {
  if (images.length === 0) return true;
  const changed = trailerValues(parseTrailers(message), 'Image').map(imageName);
  return images.some((image) => changed.includes(imageName(image)));
}

function imageName(text: string): string {
  const ref = parseImageRef(text);
  return isImageProblem(ref) ? text : normaliseImageName(ref);
}

async function inversionOf(
  forge: Forge,
  bump: LoggedCommit,
  snapshot: Snapshot,
  globs: readonly string[],
): Promise<Inversion> {
  const { parent, commit } = await filesAround(forge, bump);
  const paths = new Set(commit.map(({ path }) => path));
  const { files: head } = await forge.repository.readFiles((path) => paths.has(path), snapshot.revision);
  return within(invert({ parent, commit, head, trailers: parseTrailers(bump.message) }), globs);
}

/** Only what `files` names is undone; the proof that the commit is a bump was made on all of it. */
function within(inversion: Inversion, globs: readonly string[]): Inversion {
  if (globs.length === 0 || inversion.kind !== 'change') return inversion;
  const isMeant = pathFilter(globs);
  const edits = inversion.edits.filter(({ path }) => isMeant(path));
  return edits.length === 0
    ? { kind: 'nothing' }
    : { kind: 'change', edits, files: inversion.files.filter(({ path }) => isMeant(path)) };
}

/** The files that a commit changed, before it and after it. */
export async function filesAround(forge: Forge, { revision, parents }: LoggedCommit) {
  const paths = new Set(await forge.repository.changedPaths(revision));
  const wanted = (path: string) => paths.has(path);
  const [parent] = parents;
  const [before, after] = await Promise.all([
    parent === undefined ? { files: [] } : forge.repository.readFiles(wanted, parent),
    forge.repository.readFiles(wanted, revision),
  ]);
  return { parent: before.files, commit: after.files };
}

function refused(bump: LoggedCommit, inversion: Extract<Inversion, { kind: 'not-a-bump' | 'conflict' }>): ToolError {
  const name = `${short(bump.revision)} (${titleOf(bump)})`;
  if (inversion.kind === 'not-a-bump') {
    return new ToolError('data', `${name} is not a bump: ${inversion.reason}`, {
      hint: 'Undo it with git revert and a review.',
    });
  }
  return new ToolError('data', `${name} cannot be undone: ${count(inversion.places.length, 'place')} changed since`, {
    problems: inversion.places.map(sentenceOf),
    hint: 'Nothing was written. Bump to the wanted image instead, or undo the later changes first.',
  });
}

function sentenceOf({ path, line, place, expected, found }: ChangedSince): string {
  const where = line === undefined ? path : `${path}:${line}`;
  return `${where} ${place}: the bump wrote ${expected}, ${found === undefined ? 'and the place is gone' : `now it is ${found}`}`;
}

function noBump(forge: Forge, branch: string, { images }: RollbackInputs): ToolError {
  const of = images.length === 0 ? '' : ` of ${images.join(', ')}`;
  return new ToolError('missing', `No bump${of} is among the last commits of ${branch} in ${forge.location}`, {
    hint: 'Bumps are found by the trailers in their commit messages; name an older one in commit.',
  });
}
