import type { Attempt, Target } from '../delivery-engine.ts';
import type { ChartOrigin } from './chart.ts';
import { chartOf, chartOrigin, chartStrand, neverReleased, noteChart } from './chart.ts';
import { dependencyOf } from './dependency.ts';
import { type Finding, type Memory, type Strand, weakest } from './finding.ts';
import { type FluxObject, nameOf, words } from './flux-object.ts';
import { hasGivenUp, isReleased } from './helm-release-status.ts';
import { ownerStrand } from './owner.ts';
import { preflight, sourceObstacle } from './preflight.ts';
import { holdsWanted, type Scene } from './relating.ts';
import { sourceTrouble } from './source.ts';

interface Reading {
  readonly object: FluxObject;
  readonly origin: ChartOrigin;
  readonly strand: Strand;
  readonly current: boolean;
  readonly bound: boolean;
  readonly memory: Memory;
  readonly scene: Scene;
}

/** What a HelmRelease says of the wanted revision, which may reach it by its chart, by its spec, or by both. */
export function helmReleaseFinding(object: FluxObject, target: Target, before: Memory, scene: Scene): Finding {
  const origin = chartOrigin(object, scene);
  const memory = noteChart(origin, before);
  const current = isReleased(object, chartOf(origin));
  const stopped = preflight(object, memory);
  if (target.parent !== undefined) {
    const reading = { object, origin, strand: boundStrand(object, current), current, bound: true, memory, scene };
    return stopped ?? status(reading);
  }
  return byStrands({ object, origin, current, bound: false, memory, scene, strand: {} }, target, stopped);
}

function byStrands(reading: Reading, target: Target, stopped: Finding | undefined): Finding {
  const { object, origin, current, memory, scene } = reading;
  const chart = chartStrand(object, origin, current, scene);
  const owner = ownerStrand(object, current, scene);
  const strands = [chart, owner].filter((strand) => strand !== undefined);
  const strand = weakest(strands, scene);
  const shown = { seen: strand.seen, applied: strand.applied };
  if (stopped !== undefined) return { ...stopped, ...shown };
  if (strands.length === 0) return outOfReach(reading);
  const kept = neverReleased(origin, memory, scene);
  const isDemanded = owner === undefined || scene.chartChanged.has(target.name);
  if (kept !== undefined && isDemanded && current) return unreleased(reading, { seen: strand.seen }, kept);
  if (chart !== undefined && owner === undefined && origin.source !== undefined) {
    const { finding } = sourceObstacle(origin.source, target, memory, scene);
    if (finding !== undefined) return { ...finding, ...shown };
  }
  return status({ ...reading, strand });
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
function unreleased(
  { memory }: Reading,
  strand: Strand,
  { reason, certain }: { readonly reason: string; readonly certain: boolean },
): Finding {
  const common = { seen: strand.seen, reasons: [reason], current: false, memory };
  return certain ? { ...common, state: 'blocked', obstacle: 'elsewhere' } : { ...common, state: 'pending' };
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
  if (current) return { ...found(reading, 'healthy', reasons, 'succeeded'), current: true, since: ready?.since };
  if (hasGivenUp(object)) return givenUp(reading, reasons);
  if (ready?.status === 'False' && ready.reason === 'DependencyNotReady') return waiting(reading, reasons);
  const isBusy = object.reconciling !== undefined || ready?.status !== 'True';
  return {
    ...found(reading, isBusy ? 'syncing' : 'pending', progress(object, reasons), 'running'),
    memory,
    seen: strand.seen,
  };
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
