import type { FluxRecording } from './flux-recordings.ts';

// biome-ignore lint/suspicious/noExplicitAny: foreign JSON, read as it was recorded
type Foreign = any;

/**
 * Whether a revision, or one that contains it, was live and healthy at a time, by the whole of what was recorded: told from
 * the objects themselves, by other rules than those of the program.
 */
export function isFluxLive(recording: FluxRecording, target: string, wanted: string, t: number): boolean {
  const objects = recording.at(t);
  const object = objects.get(target);
  if (object === undefined || object.status?.observedGeneration !== object.metadata.generation) return false;
  if (condition(object, 'Ready') !== 'True' || condition(object, 'Stalled') === 'True') return false;
  const holds = (revision: string | undefined) => isHeld(recording, revision, wanted);
  const isThere =
    object.kind === 'Kustomization'
      ? holds(object.status.lastAppliedOriginRevision ?? object.status.lastAppliedRevision)
      : isReleased(object, objects) && holds(builtOf(object, objects));
  return isThere && [...objects.values()].every((one) => isComplete(one));
}

function condition(object: Foreign, type: string): string | undefined {
  return object.status?.conditions?.find((one: Foreign) => one.type === type)?.status;
}

function isHeld({ relation }: FluxRecording, revision: string | undefined, wanted: string): boolean {
  const commit = revision?.split(':').at(-1) ?? '';
  return ['equal', 'contains'].includes(relation(commit, wanted));
}

function isReleased(release: Foreign, objects: ReadonlyMap<string, Foreign>): boolean {
  const { history, lastAttemptedConfigDigest, lastAttemptedRevision } = release.status;
  const [newest] = history ?? [];
  const chart = [...objects.values()].find((one) => one?.kind === 'HelmChart');
  return (
    condition(release, 'Remediated') !== 'True' &&
    newest?.status === 'deployed' &&
    newest.configDigest === lastAttemptedConfigDigest &&
    newest.chartVersion === lastAttemptedRevision &&
    chart?.status?.artifact?.revision === lastAttemptedRevision
  );
}

/** What a release shows of a commit: its chart was built of it, or it was applied by the Kustomization that was at it. */
function builtOf(release: Foreign, objects: ReadonlyMap<string, Foreign>): string | undefined {
  const owner = release.metadata.labels?.['kustomize.toolkit.fluxcd.io/name'];
  if (owner !== undefined) return objects.get(`Kustomization/${owner}`)?.status?.lastAttemptedRevision;
  const chart = [...objects.values()].find((one) => one?.kind === 'HelmChart');
  return chart?.status?.observedSourceArtifactRevision;
}

/** A rollout that is over, a Job that has ended well; anything else has no say. */
function isComplete(object: Foreign): boolean {
  if (object?.kind === 'Job') return condition(object, 'Failed') !== 'True';
  if (object?.kind !== 'Deployment') return true;
  const { status, spec, metadata } = object;
  const counts = [status?.replicas, status?.updatedReplicas, status?.availableReplicas];
  return status?.observedGeneration === metadata.generation && counts.every((count) => (count ?? 0) === spec.replicas);
}
