import { ToolError } from '../errors.ts';
import type { Change, ChangeRequest, Forge, Head, MergeResult, Revision, Snapshot } from './forge-client.ts';
import { lostRaces } from './publish.ts';
import { race, type Tried } from './race.ts';
import { requestText } from './request-body.ts';
import { tipOf } from './request-branch.ts';
import {
  type Marker,
  markerValues,
  parseMarker,
  printSection,
  replaceMarker,
  replaceSection,
} from './request-marker.ts';
import { armMerge } from './request-merge.ts';
import {
  type Carried,
  declinedBefore,
  isUpToDate,
  leftAlone,
  NOTHING_CARRIED,
  type OpenRequest,
  supersededBy,
} from './request-plan.ts';
import { findTarget, readScene, type Scene, type Writable } from './request-scene.ts';
import { sealed } from './request-seal.ts';
import {
  type PublishByRequest,
  type PublishedByRequest,
  type RequestPlanned,
  type RequestResult,
  requestsOf,
} from './request-types.ts';

/**
 * Brings the change to the base branch by a request: one branch and one request per group, brought up to date in place.
 * Every write is preceded by reading what is there, so that a run that was killed anywhere is finished by the next one.
 * Commits of others are never overwritten.
 * @throws ToolError input (no requests here), temporary (lost races), data (newer values are proposed already), denied;
 *   and what `plan` throws
 */
export async function publishRequest(forge: Forge, request: PublishByRequest): Promise<PublishedByRequest> {
  requestsOf(forge);
  return race({
    host: request.host,
    conflictTimeout: request.conflictTimeout,
    ...(request.onConflict === undefined ? {} : { onConflict: request.onConflict }),
    attempt: (attempt) => tryOnce(forge, request, attempt),
    lost: (conflict, attempts) => lostRaces(forge, conflict, attempts),
  });
}

/** All that was read of one moment. */
interface Moment {
  readonly forge: Forge;
  readonly request: PublishByRequest;
  readonly base: Head;
  readonly snapshot: Snapshot;
  readonly attempts: number;
}

type Wanted = Extract<RequestPlanned, { kind: 'change' }>;

async function tryOnce(forge: Forge, request: PublishByRequest, attempts: number): Promise<Tried<PublishedByRequest>> {
  const base = await forge.repository.head(request.base);
  const snapshot = await forge.repository.readFiles(request.wanted, base.revision);
  const moment: Moment = { forge, request, base, snapshot, attempts };
  const planned = await request.plan(snapshot, base, NOTHING_CARRIED);
  if (planned.kind === 'nothing') return { won: await nothingToChange(moment, planned.group) };
  const scene = await readScene(moment, planned.group);
  const target = await findTarget(moment, scene);
  if (target.kind === 'conflict') return { conflict: target.reason, branch: scene.group.branch };
  if (target.kind === 'as-it-is')
    return { won: done(moment, scene, target.open.request, { action: 'kept', ours: false }) };
  const wanted = await withCarried(moment, planned, target.carried);
  return wanted === undefined
    ? { conflict: 'what the request carries beside it is on the base branch by now', branch: target.branch }
    : write(moment, scene, target, wanted);
}

/** The base branch holds the values: open requests for older ones are closed, newer ones are none of this run's business. */
async function nothingToChange(moment: Moment, group: string | undefined): Promise<PublishedByRequest> {
  const { base, snapshot, attempts } = moment;
  const published = { changed: false, revision: base.revision, branch: base.branch, snapshot, attempts };
  if (group === undefined) return { ...published, notes: [] };
  const scene = await readScene(moment, group, 'keep-newer');
  const overtaken = scene.open.filter(({ state, covered }) => state.kind !== 'foreign' && covered);
  for (const open of overtaken) {
    await closeOurs(moment, open, `Branch ${base.branch} holds these images, or newer ones, since ${base.revision}.`);
  }
  return { ...published, notes: overtaken.map(({ request }) => `${request.url} was overtaken, and closed`) };
}

async function withCarried(moment: Moment, planned: Wanted, carried: Carried): Promise<Wanted | undefined> {
  if (carried.images.length === 0) return planned;
  const { request, snapshot, base } = moment;
  const both = await request.plan(snapshot, base, carried);
  return both.kind === 'change' ? both : undefined;
}

/** Commit, description, then the rest: killed anywhere, the next run finds what is there and goes on. */
async function write(
  moment: Moment,
  scene: Scene,
  target: Writable,
  wanted: Wanted,
): Promise<Tried<PublishedByRequest>> {
  const { forge, base, request } = moment;
  const { branch, state } = target;
  const values = markerValues(wanted.values);
  const declined = declinedBefore(target.history, { group: scene.group.name, values });
  if (declined !== undefined) {
    return { won: done(moment, scene, declined, { action: 'declined', ours: false }) };
  }
  const upToDate = !target.leftover && isUpToDate(wanted.change, moment.snapshot, state);
  const head = upToDate && state.kind === 'ours' ? state.tip : await commit(moment, target, wanted.change);
  if (typeof head !== 'string') return { conflict: head.conflict, branch };
  const marker: Marker = { group: scene.group.name, values, head };
  const written = await describe(moment, scene, target, wanted, marker);
  const tip = await tipOf(forge, branch);
  if (tip !== undefined && tip !== head)
    return { conflict: `branch ${branch} has moved from ${head} to ${tip}`, branch };
  await closeSuperseded(moment, scene, written.request);
  const merge = await arm(moment, written.request, head, wanted.change.message);
  if (merge?.kind === 'moved') return { conflict: `branch ${branch} moved before it was merged`, branch };
  const action = written.action === 'kept' && !upToDate ? 'updated' : written.action;
  const details = {
    action,
    ours: true,
    head,
    message: wanted.change.message,
    ...(merge === undefined ? {} : { merge }),
  };
  request.host.log.debug(`${written.request.url}: ${action}, on ${base.branch} ${base.revision}.`);
  return { won: done(moment, scene, written.request, details, wanted.change) };
}

async function commit(
  { forge, base }: Moment,
  { branch, state }: Writable,
  change: Change,
): Promise<Revision | { readonly conflict: string }> {
  const expected = state.kind === 'absent' ? 'absent' : state.tip;
  const result = await forge.repository.commit(branch, sealed(change), expected, base.revision);
  return result.kind === 'committed' ? result.revision : { conflict: result.reason };
}

interface Described {
  readonly request: ChangeRequest;
  readonly action: 'opened' | 'updated' | 'kept';
}

async function describe(
  moment: Moment,
  scene: Scene,
  target: Writable,
  wanted: Wanted,
  marker: Marker,
): Promise<Described> {
  const { forge, request, base } = moment;
  const { options } = request;
  const requests = requestsOf(forge);
  const notes = leftAlone(target.open?.request, scene.open);
  const parts = { change: wanted.change, sections: wanted.sections, notes, word: forge.words.pullRequest };
  const section = printSection(marker, requestText(parts));
  const title = options.title ?? wanted.change.title;
  const present =
    target.open?.request ??
    (await requests.open({ ...options, title, body: section, headBranch: target.branch, baseBranch: base.branch }));
  const action = target.open === undefined ? 'opened' : 'updated';
  const old = parseMarker(present.body);
  if (old !== undefined && old.head === marker.head && old.superseded !== true) {
    return { request: present, action: target.open === undefined ? 'opened' : 'kept' };
  }
  const labels = options.labels.filter((label) => !present.labels.includes(label));
  const body = replaceSection(present.body, section);
  const changes = { title, body, ...(labels.length === 0 ? {} : { labels }) };
  return { request: await requests.update(present.number, changes), action };
}

async function closeSuperseded(moment: Moment, scene: Scene, target: ChangeRequest): Promise<void> {
  for (const open of supersededBy(target, scene.open)) {
    await closeOurs(moment, open, `Superseded by ${target.url}.`);
  }
}

/** Marked first, so that nobody takes it for a person's no; the branch goes too, where it is still at our commit. */
async function closeOurs({ forge }: Moment, { request, state }: OpenRequest, comment: string): Promise<void> {
  const requests = requestsOf(forge);
  const marker = parseMarker(request.body);
  if (marker !== undefined) {
    await requests.update(request.number, { body: replaceMarker(request.body, { ...marker, superseded: true }) });
  }
  await requests.close(request.number, comment);
  if (state.kind === 'ours') await forge.repository.deleteBranch(request.headBranch, state.tip);
}

async function arm(
  { forge, request }: Moment,
  { number }: ChangeRequest,
  head: Revision,
  message: string,
): Promise<MergeResult | undefined> {
  const { options, host } = request;
  if (options.autoMerge === 'off') return undefined;
  return armMerge(requestsOf(forge), number, { method: options.autoMerge, head, message }, host);
}

function done(
  moment: Moment,
  scene: Scene,
  request: ChangeRequest,
  result: Omit<RequestResult, 'request' | 'head' | 'holdsAt'> & { readonly head?: Revision },
  change?: Change,
): PublishedByRequest {
  const { base, snapshot, attempts } = moment;
  return {
    changed: result.action === 'opened' || result.action === 'updated',
    revision: base.revision,
    branch: base.branch,
    snapshot,
    attempts,
    ...(change === undefined ? {} : { change }),
    request: { head: request.headRevision, ...result, request, holdsAt: (revision) => holdsAt(moment, revision) },
    notes: leftAlone(request, scene.open),
  };
}

/** Newer values are other ones, too. */
async function holdsAt({ forge, request, base }: Moment, revision: Revision): Promise<boolean> {
  const snapshot = await forge.repository.readFiles(request.wanted, revision);
  try {
    return await request.holds(snapshot, { branch: base.branch, revision });
  } catch (error) {
    if (error instanceof ToolError && error.code === 'data') return false;
    throw error;
  }
}
