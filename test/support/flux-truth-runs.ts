import type { FluxRecording } from './flux-recordings.ts';
import { isFluxLive } from './flux-truth.ts';
import { type Run, runsOf, type Truth } from './truth-runs.ts';

// biome-ignore lint/suspicious/noExplicitAny: foreign JSON, read as it was recorded
type Foreign = any;
type Objects = ReadonlyMap<string, Foreign>;

/** What is final as Flux says it; what comes before it may pass. */
const FINAL = ['HealthCheckFailed', 'BuildFailed', 'RollbackSucceeded', 'UpgradeFailed', 'InstallFailed'];
/** Milliseconds of a recording within which the lists came that it begins with. */
const FIRST_LISTS = 1_000;
const WAITING = ['CrashLoopBackOff', 'ErrImagePull', 'ImagePullBackOff'];
/** Milliseconds for which a container has to run before its last end is forgotten. */
const FORGIVEN = 10_000;

/** How a target does at the wanted revision, and beside it when something else stands in the place of that. */
export function fluxRuns(recording: FluxRecording, target: string, wanted: string): readonly Run[] {
  const times = recording.writes.flatMap(({ t }) => [t, t + FORGIVEN]);
  const health = runsOf(times, (t) => truthAt(recording, target, wanted, t));
  // What a recording begins with was there before it.
  const [begin, ...rest] = health;
  const isThere = begin?.truth === 'gone' && (rest[0]?.from ?? 0) < FIRST_LISTS;
  return [...withoutPasses(isThere ? rest : health), ...runsOf(times, (t) => placeAt(recording, wanted, t))];
}

/** Milliseconds of a pass that finds that all is as it should be. */
const SHORT_PASS = 1_000;

/** While Flux looks once more at what is live, that goes on to be live. */
function withoutPasses(runs: readonly Run[]): readonly Run[] {
  const merged: Run[] = [];
  for (const run of runs) {
    const [before, pass] = merged.slice(-2);
    const isPass = before?.truth === 'live' && pass?.truth === 'coming' && pass.until - pass.from < SHORT_PASS;
    if (run.truth === 'live' && isPass) merged.splice(-2, 2, { ...before, until: run.until });
    else merged.push(run);
  }
  return merged;
}

function truthAt(recording: FluxRecording, target: string, wanted: string, t: number): Truth {
  const objects = recording.at(t);
  const object = objects.get(target);
  if (object === undefined) return 'gone';
  const chain = chainOf(object, objects);
  if (chain.some(({ spec }) => spec.suspend === true) || isKeptBack(recording, object, wanted, t)) return 'stuck';
  const failed = [...objects.values()].filter((one) => isNotReady(one) && isAbout(recording, one, objects, wanted));
  if (failed.some(isFinal) || (isAbout(recording, object, objects, wanted) && hasFailedJob(objects))) return 'lost';
  const isTried = isAbout(recording, object, objects, wanted);
  if (isTried && podsOf(objects).some((pod) => isBroken(pod, recording.startedAt + t))) return 'broken';
  if (isFluxLive(recording, target, wanted, t)) return 'live';
  return failed.length > 0 ? 'broken' : 'coming';
}

function isNotReady(object: Foreign): boolean {
  const isReconciler = ['Kustomization', 'HelmRelease'].includes(object?.kind);
  return isReconciler && conditionOf(object, 'Ready')?.status === 'False';
}

/** Whether what it tells is about the wanted revision: it was tried, or nothing can be tried and the source has it. */
function isAbout(recording: FluxRecording, object: Foreign, objects: Objects, wanted: string): boolean {
  const holds = (revision: string | undefined) =>
    ['equal', 'contains'].includes(recording.relation(revision?.split(':').at(-1) ?? '', wanted));
  const origin = ({ status }: Foreign) => status?.lastAttemptedOriginRevision ?? status?.lastAttemptedRevision;
  const source = [...objects.values()].find((one) => ['GitRepository', 'OCIRepository'].includes(one?.kind));
  const isHidden = ['ArtifactFailed', 'DependencyNotReady'].includes(conditionOf(object, 'Ready')?.reason);
  if (isHidden || source?.kind === 'OCIRepository') return holds(commitOf(source));
  if (object.kind === 'Kustomization') return holds(origin(object));
  const owner = objects.get(`Kustomization/${object.metadata.labels?.['kustomize.toolkit.fluxcd.io/name']}`);
  return holds(owner === undefined ? chartIn(objects)?.status?.observedSourceArtifactRevision : origin(owner));
}

/** The object itself, and where what it applies comes from. */
function chainOf(object: Foreign, objects: Objects): readonly Foreign[] {
  return [object, ...[...objects.values()].filter((one) => one?.kind === 'GitRepository')];
}

function conditionOf(object: Foreign, type: string): Foreign {
  return object?.status?.conditions?.find((one: Foreign) => one.type === type);
}

function isFinal(object: Foreign): boolean {
  const { reason, message = '' } = conditionOf(object, 'Ready') ?? {};
  return (
    FINAL.includes(reason) ||
    /dry-run failed \(Invalid\)/.test(message) ||
    conditionOf(object, 'Stalled')?.status === 'True'
  );
}

function hasFailedJob(objects: Objects): boolean {
  return [...objects.values()].some((one) => one?.kind === 'Job' && conditionOf(one, 'Failed')?.status === 'True');
}

/** A chart that was built of the wanted commit is the same as before: it is never released. */
function isKeptBack(recording: FluxRecording, object: Foreign, wanted: string, t: number): boolean {
  const { chart = '', reconcileStrategy } = object.spec?.chart?.spec ?? {};
  const isOwned = object.metadata.labels?.['kustomize.toolkit.fluxcd.io/name'] !== undefined;
  if (object.kind !== 'HelmRelease' || isOwned || chart === '' || reconcileStrategy === 'Revision') return false;
  const { observedSourceArtifactRevision: built = '', artifact } = chartIn(recording.at(t))?.status ?? {};
  const first = recording.writes.find(({ object: one }) => one?.kind === 'HelmChart')?.object;
  const isBuilt = recording.relation(built.split(':').at(-1), wanted) === 'equal';
  return isBuilt && artifact?.revision === first?.status?.artifact?.revision;
}

function chartIn(objects: Objects): Foreign {
  return [...objects.values()].find((one) => one?.kind === 'HelmChart');
}

function podsOf(objects: Objects): readonly Foreign[] {
  const images = [...objects.values()].flatMap((one) =>
    one?.kind === 'Deployment' ? one.spec.template.spec.containers.map(({ image }: Foreign) => image) : [],
  );
  return [...objects.values()].filter(
    (one) =>
      one?.kind === 'Pod' &&
      one.metadata.deletionTimestamp === undefined &&
      one.spec.containers.every(({ image }: Foreign) => images.includes(image)),
  );
}

function isBroken(pod: Foreign, now: number): boolean {
  return (pod.status?.containerStatuses ?? []).some(({ state, restartCount = 0 }: Foreign) => {
    if (WAITING.includes(state?.waiting?.reason) || (state?.terminated?.exitCode ?? 0) !== 0) return true;
    return restartCount > 0 && now - Date.parse(state?.running?.startedAt ?? 0) < FORGIVEN;
  });
}

/** Whether the source has gone on to something else, also where that contains what was wanted. */
function placeAt(recording: FluxRecording, wanted: string, t: number): Truth {
  const seen = recording.writes
    .filter((write) => write.t <= t && ['GitRepository', 'OCIRepository'].includes(write.object?.kind))
    .map(({ object }) => recording.relation(commitOf(object), wanted));
  const last = seen.lastIndexOf('equal');
  return last >= 0 && last < seen.length - 1 && seen.at(-1) !== 'equal' ? 'other' : 'coming';
}

function commitOf(source: Foreign): string {
  const { revision = '', metadata = {} } = source?.status?.artifact ?? {};
  const origin = metadata['org.opencontainers.image.revision'] ?? revision;
  return origin.split(':').at(-1);
}
