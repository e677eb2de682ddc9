import type { Change, ChangeRequest, LoggedCommit, Revision, Snapshot } from './forge-client.ts';
import { branchFamily } from './request-group.ts';
import { type Marker, parseMarker } from './request-marker.ts';

/** What a branch for requests holds, against the base branch. */
export type BranchState =
  | { readonly kind: 'absent' }
  /** Nothing of its own: the base branch contains its tip. */
  | { readonly kind: 'base'; readonly tip: Revision }
  /** One commit that is exactly as we made it, on a commit of the base branch. */
  | {
      readonly kind: 'ours';
      readonly tip: Revision;
      readonly parent: Revision;
      readonly commit: LoggedCommit;
      /** Paths that the commit changed. */
      readonly paths: ReadonlySet<string>;
      readonly snapshot: Snapshot;
    }
  /** Something of somebody else, which is never overwritten. */
  | { readonly kind: 'foreign'; readonly tip: Revision; readonly commit: LoggedCommit; readonly snapshot: Snapshot };

/** What an open request proposes beside what this run wants, and must go on proposing. */
export interface Carried {
  /** References, `repository:tag`. */
  readonly images: readonly string[];
  /** Where they are written. */
  readonly paths: ReadonlySet<string>;
}

export const NOTHING_CARRIED: Carried = { images: [], paths: new Set() };

/** An open request of the group. */
export interface OpenRequest {
  readonly request: ChangeRequest;
  readonly state: BranchState;
  /** Its branch reads the wanted values already. */
  readonly holds: boolean;
  /** It proposes nothing but what this run decides about. */
  readonly covered: boolean;
  /** Absent where what it proposes beside ours cannot be proposed again exactly. */
  readonly carried?: Carried;
}

export interface Group {
  readonly name: string;
  readonly branch: string;
  readonly base: string;
}

/**
 * A request is ours when its head branch is our branch in this very repository; its marker says only which group it belongs to.
 * Without a marker (opened by hand, or its description cleared) the branch's own name has to do.
 */
export function isOfGroup(request: ChangeRequest, { name, branch, base }: Group): boolean {
  const { state, sameRepository, headBranch, baseBranch, body } = request;
  if (state !== 'open' || !sameRepository || baseBranch !== base) return false;
  if (!branchFamily(branch).includes(headBranch)) return false;
  const marker = parseMarker(body);
  return marker === undefined ? headBranch === branch : marker.group === name;
}

/** Those of the group; the one from the group's own branch first, whatever order the forge has. */
export function ofGroup(requests: readonly ChangeRequest[], group: Group): readonly ChangeRequest[] {
  const family = branchFamily(group.branch);
  const own = requests.filter((request) => isOfGroup(request, group));
  return own.sort((a, b) => family.indexOf(a.headBranch) - family.indexOf(b.headBranch));
}

/** Which open request to go on with: one that holds the values, else one that may be written; undefined: a new one. */
export function chooseOpen(open: readonly OpenRequest[]): OpenRequest | undefined {
  const writable = open.filter(isWritable);
  return writable.find(({ holds }) => holds) ?? open.find(({ holds }) => holds) ?? writable[0];
}

export function isWritable({ state, carried }: OpenRequest): boolean {
  return state.kind !== 'foreign' && carried !== undefined;
}

/** The request that a person closed when it proposed these very values, if that is the last that became of them. */
export function declinedBefore(history: readonly ChangeRequest[], marker: Marker): ChangeRequest | undefined {
  const last = history.find(({ state, sameRepository, body }) => {
    const old = parseMarker(body);
    return state !== 'open' && sameRepository && old !== undefined && proposesSame(old, marker);
  });
  return last?.state === 'closed' && parseMarker(last.body)?.superseded !== true ? last : undefined;
}

function proposesSame(a: Marker, b: Marker): boolean {
  return a.group === b.group && JSON.stringify(a.values) === JSON.stringify(b.values);
}

/** True where the branch's commit leads to exactly the content that the change would have on the base branch of now. */
export function isUpToDate(change: Change, base: Snapshot, state: BranchState): boolean {
  if (state.kind !== 'ours') return false;
  const wanted = new Map([...base.files, ...change.files].map(({ path, bytes }) => [path, bytes]));
  const present = new Map(state.snapshot.files.map(({ path, bytes }) => [path, bytes]));
  const paths = new Set([...state.paths, ...change.files.map(({ path }) => path)]);
  return [...paths].every((path) => sameBytes(wanted.get(path), present.get(path)));
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** Open requests of the group that the one that was gone on with takes the place of. */
export function supersededBy(target: ChangeRequest, open: readonly OpenRequest[]): readonly OpenRequest[] {
  return open.filter(({ request, state, covered }) => {
    return request.number !== target.number && state.kind !== 'foreign' && covered;
  });
}

/** One sentence per open request that stays although the group has another one now. */
export function leftAlone(target: ChangeRequest | undefined, open: readonly OpenRequest[]): readonly string[] {
  return open.flatMap(({ request, state }) => {
    if (request.number === target?.number || state.kind !== 'foreign') return [];
    const { revision, author } = state.commit;
    return [
      `${request.url} holds a commit by somebody else (${revision.slice(0, 12)} by ${author}) and is left as it is`,
    ];
  });
}
