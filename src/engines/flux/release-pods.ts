import { type FluxObject, readFluxObject } from './flux-object.ts';
import { reconcilersOf } from './inventory.ts';
import { HELM_RELEASE } from './kinds.ts';
import { workloadTrouble } from './pod-trouble.ts';
import type { Scene } from './relating.ts';
import { find } from './world.ts';

/** Of Helm's action that is under way, which goes on until its own time is over, whatever the pods say. */
const RELEASING = /^Running '(?:install|upgrade)' action/;

export interface BrokenPods {
  readonly reason: string;
  /** When the action began, milliseconds since 1970 by the server's clock. */
  readonly began: number;
}

/**
 * What pods of a release tell that were made since the action under way began: hooks come before the objects of it, so that
 * older pods may be of the release before.
 */
export function brokenPods({ reconciling, ...object }: FluxObject, scene: Scene): BrokenPods | undefined {
  const { status, generation } = object;
  const { lastAttemptedGeneration = generation } = status;
  if (reconciling?.since === undefined || !RELEASING.test(reconciling.message)) return undefined;
  if (lastAttemptedGeneration !== generation) return undefined;
  const { broken } = workloadTrouble(object, scene, reconciling.since);
  return broken === undefined ? undefined : { reason: broken, began: reconciling.since };
}

/** The same of the releases that a Kustomization has applied, and whose health it checks. */
export function brokenRelease(kustomization: FluxObject, scene: Scene): string | undefined {
  for (const name of reconcilersOf(kustomization)) {
    const json = name.kind === HELM_RELEASE.kind ? find(scene.world, name) : undefined;
    const broken = json === undefined ? undefined : brokenPods(readFluxObject(json), scene);
    if (broken !== undefined) return `HelmRelease ${name.name}: ${broken.reason}`;
  }
  return undefined;
}
