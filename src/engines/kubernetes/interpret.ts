import { type Json, record, time } from '../api/json.ts';
import type { Attempt, Observation, ResourceState, Target, TargetState, Wanted } from '../delivery-engine.ts';
import { conditionsOf, count, keyOf } from '../kubernetes-api/objects.ts';
import { imageProblems, repositoriesOf } from '../live-images.ts';
import { type ObjectHealth, objectHealth } from '../object-health/object-health.ts';
import {
  type ContainerImages,
  containerImages,
  imageDifferences,
  podsOf,
  podsOfTemplate,
  podTemplateOf,
  revisionOf,
} from '../object-health/pod-template.ts';
import { hasSettled, isLeaving, type PodTrouble, podTrouble, restartsOf } from '../object-health/pods.ts';
import { lastingOf } from './lasting.ts';

/** What is known of a target at one moment. */
export interface Sight {
  readonly target: Target;
  readonly object: Json;
  /** Of its namespace; `unknown` until they were read, `unreadable` where they cannot be. */
  readonly pods: readonly Json[] | 'unknown' | 'unreadable';
  /** `Clock.monotonic` milliseconds. */
  readonly now: number;
  readonly via: Observation['via'];
  /** Milliseconds since 1970 by the server's clock. */
  readonly serverNow?: number | undefined;
  readonly wanted: Wanted;
  /** The images of the file that was applied; absent where the target was only named. */
  readonly applied?: ContainerImages | undefined;
  /** Milliseconds for which its containers have ended again and again, also where they ran in between. */
  readonly endingFor?: number;
  /** The images when it was first seen, of a target for which nothing else tells which ones are wanted. */
  readonly first?: ContainerImages | undefined;
}

/** Milliseconds for which a broken pod must have stood in the way of a StatefulSet before that is said. */
const STUCK_AFTER = 20_000;

/** How a target stands, and why. */
interface Standing {
  readonly state: TargetState;
  readonly reasons: readonly string[];
  readonly trusted: boolean;
  readonly attempt?: Attempt;
  /** Milliseconds. */
  readonly lasting?: number;
  readonly resources?: readonly ResourceState[];
}

/**
 * What an object says of itself, with what its pods say beside it. There is no revision here: what is wanted is present while
 * the object has the images of the file, or those that are wanted, or those that it had at first, and another revision is
 * named by its generation and images.
 */
export function interpret(sight: Sight): Observation {
  const { target, object, wanted, now, via } = sight;
  const template = podTemplateOf(object);
  const images = [...new Set(Object.values(containerImages(template)))];
  const generation = count(record(object.metadata).generation);
  const differences = differencesOf(sight, containerImages(template));
  const present = differences.length === 0;
  const standing = present ? stand(sight) : absentRevision(sight, differences);
  const pods = ownPods(sight);
  const seenRevision = present ? wanted.revision : `generation ${generation} (${images.join(', ')})`;
  return {
    target,
    at: now,
    via,
    state: standing.state,
    trusted: standing.trusted,
    seenRevision,
    ...(present && standing.trusted ? { appliedRevision: wanted.revision } : {}),
    ...(standing.attempt === undefined ? {} : { attempt: standing.attempt }),
    deployed: [],
    lasting: standing.state === 'healthy' ? lastingWell(sight) : (standing.lasting ?? 0),
    final: standing.attempt?.outcome === 'failed',
    reasons: standing.reasons,
    images,
    resources: standing.resources ?? [],
    fingerprint: JSON.stringify([
      standing.state,
      generation,
      seenRevision,
      standing.trusted,
      standing.reasons,
      pods.reduce((sum, pod) => sum + restartsOf(pod), 0),
    ]),
  };
}

/** Where the pods are not heard of to be there and ready, their times are not those of what the object says. */
function lastingWell(sight: Sight): number {
  const { object, pods, serverNow } = sight;
  const { updatedReplicas, updatedNumberScheduled } = record(object.status);
  const told = podsOfSight(sight);
  const isComplete = told.length >= count(updatedReplicas ?? updatedNumberScheduled) && told.every(hasSettled);
  return isComplete || typeof pods === 'string' ? lastingOf(object, ownPods(sight), serverNow) : 0;
}

/** What speaks against this being what is wanted. */
function differencesOf({ applied, first, wanted }: Sight, live: ContainerImages): readonly string[] {
  if (applied !== undefined) return imageDifferences(applied, live);
  const asked = wantedHere(wanted, live);
  if (asked.length > 0) return imageProblems(asked, Object.values(live));
  return first === undefined ? [] : imageDifferences(first, live);
}

function wantedHere({ images }: Wanted, live: ContainerImages): readonly string[] {
  const own = new Set(repositoriesOf(Object.values(live)));
  return images.filter((image) => repositoriesOf([image]).some((name) => own.has(name)));
}

/** Whether what is wanted of a target is told by somebody, and not only by what it was at first. */
export function isTold({ applied, wanted }: Pick<Sight, 'applied' | 'wanted'>, live: ContainerImages): boolean {
  return applied !== undefined || wantedHere(wanted, live).length > 0;
}

/** Nobody brings what a file says but the one who applies it; images that are asked for may still be on their way. */
function absentRevision({ applied }: Sight, differences: readonly string[]): Standing {
  if (applied === undefined) return { state: 'pending', reasons: differences, trusted: true };
  const reason = 'it is not what the file says: not applied, changed since, or rewritten by admission';
  return { state: 'blocked', reasons: [reason, ...differences], trusted: true };
}

function ownPods({ object, pods }: Sight): readonly Json[] {
  return typeof pods === 'string' ? [] : podsOf(object, pods);
}

/** Those of the template as it stands now. */
export function podsOfSight(sight: Sight): readonly Json[] {
  return podsOfTemplate(sight.object, ownPods(sight));
}

const HAS_PODS: ReadonlySet<unknown> = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'Job',
]);

/** Whether the pods of an object are looked at beside it. */
export function hasPods(kind: unknown): boolean {
  return HAS_PODS.has(kind);
}

function stand(sight: Sight): Standing {
  const { object, pods, wanted } = sight;
  const own = objectHealth(object);
  const said = own.reason === '' ? [] : [own.reason];
  if (!own.observed) return { state: 'progressing', reasons: said, trusted: false };
  if (own.final) {
    const attempt: Attempt = { revision: wanted.revision, outcome: 'failed', reason: own.reason };
    return {
      state: 'degraded',
      reasons: [own.reason, ...troublesOf(sight).map(({ reason }) => reason)],
      trusted: true,
      attempt,
    };
  }
  if (!hasPods(object.kind)) return plain(own, said);
  if (pods === 'unknown' && own.health === 'healthy') {
    return { state: 'progressing', reasons: ['its pods have not been looked at yet'], trusted: true };
  }
  return stuck(sight, said) ?? keptByPods(sight) ?? withPods(sight, own, said);
}

const REPLACES_NOTHING: ReadonlySet<unknown> = new Set(['ReplicaSet', 'ReplicationController']);

/** Neither of them replaces a pod because of another template, and their counters do not tell the pods apart. */
function keptByPods(sight: Sight): Standing | undefined {
  const { object } = sight;
  if (!REPLACES_NOTHING.has(object.kind)) return undefined;
  const own = ownPods(sight).filter((pod) => !isLeaving(pod));
  const older = own.length - podsOfTemplate(object, own).length;
  if (older === 0) return undefined;
  const reason = `${older} pods keep the older template until somebody deletes them`;
  return { state: 'suspended', reasons: [reason], trusted: true };
}

function plain({ health }: ObjectHealth, reasons: readonly string[]): Standing {
  return { state: health === 'none' ? 'healthy' : health, reasons, trusted: true };
}

/** Only the pods tell that a rollout fails, long before the workload does, or that a pod only seemed to be ready. */
function withPods(sight: Sight, own: ObjectHealth, said: readonly string[]): Standing {
  const troubles = troublesOf(sight);
  if (troubles.length === 0 || own.health === 'suspended') return plain(own, said);
  const isBad = troubles.some(({ kind }) => kind !== 'restarted' && kind !== 'unschedulable');
  const isSettled = own.health === 'healthy' || own.health === 'progressing';
  const state = isBad || !isSettled ? 'degraded' : 'progressing';
  const reasons = [...troubles.map(({ reason }) => reason), ...said];
  return {
    state,
    reasons,
    trusted: true,
    ...(state === 'degraded' ? again(sight, reasons) : {}),
    resources: troubles.map((trouble) => resourceOf(trouble, sight.target)),
  };
}

/** What ends again and again is one failure that lasts, whatever it looked like in between. */
function again(
  { wanted, endingFor = 0 }: Sight,
  [reason = '']: readonly string[],
): Pick<Standing, 'attempt' | 'lasting'> {
  if (endingFor === 0) return {};
  return { attempt: { revision: wanted.revision, outcome: 'running', reason }, lasting: endingFor };
}

/** Failed pods are replaced by their owner, and those of a Job are counted by it, as are its crashes. */
function troublesOf(sight: Sight): readonly PodTrouble[] {
  const { object, serverNow } = sight;
  const isJob = object.kind === 'Job';
  return podTrouble(podsOfSight(sight), serverNow === undefined ? {} : { now: serverNow })
    .filter(({ kind }) => kind !== 'failed' && !(isJob && (kind === 'crash' || kind === 'restarted')))
    .toSorted((a, b) => urgency(a) - urgency(b));
}

const URGENCY: readonly PodTrouble['kind'][] = ['crash', 'image', 'container', 'unschedulable', 'restarted'];

function urgency({ kind }: PodTrouble): number {
  return URGENCY.indexOf(kind);
}

function resourceOf({ pod, kind, reason }: PodTrouble, { namespace }: Target): ResourceState {
  const health = kind === 'restarted' || kind === 'unschedulable' ? 'Progressing' : 'Degraded';
  return { kind: 'Pod', ...(namespace === undefined ? {} : { namespace }), name: pod, health, message: reason };
}

/**
 * A StatefulSet replaces its pods one by one and waits for each to be ready, also for one of an older revision that never will
 * be: the repaired template is not rolled out. https://github.com/kubernetes/kubernetes/issues/67250
 */
function stuck(sight: Sight, said: readonly string[]): Standing | undefined {
  const { object, serverNow } = sight;
  const { updateRevision } = record(object.status);
  const spec = record(object.spec);
  if (object.kind !== 'StatefulSet') return undefined;
  if (spec.podManagementPolicy === 'Parallel' || record(spec.updateStrategy).type === 'OnDelete') return undefined;
  const older = ownPods(sight).filter((pod) => revisionOf(pod) !== updateRevision);
  const broken = older.filter((pod) => podTrouble([pod]).some(({ kind }) => kind !== 'unschedulable'));
  const lasting = broken.find((pod) => serverNow !== undefined && serverNow - unreadySince(pod) >= STUCK_AFTER);
  if (lasting === undefined) return undefined;
  const { name } = keyOf(lasting);
  const why = podTrouble([lasting]).map(({ reason }) => reason);
  const reason = `delete the pod ${name}: it is of an older revision, will not get ready, and is not replaced before it is`;
  return { state: 'blocked', reasons: [reason, ...why, ...said], trusted: true };
}

function unreadySince(pod: Json): number {
  const ready = conditionsOf(pod).find(({ type }) => type === 'Ready');
  return ready?.since ?? time(record(pod.metadata).creationTimestamp) ?? Number.POSITIVE_INFINITY;
}
