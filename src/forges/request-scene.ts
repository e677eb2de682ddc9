import { ToolError } from '../errors.ts';
import type { ChangeRequest, Forge, Head, Snapshot } from './forge-client.ts';
import { textOfCommit, titleOfCommit } from './request-body.ts';
import { readBranch } from './request-branch.ts';
import { BRANCH_PREFIX, branchFamily, branchOf } from './request-group.ts';
import { parseMarker, printSection, replaceSection } from './request-marker.ts';
import {
  type BranchState,
  type Carried,
  chooseOpen,
  type Group,
  isOfGroup,
  isWritable,
  NOTHING_CARRIED,
  type OpenRequest,
  ofGroup,
} from './request-plan.ts';
import { type PublishByRequest, requestsOf } from './request-types.ts';

/** What was read of the base branch. */
export interface Ground {
  readonly forge: Forge;
  readonly request: PublishByRequest;
  readonly base: Head;
  readonly snapshot: Snapshot;
}

/** The open requests around a group. */
export interface Scene {
  readonly group: Group;
  readonly open: readonly OpenRequest[];
  /** Branches of open requests that are not the group's. */
  readonly taken: ReadonlySet<string>;
}

export type Target =
  | { readonly kind: 'conflict'; readonly reason: string }
  /** It holds the values, and commits of others: nothing is written. */
  | { readonly kind: 'as-it-is'; readonly open: OpenRequest }
  | {
      readonly kind: 'write';
      readonly branch: string;
      readonly state: Exclude<BranchState, { kind: 'foreign' }>;
      readonly open?: OpenRequest;
      readonly carried: Carried;
      /** Requests from this branch, newest first. */
      readonly history: readonly ChangeRequest[];
      /** The branch is what an earlier request left behind. */
      readonly leftover: boolean;
    };

export type Writable = Extract<Target, { kind: 'write' }>;

/**
 * @param newer what to make of an open request that proposes newer values: the run ends, or it is left alone
 * @throws ToolError input (branch is the base branch); what `holds` throws
 */
export async function readScene(ground: Ground, name: string, newer: 'throw' | 'keep-newer' = 'throw'): Promise<Scene> {
  const { forge, request, base } = ground;
  const group: Group = { name, branch: request.options.branch ?? branchOf(name, base.branch), base: base.branch };
  if (group.branch === base.branch) throw branchIsBase(group.branch);
  const listed = await requestsOf(forge).listOpen(group.branch);
  const open: OpenRequest[] = [];
  for (const one of ofGroup(listed, group)) open.push(await inspect(ground, one, newer));
  const own = new Set(open.map(({ request: { number } }) => number));
  const taken = new Set(listed.filter(({ number }) => !own.has(number)).map(({ headBranch }) => headBranch));
  return { group, open, taken };
}

async function inspect(ground: Ground, request: ChangeRequest, newer: 'throw' | 'keep-newer'): Promise<OpenRequest> {
  const state = await readBranch({ ...ground, wanted: ground.request.wanted }, request.headBranch);
  try {
    const holds = await holdsWanted(ground, request.headBranch, state);
    const carried = await carriedBy(ground, state);
    const covered = state.kind === 'ours' ? ground.request.covers(state.commit.message) : state.kind !== 'foreign';
    return { request, state, holds, covered, ...(carried === undefined ? {} : { carried }) };
  } catch (error) {
    if (!(error instanceof ToolError) || error.code !== 'data') throw error;
    if (newer === 'keep-newer') return { request, state, holds: false, covered: false };
    await repairText(ground, request, state);
    throw error;
  }
}

function holdsWanted({ request }: Ground, branch: string, state: BranchState): boolean | Promise<boolean> {
  if (state.kind === 'absent' || state.kind === 'base') return false;
  return request.holds(state.snapshot, { branch, revision: state.tip });
}

async function carriedBy({ forge, request }: Ground, state: BranchState): Promise<Carried | undefined> {
  if (state.kind === 'foreign') return undefined;
  if (state.kind !== 'ours' || request.covers(state.commit.message)) return NOTHING_CARRIED;
  const { paths, snapshot, commit, parent } = state;
  const before = () => forge.repository.readFiles((path) => paths.has(path), parent);
  return request.carry({ message: commit.message, paths, snapshot, before });
}

/** A run that ended between its commit and its description, or whose description came late, left the wrong one behind. */
async function repairText({ forge }: Ground, request: ChangeRequest, state: BranchState): Promise<void> {
  const marker = parseMarker(request.body);
  if (state.kind !== 'ours' || marker === undefined || marker.head === state.tip) return;
  const section = printSection({ ...marker, values: [], head: state.tip }, textOfCommit(state.commit));
  const body = replaceSection(request.body, section);
  await requestsOf(forge).update(request.number, { title: titleOfCommit(state.commit), body });
}

/** Where to write. @throws ToolError data (every branch of the family holds commits of others); what `holds` throws */
export async function findTarget(ground: Ground, scene: Scene): Promise<Target> {
  const chosen = chooseOpen(scene.open);
  if (scene.open.some(({ state }) => state.kind === 'foreign') && (await baseMoved(ground))) return BASE_MOVED;
  if (chosen === undefined) return newBranch(ground, scene);
  const { request, state, carried } = chosen;
  if (!isWritable(chosen) || state.kind === 'foreign' || carried === undefined)
    return { kind: 'as-it-is', open: chosen };
  const history = await requestsOf(ground.forge).find(request.headBranch);
  return { kind: 'write', branch: request.headBranch, state, open: chosen, carried, history, leftover: false };
}

const BASE_MOVED: Target = { kind: 'conflict', reason: 'the base branch has moved' };

/** What seems to be of others may stand on a commit of the base branch that was not seen yet. */
async function baseMoved({ forge, base }: Ground): Promise<boolean> {
  return (await forge.repository.head(base.branch)).revision !== base.revision;
}

async function newBranch(ground: Ground, scene: Scene): Promise<Target> {
  const held = new Set([...scene.taken, ...scene.open.map(({ request }) => request.headBranch), scene.group.base]);
  for (const branch of branchFamily(scene.group.branch).filter((name) => !held.has(name))) {
    const target = await tryBranch(ground, scene, branch);
    if (target !== undefined) return target;
    if (await baseMoved(ground)) return BASE_MOVED;
    ground.request.host.log.warning(`Branch ${branch} holds commits that are not Drawbridge's, and is left as it is.`);
  }
  const text = `Branch ${scene.group.branch} of ${ground.forge.location} and those that could take its place hold commits by others.`;
  throw new ToolError('data', text, {
    hint: 'Nothing was written. Merge, close or delete them, or name another branch in the input branch.',
  });
}

/** @returns undefined where the branch holds something that must stay */
async function tryBranch(ground: Ground, { group }: Scene, branch: string): Promise<Target | undefined> {
  const state = await readBranch({ ...ground, wanted: ground.request.wanted }, branch);
  if (state.kind === 'foreign') return undefined;
  const history = await requestsOf(ground.forge).find(branch);
  if (history.some((request) => isOfGroup(request, { ...group, branch }))) {
    return { kind: 'conflict', reason: `a request from branch ${branch} was opened meanwhile` };
  }
  if (state.kind === 'base' && !isKnown(branch, group, history)) return undefined;
  const target = { kind: 'write', branch, state, history } as const;
  if (state.kind !== 'ours') return { ...target, carried: NOTHING_CARRIED, leftover: false };
  if (history.some(({ headRevision }) => headRevision === state.tip)) {
    return { ...target, carried: NOTHING_CARRIED, leftover: true };
  }
  await holdsWanted(ground, branch, state);
  const carried = await carriedBy(ground, state);
  return carried === undefined ? undefined : { ...target, carried, leftover: false };
}

/** A branch with nothing of its own may still be one that people use, unless its name or an earlier request says that it is ours. */
function isKnown(branch: string, group: Group, history: readonly ChangeRequest[]): boolean {
  return branch.startsWith(BRANCH_PREFIX) || history.some(({ body }) => parseMarker(body)?.group === group.name);
}

function branchIsBase(branch: string): ToolError {
  return new ToolError('input', `branch: ${branch} is the base branch itself.`, {
    hint: 'Name a branch that only this request uses, or leave it out.',
  });
}
