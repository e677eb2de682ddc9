import type { Relation, Revision } from '../forges/forge-client.ts';
import type { Observation, RelatedObservation } from './delivery-engine.ts';

/** Milliseconds until an unknown relation is asked for again: the clone or the forge may know it by then. */
const ASK_AGAIN = 10_000;

/** What is known of how revisions stand to the wanted one. Known answers never change: they are facts about commits. */
export interface Relations {
  get(revision: Revision): Relation | undefined;
  /** Starts looking up what is not known yet; `changed` is called for every new answer. */
  lookUp(revisions: readonly Revision[], now: number): void;
}

interface Entry {
  readonly relation: Relation | undefined;
  readonly askedAt: number;
}

export function relations(ask: (revision: Revision) => Promise<Relation>, changed: () => void): Relations {
  const entries = new Map<Revision, Entry>();
  const lookUpOne = async (revision: Revision, now: number): Promise<void> => {
    const entry = entries.get(revision);
    if (entry !== undefined && (entry.relation !== 'unknown' || now - entry.askedAt < ASK_AGAIN)) return;
    entries.set(revision, { relation: undefined, askedAt: now });
    const relation = await ask(revision).catch((): Relation => 'unknown');
    entries.set(revision, { relation, askedAt: now });
    if (relation !== entry?.relation) changed();
  };
  return {
    get: (revision) => entries.get(revision)?.relation,
    lookUp(revisions, now) {
      for (const revision of revisions) void lookUpOne(revision, now);
    },
  };
}

export function relate(observation: Observation, known: Relations['get']): RelatedObservation {
  const otherwise: Relation = observation.unversioned === undefined ? 'unknown' : 'lacks';
  const of = (revision: Revision | undefined): Relation =>
    revision === undefined ? 'unknown' : (known(revision) ?? otherwise);
  return {
    ...observation,
    seen: of(observation.seenRevision),
    applied: of(observation.appliedRevision),
    attempted: of(observation.attempt?.revision),
  };
}

/** The revisions to ask about; of those that a parent's word stands for, or that are none, there is nothing to ask. */
export function revisionsOf(observation: Observation): readonly Revision[] {
  const { seenRevision, appliedRevision, attempt, boundToParent, unversioned } = observation;
  if (boundToParent === true || unversioned !== undefined) return [];
  const all = [seenRevision, appliedRevision, attempt?.revision].filter((revision) => revision !== undefined);
  return [...new Set(all)];
}

/** The wanted revision is in it and has not been taken back. */
export function holds(relation: Relation): boolean {
  return relation === 'equal' || relation === 'contains';
}
