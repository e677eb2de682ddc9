import type { Attempt, Target } from '../delivery-engine.ts';
import type { ChartOrigin } from './chart.ts';
import {
  chartOf,
  chartOrigin,
  chartPaths,
  chartStrand,
  chartTaken,
  neverReleased,
  noteChart,
  type Unreleased,
} from './chart.ts';
import { noteChecked } from './checked.ts';
import { dependencyOf } from './dependency.ts';
import { type Finding, lastingFailure, type Memory, type Strand, weakest, withoutFailure } from './finding.ts';
import { type FluxObject, nameOf, words } from './flux-object.ts';
import { hasGivenUp, isReleased } from './helm-release-status.ts';
import { ownerIn, ownerStrand, ownerTaken } from './owner.ts';
import { preflight, sourceObstacle } from './preflight.ts';
import { holdsWanted, type Scene } from './relating.ts';
import { brokenPods } from './release-pods.ts';
import { isUnder } from './repository-paths.ts';
import { sourceTrouble } from './source.ts';
import { inOrder, noteTaken } from './taken.ts';
import { readValues, type Unread, type ValuesReading } from './values.ts';

interface Reading {
  readonly object: FluxObject;
  readonly origin: ChartOrigin;
  readonly strand: Strand;
  readonly current: boolean;
  readonly values: Omit<ValuesReading, 'memory'>;
  readonly bound: boolean;
  readonly memory: Memory;
  readonly scene: Scene;
}

/** What a HelmRelease says of the wanted revision, which may reach it by its chart, by its spec, or by both. */
export function helmReleaseFinding(object: FluxObject, target: Target, before: Memory, scene: Scene): Finding {
  const origin = chartOrigin(object, scene);
  const taken = [chartTaken(origin, scene), ownerTaken(object, scene)];
  const noted = noteTaken(noteChecked(noteChart(origin, before, scene), ownerIn(object, scene)), taken, scene);
  const { memory, ...values } = readValues(object, noted, scene);
  const current = isReleased(object, chartOf(origin));
  const stopped = preflight(object, memory);
  const bound = target.parent !== undefined;
  const strand = bound ? boundStrand(object, current) : {};
  const reading: Reading = { object, origin, strand, current, values, bound, memory, scene };
  if (!bound) return byStrands(reading, target, stopped);
  return stopped ?? keptBack(reading, target) ?? withValues(reading);
}

function byStrands(reading: Reading, target: Target, stopped: Finding | undefined): Finding {
  const { scene } = reading;
  const { chart, owner } = strandsOf(reading);
  const strands = [chart, owner].filter((strand) => strand !== undefined);
  const strand = weakest(strands, scene);
  const shown = { seen: strand.seen, applied: strand.applied };
  if (stopped !== undefined) return { ...stopped, ...shown };
  if (strands.length === 0) return outOfReach(reading);
  if (!strands.some(({ doubted }) => doubted)) return byStrand({ ...reading, strand }, target, chart, owner);
  return { ...byStrand({ ...reading, strand, current: false }, target, chart, owner), doubted: true };
}

function strandsOf({ object, origin, current, memory, scene }: Reading) {
  const chart = chartStrand(object, origin, current, scene);
  const owner = ownerStrand(object, current, scene, memory.checked?.revision);
  return {
    chart: inOrder(chart, chartTaken(origin, scene), memory, scene),
    owner: inOrder(owner, ownerTaken(object, scene), memory, scene),
  };
}

function byStrand(reading: Reading, target: Target, chart: Strand | undefined, owner: Strand | undefined): Finding {
  const { origin, current, strand, memory, scene } = reading;
  const kept = owner === undefined && current ? neverReleased(origin, memory, scene) : undefined;
  const back = kept === undefined ? keptBack(reading, target) : unreleased(reading, kept);
  if (back !== undefined) return back;
  if (chart !== undefined && owner === undefined && origin.source !== undefined) {
    const { finding } = sourceObstacle(origin.source, chart.seen, target, memory, scene);
    if (finding !== undefined) return { ...finding, seen: strand.seen, applied: strand.applied };
  }
  return withValues(reading);
}

/** How it stands, and before that whether it stands at the values that were applied. */
function withValues(reading: Reading): Finding {
  const { values, current } = reading;
  const { unread } = values;
  if (unread === undefined) return status(reading);
  const isTold = (!current && unread.attributable) || reading.object.ready?.reason === 'DependencyNotReady';
  const finding = isTold ? status(reading) : unreadFinding(reading, unread);
  return unread.ask ? { ...finding, ask: true } : finding;
}

/** What it says is about values that it may have read before they were applied. */
function unreadFinding(reading: Reading, { reason }: Unread): Finding {
  const { object } = reading;
  const said = object.ready === undefined ? [] : [`${nameOf(object)}: ${words(object.ready)}`];
  return notThere(reading, 'syncing', [reason, ...said]);
}

function notThere({ strand, bound, memory }: Reading, state: Finding['state'], reasons: readonly string[]): Finding {
  return { state, seen: strand.seen, reasons, current: false, memory, ...(bound ? { boundToParent: true } : {}) };
}

function outOfReach({ object, origin, memory, scene }: Reading): Finding {
  const isComplete = origin.holder !== undefined;
  const reason = isComplete
    ? `neither the chart of ${nameOf(object)} nor a Kustomization that applies it comes from ${scene.wanted.repository ?? 'a Git repository'}`
    : `the chart of ${nameOf(object)} is not there, or may not be read`;
  if (!isComplete) return { state: 'pending', reasons: [reason], current: false, memory };
  return { state: 'blocked', obstacle: 'elsewhere', reasons: [reason], current: false, memory };
}

/** Where a later commit was built since, an earlier one that did move the version may be what was wanted. */
function unreleased(reading: Reading, { reason, certain }: Unreleased): Finding {
  const finding = notThere(reading, 'pending', [reason]);
  return certain ? { ...finding, state: 'blocked', obstacle: 'elsewhere' } : finding;
}

/**
 * What is brought by something else as well stands at the revision with the chart that it had. Whether another chart was meant
 * is told by the files of the revision alone.
 */
function keptBack(reading: Reading, { name }: Target): Finding | undefined {
  const { origin, memory, scene, current } = reading;
  const kept = current ? neverReleased(origin, memory, scene) : undefined;
  if (kept?.certain !== true) return undefined;
  const { changedFiles, chartChanged } = scene;
  if (chartChanged.has(name)) return unreleased(reading, kept);
  if (changedFiles !== 'not read yet')
    return isUnder(chartPaths(origin), changedFiles ?? []) ? unreleased(reading, kept) : undefined;
  const reason = 'whether the revision changes its chart is looked up';
  return { ...notThere(reading, 'syncing', [reason]), askFiles: true };
}

/** Of a member only what its spec asks for counts: a chart, and the values that come with a generation. */
function boundStrand({ status, generation }: FluxObject, current: boolean): Strand {
  const named = (revision: unknown) =>
    typeof revision === 'string' ? `${revision} (generation ${generation})` : undefined;
  const attempted = named(status.lastAttemptedRevision);
  return { seen: attempted, attempted, applied: current ? attempted : undefined };
}

function status(reading: Reading): Finding {
  const { object, origin, current, strand, memory } = reading;
  const { ready } = object;
  const trouble = origin.holder === undefined ? undefined : sourceTrouble(origin.holder);
  const said = [ready === undefined ? `${nameOf(object)} has no status yet` : `${nameOf(object)}: ${words(ready)}`];
  const reasons = [...said, ...(trouble === undefined ? [] : [trouble])];
  if (current) {
    const since = Math.max(ready?.since ?? 0, reading.values.since ?? 0);
    return { ...found(reading, 'healthy', reasons, 'succeeded'), current: true, ...(since > 0 ? { since } : {}) };
  }
  if (hasGivenUp(object)) return givenUp(reading, reasons);
  if (ready?.status === 'False' && ready.reason === 'DependencyNotReady') return waiting(reading, reasons);
  const isBusy = object.reconciling !== undefined || ready?.status !== 'True';
  const told = progress(object, reasons);
  const early = earlyFailure(reading);
  if (early === undefined) {
    const finding = found(reading, isBusy ? 'syncing' : 'pending', told, 'running');
    return { ...finding, memory: withoutFailure(memory), seen: strand.seen };
  }
  const finding = found(reading, 'syncing', [early.reason, ...told], early.over ? 'failed' : 'running');
  return { ...finding, memory: early.memory, seen: strand.seen };
}

/** What pods tell long before the time of Helm's action is over. */
function earlyFailure({ object, memory, scene, strand: { attempted } }: Reading) {
  const broken = attempted === undefined ? undefined : brokenPods(object, scene);
  if (broken === undefined) return undefined;
  return { reason: broken.reason, ...lastingFailure(memory, `pods ${attempted} ${broken.began}`, scene) };
}

function progress({ reconciling, status, ready }: FluxObject, reasons: readonly string[]): readonly string[] {
  const { failures } = status;
  const tries = typeof failures === 'number' && failures > 0 ? `, ${failures} failures so far` : '';
  return ready?.status === 'False' || reconciling === undefined
    ? reasons
    : [`${reconciling.message}${tries}`, ...reasons];
}

/** A rollback leaves a healthy release of what was there before. */
function givenUp(reading: Reading, reasons: readonly string[]): Finding {
  const { object } = reading;
  const released = object.conditions.find(({ type, status: value }) => type === 'Released' && value === 'False');
  const stalled = object.stalled === undefined ? [] : [words(object.stalled)];
  const all = [...(released === undefined ? [] : [words(released)]), ...reasons, ...stalled];
  return found(reading, 'pending', [...new Set(all)], 'failed');
}

function waiting(reading: Reading, reasons: readonly string[]): Finding {
  const { object, scene, strand } = reading;
  const dependency = dependencyOf(object, scene);
  const all = [...(dependency?.chain ?? []), ...reasons];
  const state = dependency?.suspended === true ? 'blocked' : 'pending';
  const finding = { ...found(reading, state, all, 'running'), attempt: undefined, seen: strand.seen };
  return state === 'blocked' ? { ...finding, obstacle: 'switched-off' } : finding;
}

function found(
  { strand, current, bound, memory, scene }: Reading,
  state: Finding['state'],
  reasons: readonly string[],
  outcome: Attempt['outcome'],
): Finding {
  const { seen, applied, attempted } = strand;
  const attempt: Attempt | undefined =
    attempted === undefined ? undefined : { revision: attempted, outcome, reason: reasons[0] ?? '' };
  const isKnown = bound || holdsWanted(scene, attempted) || outcome !== 'failed';
  return {
    state,
    seen,
    applied,
    ...(attempt !== undefined && isKnown ? { attempt } : {}),
    reasons,
    current,
    memory,
    ...(bound ? { boundToParent: true } : {}),
  };
}
