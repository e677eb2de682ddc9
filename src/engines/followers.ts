import type { Relation, Revision } from '../forges/forge-client.ts';
import type { Observation, RelatedObservation, TargetState, Verdict } from './delivery-engine.ts';
import {
  arrivedAt,
  currentSince,
  type Family,
  isComing,
  isDecided,
  isSameAttempt,
  listed,
  relatedHistory,
  waitsFor,
} from './family.ts';
import { holds, relate } from './relations.ts';
import type { Watched } from './watched.ts';
import { worstFirst } from './worst-first.ts';

type Related = (revision: Revision) => Relation | undefined;

/** Whether only the other targets tell from when on it can be what is wanted; see `Observation.unversioned`. */
export function follows({ target, history }: Watched): boolean {
  return target.showsRevision === false && (history.at(-1)?.unversioned ?? 'untold') === 'untold';
}

/** Those that show no revision: what is observed of the others can change what becomes of them. */
export function unversioned(family: Family): readonly Watched[] {
  return [...family.values()].filter(({ target }) => target.showsRevision === false);
}

/** Those that show revisions, members included. */
function leaders(family: Family): readonly Watched[] {
  return [...family.values()].filter(({ target }) => target.showsRevision !== false);
}

/** `Clock.monotonic` milliseconds of when the last of those that show revisions came to have the wanted one. */
function arrivalOfLeaders(family: Family, related: Related): number | undefined {
  const times = leaders(family).map((one) => currentSince(one, family, related));
  const known = times.filter((time) => time !== undefined);
  return known.length < times.length ? undefined : Math.max(0, ...known);
}

/** As `relatedHistory`, also for one that follows others. */
export function historyOf(one: Watched, family: Family, related: Related): readonly RelatedObservation[] {
  return follows(one) ? asFollower(one, family, related) : relatedHistory(one, family, related);
}

/**
 * `Clock.monotonic` milliseconds from which on an observation can be about what is wanted, where that is not always so: the
 * arrival of the parent of a member, or when it was begun to observe anew what follows others.
 */
export function judgedFrom(one: Watched, family: Family, related: Related): number | undefined {
  if (!follows(one)) return arrivedAt(one, family, related);
  const arrival = arrivalOfLeaders(family, related);
  return arrival !== undefined && one.anewAt !== undefined && one.anewAt >= arrival ? one.anewAt : undefined;
}

/**
 * Whether what was remembered of one that follows others is how it was before those brought what they bring. Some of that may
 * come later: it is no other revision that takes the place of the wanted one.
 */
export function isOutdated(one: Watched, family: Family, related: Related): boolean {
  if (!follows(one) || arrivalOfLeaders(family, related) === undefined) return false;
  const from = judgedFrom(one, family, related);
  const latest = one.history.at(-1);
  if (from === undefined) return true;
  return latest?.seenRevision !== undefined && latest.at > from && !holds(relate(latest, related).seen);
}

function asFollower(one: Watched, family: Family, related: Related): readonly RelatedObservation[] {
  const { history, readAt = -1 } = one;
  const from = judgedFrom(one, family, related) ?? Number.POSITIVE_INFINITY;
  const before = history.findLast(({ at }) => at < from)?.attempt;
  const reason = followedBy(one, family, related);
  return history.map((observation) => {
    const { at, attempt } = observation;
    if (at < from || readAt < from) return notYet(observation, reason);
    const judged = relate(observation, related);
    if (judged.seen === 'lacks') return notYet(observation, 'it has been changed, and is judged anew');
    // What had failed by then may be repaired by what has just come.
    return attempt !== undefined && isSameAttempt(attempt, before) ? { ...judged, attempted: 'unknown' } : judged;
  });
}

/** Why it cannot be read is told by itself. */
const AWAY: ReadonlySet<TargetState> = new Set(['absent', 'forbidden', 'unreachable']);

/** Before, it may be anything, and what becomes of it may well be what the others bring. */
function notYet(observation: Observation, reason: string | undefined): RelatedObservation {
  const { seenRevision: _seen, appliedRevision: _applied, attempt: _attempt, ...rest } = observation;
  const unknown = { trusted: false, seen: 'unknown', applied: 'unknown', attempted: 'unknown' } as const;
  if (AWAY.has(rest.state)) return { ...rest, ...unknown };
  const isStuck = rest.state === 'blocked' || rest.state === 'pending';
  const own = rest.state === 'pending' ? [] : rest.reasons;
  const reasons = reason === undefined ? own : [reason, ...own];
  return { ...rest, ...unknown, ...(isStuck ? { state: 'pending' } : {}), reasons };
}

/** Why one that follows others is not judged yet. */
function followedBy(one: Watched, family: Family, related: Related): string | undefined {
  if (!follows(one)) return undefined;
  const open = leaders(family).filter((other) => currentSince(other, family, related) === undefined);
  return open.length === 0
    ? undefined
    : `is judged once the revision is on ${listed(open.map(({ target }) => target.name))}`;
}

/** At the deadline it ends by itself. */
const MAY_ARRIVE: ReadonlySet<Verdict['kind']> = new Set(['landed', 'timedOut']);

/** What becomes of one that follows others when one of those has ended without the revision. */
export function leftBehind(one: Watched, family: Family, related: Related): Verdict | undefined {
  if (!follows(one)) return undefined;
  const ended = leaders(family).filter((other) => isDecided(other) && !MAY_ARRIVE.has(other.verdict.kind));
  const [other] = worstFirst(ended.filter((each) => currentSince(each, family, related) === undefined));
  if (other === undefined) return undefined;
  const kind = other.verdict.kind === 'superseded' ? 'superseded' : 'blocked';
  const reason = `not judged, since the revision is not on ${other.target.name}: ${other.verdict.reasons[0] ?? ''}`;
  return { ...one.verdict, kind, reasons: [reason] };
}

/**
 * What shows no revision has landed only after all that do are decided, and has to be well for `stableFor` milliseconds from
 * when they have the revision: what they bring may be brought about by somebody else, some time later. What a file says is
 * there already.
 */
export function withLeaders(
  verdict: Verdict,
  one: Watched,
  family: Family,
  related: Related,
  stableFor: number,
): Verdict {
  const isOwn = one.target.showsRevision !== false || one.history.at(-1)?.unversioned === 'applied';
  if (verdict.kind !== 'landed' || isOwn) return verdict;
  const open = leaders(family).filter((other) => !isDecided(other));
  if (open.length > 0) return { ...verdict, kind: 'waiting', reasons: [waitsFor(open), ...verdict.reasons] };
  const from = follows(one) ? judgedFrom(one, family, related) : arrivalOfLeaders(family, related);
  const ends = leaders(family).map(({ decidedAt = 0 }) => decidedAt);
  const due = Math.max(...ends, (from ?? 0) + stableFor);
  return (one.readAt ?? 0) >= due ? verdict : { ...verdict, kind: 'waiting', due };
}

/**
 * Whether one that is not there may still come, since what it depends on has only just arrived, or has not.
 * @returns until when, in `Clock.monotonic` milliseconds, where that is known
 */
export function coming(
  one: Watched,
  family: Family,
  related: Related,
  appearTimeout: number,
): { readonly until?: number } | undefined {
  const from = judgedFrom(one, family, related);
  const isLate = from !== undefined && (one.history.at(-1)?.at ?? 0) >= from + appearTimeout;
  const isDue = follows(one) ? !isLate : isComing(one, family, related, appearTimeout);
  return isDue ? (from === undefined ? {} : { until: from + appearTimeout }) : undefined;
}
