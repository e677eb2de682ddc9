import type { Condition } from '../kubernetes-api/objects.ts';
import type { FluxObject } from './flux-object.ts';

/**
 * What a Ready=False comes to. Flux tries again after `retryInterval`, whatever the reason is.
 * - `final`: another try does the same thing with the same files, or was given its time already.
 * - `passing`: may be over at the next try.
 * - `hidden`: it comes before the revision is taken note of, so that only time tells which one is meant.
 * - `waiting`: no failure.
 */
export type FailureClass = 'final' | 'passing' | 'hidden' | 'waiting';

const WAITING: ReadonlySet<string> = new Set([
  'HealthCheckCanceled',
  'DependencyNotReady',
  'SourceNotReady',
  'Progressing',
]);
/** The API server has looked at the object itself and refuses it: an invalid value, an immutable field. */
const REFUSED = /\((Invalid|BadRequest)\)/;
/** https://github.com/fluxcd/kustomize-controller/blob/main/internal/controller/kustomization_controller.go */
const PATH_GONE = /path not found/;

export function classify({ reason, message }: Condition, object: FluxObject): FailureClass {
  if (WAITING.has(reason)) return 'waiting';
  // What applies the object may bring a spec that is right.
  if (object.stalled !== undefined) return isApplied(object) ? 'passing' : 'final';
  if (reason === 'ArtifactFailed') return PATH_GONE.test(message) ? 'hidden' : 'waiting';
  if (reason === 'BuildFailed' || reason === 'HealthCheckFailed') return 'final';
  return REFUSED.test(message) ? 'final' : 'passing';
}

function isApplied({ labels }: FluxObject): boolean {
  return labels['kustomize.toolkit.fluxcd.io/name'] !== undefined;
}
