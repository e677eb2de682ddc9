import type { Revision } from '../../forges/forge-client.ts';
import { text } from '../api/json.ts';
import type { Memory, Strand } from './finding.ts';
import { type FluxObject, nameOf } from './flux-object.ts';
import { holdsWanted, type Scene } from './relating.ts';
import type { Artifact } from './revision.ts';
import { referenced, type Source } from './source.ts';
import type { ObjectName } from './target-ref.ts';
import { objectKey, stateOf } from './world.ts';

/** What was taken from a source, as that says which has taken it. */
export interface Taken {
  /** Kind and name of what has taken it. */
  readonly by: string;
  /** It tells of the spec as it is now; else what it tells may have come from another source. */
  readonly isOfSpec: boolean;
  readonly source: ObjectName;
  /** In the unit of the wanted one. */
  readonly revision: Revision;
}

export function appliedOf({ status }: FluxObject): Artifact | undefined {
  const revision = text(status.lastAppliedRevision);
  const origin = text(status.lastAppliedOriginRevision);
  return revision === undefined ? undefined : { revision, ...(origin === undefined ? {} : { origin }) };
}

export function attemptedOf(object: FluxObject, source: Source | undefined): Artifact | undefined {
  const revision = text(object.status.lastAttemptedRevision);
  return revision === undefined ? undefined : artifactOf(revision, object, source);
}

/** No field tells of what an artifact was made: its source does while it is still that one, or the object once it is applied. */
export function artifactOf(revision: string, object: FluxObject, source: Source | undefined): Artifact {
  return [source?.artifact, appliedOf(object)].find((artifact) => artifact?.revision === revision) ?? { revision };
}

/**
 * The newest that a Kustomization has taken from its source, as far as it is known how that stands to the wanted one.
 * @param tell the unit in which its revisions are given
 */
export function takenBy(
  object: FluxObject,
  source: Source | undefined,
  tell: (artifact: Artifact | undefined) => Revision | undefined,
  scene: Scene,
): Taken | undefined {
  const all = [tell(attemptedOf(object, source)), tell(appliedOf(object))];
  return takenFrom(
    source,
    object,
    all.find((revision) => isKnown(revision, scene)),
  );
}

export function takenFrom(
  source: Source | undefined,
  by: FluxObject,
  revision: Revision | undefined,
): Taken | undefined {
  const name = source === undefined ? undefined : referenced(source, source.namespace);
  if (name === undefined || revision === undefined) return undefined;
  const { generation, observedGeneration } = by;
  // Absent or -1 until the first pass is over.
  const isOfSpec = observedGeneration < 1 || observedGeneration === generation;
  return { by: nameOf(by), isOfSpec, source: name, revision };
}

/** Keeps since when it has been known what was taken; after a change of a spec only what is known to be of the same source. */
export function noteTaken(memory: Memory, all: readonly (Taken | undefined)[], { now }: Scene): Memory {
  const { taken: before = {}, ...rest } = memory;
  const known = all.filter((one) => one !== undefined);
  const keys = known.flatMap((one) => (one.isOfSpec || keyOf(one) in before ? keyOf(one) : []));
  const taken = Object.fromEntries(keys.map((key) => [key, before[key] ?? now]));
  return keys.length === 0 ? rest : { ...rest, taken };
}

function keyOf({ by, source, revision }: Taken): string {
  return `${by} ${objectKey(source)} ${revision}`;
}

/**
 * What a source shows, unless that may be older than what was taken from it: every kind is watched by itself, so that an old word
 * of a source can come after a new one of what takes from it. What was taken had been in the source before. So the source has
 * left it for certain where it shows another revision in a read that was begun once the taking was known; until then what was
 * taken stands. Neither the clocks of two controllers nor resource versions of two kinds can be compared
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions).
 */
export function shownBy(
  shown: Revision | undefined,
  taken: Taken | undefined,
  { taken: known = {} }: Memory,
  scene: Scene,
): Revision | undefined {
  if (taken === undefined || !isWanted(taken.revision, scene) || isWanted(shown, scene)) return shown;
  const { readSince = Number.NEGATIVE_INFINITY } = stateOf(scene.world, taken.source);
  return readSince >= (known[keyOf(taken)] ?? Number.NEGATIVE_INFINITY) ? shown : taken.revision;
}

/** See `shownBy`. */
export function inOrder(
  strand: Strand | undefined,
  taken: Taken | undefined,
  memory: Memory,
  scene: Scene,
): Strand | undefined {
  const seen = shownBy(strand?.seen, taken, memory, scene);
  return strand === undefined || seen === strand.seen ? strand : { ...strand, seen, doubted: true };
}

function isKnown(revision: Revision | undefined, { wanted, related }: Scene): boolean {
  if (revision === undefined) return false;
  return revision === wanted.revision || (related(revision) ?? 'unknown') !== 'unknown';
}

function isWanted(revision: Revision | undefined, scene: Scene): boolean {
  return revision === scene.wanted.revision || holdsWanted(scene, revision);
}
