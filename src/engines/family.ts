import type { Relation, Revision } from '../forges/forge-client.ts';
import type { Attempt, Observation, RelatedObservation, Verdict } from './delivery-engine.ts';
import { isCurrent } from './judge.ts';
import { relate } from './relations.ts';
import type { Watched } from './watched.ts';
import { worstFirst } from './worst-first.ts';

/** Generations below a target that are followed. */
export const DEEPEST = 8;
/** Targets of one wait in all, members included. */
export const MOST_MEMBERS = 1_000;

/** Targets that are named before the rest becomes a number. */
const NAMED = 5;

/** Everything that is watched, by name. */
export type Family = ReadonlyMap<string, Watched>;
type Related = (revision: Revision) => Relation | undefined;

export function isDecided({ diagnosis }: Watched): boolean {
  return diagnosis !== undefined;
}

/**
 * What was observed of a target, with how its revisions stand to the wanted one. A member's status is about the spec that its
 * parent gave it, so that it is believed only from when the parent was live at the wanted revision: before, it can be live at
 * that revision and be deployed anew a second later, with the spec that comes with it.
 */
export function relatedHistory(one: Watched, family: Family, related: Related): readonly RelatedObservation[] {
  return one.history.map(relatingIn(one, family, related));
}

function relatingIn(one: Watched, family: Family, related: Related): (observation: Observation) => RelatedObservation {
  if (one.target.parent === undefined) return (observation) => relate(observation, related);
  const since = arrivedAt(one, family, related);
  return (observation) => asMember(relate(observation, related), one, since);
}

/** `Clock.monotonic` milliseconds from which on it was live at the wanted revision, its health aside. */
export function currentSince(one: Watched, family: Family, related: Related): number | undefined {
  const { history } = one;
  const relateOne = relatingIn(one, family, related);
  const before = history.findLastIndex((observation) => !isCurrent(relateOne(observation)));
  return history[before + 1]?.at;
}

function parentOf({ target: { parent } }: Watched, family: Family): Watched | undefined {
  return parent === undefined ? undefined : family.get(parent.name);
}

function asMember(observation: RelatedObservation, one: Watched, since: number | undefined): RelatedObservation {
  const isAfter = since !== undefined && observation.at >= since;
  const isProven = isAfter && one.readAt !== undefined && one.readAt >= since;
  const trusted = observation.trusted && isProven;
  return { ...observation, trusted, ...(observation.boundToParent === true ? bound(observation, one, isAfter) : {}) };
}

/** What it shows is what its parent wants, as soon as it equals its spec. */
function bound({ seenRevision, appliedRevision, attempt }: Observation, { history }: Watched, isAfter: boolean) {
  const stands = (revision: Revision | undefined): Relation =>
    isAfter && revision !== undefined && revision === seenRevision ? 'contains' : 'unknown';
  // What had failed before anybody waited is not the fault of what is waited for.
  const isOld = attempt !== undefined && isSameAttempt(attempt, history[0]?.attempt);
  return {
    seen: stands(seenRevision),
    applied: stands(appliedRevision),
    attempted: isOld ? ('unknown' as const) : stands(attempt?.revision),
  };
}

/** Whether it is still the operation that was seen before. */
export function isSameAttempt(a: Attempt, b: Attempt | undefined): boolean {
  return a.outcome === b?.outcome && a.revision === b.revision && a.reason === b.reason;
}

/** Whether a member that is not there may still be made, or is on its way out, since its parent has only just arrived. */
export function isComing(one: Watched, family: Family, related: Related, appearTimeout: number): boolean {
  if (one.target.parent === undefined) return false;
  const since = arrivedAt(one, family, related);
  return since === undefined || (one.history.at(-1)?.at ?? 0) < since + appearTimeout;
}

/** Since when a member has not been read though its parent has arrived: until then nothing is known of it. */
export function unreadSince(one: Watched, family: Family, related: Related): number | undefined {
  const since = arrivedAt(one, family, related);
  return since === undefined || one.readAt === undefined || one.readAt >= since ? undefined : since;
}

/** `Clock.monotonic` milliseconds of when the parent of a member arrived; undefined for others, and before. */
export function arrivedAt(one: Watched, family: Family, related: Related): number | undefined {
  const parent = parentOf(one, family);
  return parent === undefined ? undefined : currentSince(parent, family, related);
}

/** Those that a parent which has arrived no longer brings with it, and all that is below them. */
export function departed(parent: Watched, family: Family, related: Related): readonly Watched[] {
  const latest = parent.history.at(-1);
  const children = childrenOf(parent, family);
  if (latest === undefined || children.length === 0 || !isCurrent(relatingIn(parent, family, related)(latest)))
    return [];
  const names = new Set(latest.members?.map(({ name }) => name));
  const gone = children.filter(({ target }) => !names.has(target.name));
  return gone.flatMap((one) => [one, ...below(one, family)]);
}

function childrenOf({ target }: Watched, family: Family): readonly Watched[] {
  return [...family.values()].filter((other) => other.target.parent?.name === target.name);
}

/** All members of a target, those of its members included. */
export function below(one: Watched, family: Family): readonly Watched[] {
  return childrenOf(one, family).flatMap((child) => [child, ...below(child, family)]);
}

/** How many generations it is below a target that was named. A parent is always watched before its members. */
export function depthOf(one: Watched, family: Family): number {
  const parent = parentOf(one, family);
  return parent === undefined ? 0 : 1 + depthOf(parent, family);
}

/** Those whose verdict can change with what is observed of one: all below it, itself, and those above it, members first. */
export function concerned(one: Watched, family: Family): readonly Watched[] {
  return [...below(one, family).toReversed(), one, ...above(one, family)];
}

function above(one: Watched, family: Family): readonly Watched[] {
  const parent = parentOf(one, family);
  return parent === undefined ? [] : [parent, ...above(parent, family)];
}

/**
 * A parent has landed when all of its members have; the worst of them is its verdict. A member that is a target by itself, or
 * that another parent brought first, has its verdict there: so no circle waits for itself.
 */
export function withMembers(verdict: Verdict, one: Watched, family: Family): Verdict {
  const members = childrenOf(one, family);
  if (verdict.kind !== 'landed' || members.length === 0) return verdict;
  const open = members.filter((member) => !isDecided(member));
  if (open.length > 0) {
    return { ...verdict, kind: 'waiting', phase: 'rolling', reasons: [waitsFor(open), ...verdict.reasons] };
  }
  const [worst] = worstFirst(members);
  return worst === undefined || worst.verdict.kind === 'landed' ? verdict : inherited(verdict, worst);
}

/** Which others are not decided yet, in words. */
export function waitsFor(open: readonly Watched[]): string {
  return `waits for ${listed(open.map(({ target, verdict }) => `${target.name} (${verdict.phase})`))}`;
}

/** The first of them, and how many more there are. */
export function listed(words: readonly string[]): string {
  const rest = words.length > NAMED ? ` and ${words.length - NAMED} more` : '';
  return words.slice(0, NAMED).join(', ') + rest;
}

function inherited(verdict: Verdict, { target, verdict: { kind, phase, code, reasons } }: Watched): Verdict {
  return {
    ...verdict,
    kind,
    phase,
    ...(code === undefined ? {} : { code }),
    reasons: [`its application ${target.name}: ${reasons[0] ?? kind}`, ...verdict.reasons],
  };
}

/** What becomes of a member that is not decided when its parent has ended otherwise than well. */
export function orphaned(one: Watched, parent: Watched): Verdict {
  const kind = parent.verdict.kind === 'superseded' ? 'superseded' : 'blocked';
  const reason =
    `not waited for any longer: its parent ${parent.target.name} ${parent.verdict.reasons[0] ?? ''}`.trim();
  return { ...one.verdict, kind, reasons: [reason, ...one.verdict.reasons] };
}
