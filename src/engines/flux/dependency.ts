import { sameJson, text } from '../api/json.ts';
import type { Attempt } from '../delivery-engine.ts';
import { classify } from './failure.ts';
import type { FluxObject } from './flux-object.ts';
import { isReadyNow, nameOf, readFluxObject, words } from './flux-object.ts';
import { holdsWanted, type Scene } from './relating.ts';
import { told } from './revision.ts';
import { dependenciesOf } from './source.ts';
import { find } from './world.ts';

/** What an object that waits for others waits for, in the end. */
export interface Waiting {
  /** From the nearest dependency to the one that everything waits for. */
  readonly chain: readonly string[];
  /** The dependency cannot do better at the wanted revision. */
  readonly attempt?: Attempt;
  readonly suspended?: boolean;
}

const DEEPEST = 10;

/**
 * The words of a dependant tell little: `not ready` is said while the dependency works, and after it has failed. So the
 * dependencies are asked themselves, and theirs as well.
 */
export function dependencyOf(object: FluxObject, scene: Scene, depth = 0): Waiting | undefined {
  for (const name of dependenciesOf(object)) {
    const json = find(scene.world, name);
    if (json === undefined) return { chain: [`depends on ${nameOf(name)}, which is not there or may not be read`] };
    const dependency = readFluxObject(json);
    const waiting = isDone(dependency, object) ? undefined : onOne(dependency, object, scene, depth);
    if (waiting !== undefined) return waiting;
  }
  return undefined;
}

/** Of the same source it has to be at the same revision, which its own next look will tell. */
function isDone(dependency: FluxObject, { spec }: FluxObject): boolean {
  const { lastAppliedRevision, lastAttemptedRevision } = dependency.status;
  const isSame = dependency.kind !== 'Kustomization' || !sameJson(dependency.spec.sourceRef, spec.sourceRef);
  return isReadyNow(dependency) && (isSame || lastAppliedRevision === lastAttemptedRevision) && !dependency.suspended;
}

function onOne(dependency: FluxObject, object: FluxObject, scene: Scene, depth: number): Waiting {
  const head = `depends on ${nameOf(dependency)}`;
  if (dependency.suspended) return { chain: [`${head}, which is suspended`], suspended: true };
  const failed = failedFor(dependency, object, scene);
  if (failed !== undefined) return { chain: [`${head}, which has failed`], attempt: failed };
  const deeper = depth < DEEPEST ? dependencyOf(dependency, scene, depth + 1) : undefined;
  if (deeper === undefined) {
    const { ready } = dependency;
    return { chain: [`${head}${ready === undefined ? '' : `: ${words(ready)}`}`] };
  }
  const { chain, ...rest } = deeper;
  const attempt = rest.attempt && { ...rest.attempt, reason: `${head}, which ${rest.attempt.reason}` };
  return { ...rest, ...(attempt === undefined ? {} : { attempt }), chain: [head, ...chain] };
}

function failedFor(dependency: FluxObject, object: FluxObject, scene: Scene): Attempt | undefined {
  const { ready, generation, spec, status } = dependency;
  if (ready?.status !== 'False' || classify(ready, dependency) !== 'final') return undefined;
  if ((ready.observedGeneration ?? generation) !== generation) return undefined;
  const attempted = text(status.lastAttemptedRevision);
  if (attempted === undefined || !sameJson(spec.sourceRef, object.spec.sourceRef)) return undefined;
  const revision = told({ revision: attempted }, scene.wanted.revision);
  if (revision === undefined || !holdsWanted(scene, revision)) return undefined;
  return { revision, outcome: 'failed', reason: `depends on ${nameOf(dependency)}: ${words(ready)}` };
}
