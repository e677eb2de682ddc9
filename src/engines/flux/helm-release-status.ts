import { list, record, text } from '../api/json.ts';
import { count } from '../kubernetes-api/objects.ts';
import { type FluxObject, hasTrue, isReadyNow } from './flux-object.ts';

/** The chart that a HelmRelease should release, as its source has it. */
export interface Chart {
  /** `1.2.3`, `1.2.3+<12 hex of the commit>`, `1.2.3@sha256:<digest>`. */
  readonly revision: string;
  readonly digest: string;
}

/**
 * Whether the newest release is what the spec, the values and the chart ask for. After a rollback there is a healthy release as
 * well, of the old chart or with the old values; each of both comparisons is needed.
 * https://fluxcd.io/flux/components/helm/helmreleases/#history
 */
export function isReleased(object: FluxObject, chart: Chart | undefined): boolean {
  const { status, generation, spec, conditions } = object;
  const newest = newestRelease(object);
  const attempted = text(status.lastAttemptedRevision);
  if (!isReadyNow(object) || hasTrue(object, 'Remediated') || newest === undefined || attempted === undefined)
    return false;
  if (status.lastAttemptedGeneration !== undefined && count(status.lastAttemptedGeneration) !== generation)
    return false;
  if (conditions.some(({ type, status: value }) => type === 'Released' && value !== 'True')) return false;
  if (record(spec.test).enable === true && !hasTrue(object, 'TestSuccess')) return false;
  return (
    newest.status === 'deployed' &&
    newest.chartVersion === attempted &&
    isSameDigest(newest.configDigest, status.lastAttemptedConfigDigest) &&
    (chart === undefined || isChart(object, chart))
  );
}

function isSameDigest(a: unknown, b: unknown): boolean {
  return text(a) === undefined || text(b) === undefined || a === b;
}

/** Whether the last try was of that chart. An artifact in a registry is known by its digest. */
export function isChart({ status }: FluxObject, { revision }: Chart): boolean {
  const digest = text(status.lastAttemptedRevisionDigest);
  return status.lastAttemptedRevision === revision || (digest !== undefined && revision.endsWith(digest));
}

function newestRelease({ status }: FluxObject) {
  const releases = list(status.history).map(record);
  return [...releases].sort((a, b) => count(b.version) - count(a.version))[0];
}

/**
 * Whether the controller has given up on the spec as it is now. `Remediated` stays True while the next try runs, so that it is
 * final only where none is to come.
 */
export function hasGivenUp(object: FluxObject): boolean {
  const { status, generation, observedGeneration, stalled, ready, reconciling } = object;
  const isNow = observedGeneration === generation && (ready?.observedGeneration ?? generation) === generation;
  const isTried = status.lastAttemptedGeneration === undefined || count(status.lastAttemptedGeneration) === generation;
  if (!isNow || !isTried || ready?.status !== 'False') return false;
  return stalled !== undefined || (hasTrue(object, 'Remediated') && reconciling === undefined);
}
