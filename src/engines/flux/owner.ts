import type { Revision } from '../../forges/forge-client.ts';
import { text } from '../api/json.ts';
import type { Strand } from './finding.ts';
import { type FluxObject, isReadyNow, readFluxObject } from './flux-object.ts';
import { KUSTOMIZATION } from './kinds.ts';
import type { Scene } from './relating.ts';
import { told, unitOf } from './revision.ts';
import { readSource, referenced, type Source } from './source.ts';
import type { ObjectName } from './target-ref.ts';
import { find } from './world.ts';

const NAME = 'kustomize.toolkit.fluxcd.io/name';
const NAMESPACE = 'kustomize.toolkit.fluxcd.io/namespace';

/** The Kustomization that has applied an object, as its labels say. */
export function ownerOf({ labels }: FluxObject): ObjectName | undefined {
  const [name, namespace] = [text(labels[NAME]), text(labels[NAMESPACE])];
  return name === undefined || namespace === undefined ? undefined : { ...KUSTOMIZATION, namespace, name };
}

/**
 * How far the wanted revision has come through the Kustomization that applies the object; undefined where it comes from
 * another repository.
 * @param current whether the object stands at its own spec
 */
export function ownerStrand(object: FluxObject, current: boolean, scene: Scene): Strand | undefined {
  const { world, wanted } = scene;
  const name = ownerOf(object);
  const json = name === undefined ? undefined : find(world, name);
  if (json === undefined || unitOf(wanted.revision) !== 'commit') return undefined;
  const owner = readFluxObject(json);
  if (!isFromWanted(owner, scene)) return undefined;
  const brought = broughtBy(owner, scene);
  const { artifact } = sourceOf(owner, scene) ?? {};
  const seen = artifact === undefined ? brought : told(artifact, wanted.revision);
  return { seen, attempted: brought, applied: current ? brought : undefined };
}

function sourceOf({ spec, namespace }: FluxObject, { world }: Scene): Source | undefined {
  const name = referenced(spec.sourceRef, namespace);
  return name === undefined ? undefined : readSource(world, name);
}

/** Whether a Kustomization is not known to take its files from another repository. */
export function isFromWanted(kustomization: FluxObject, scene: Scene): boolean {
  const { repository } = scene.wanted;
  const source = sourceOf(kustomization, scene);
  if (source?.kind !== 'GitRepository' || repository === undefined) return true;
  return scene.normalise(source.url) === repository;
}

/** The revision whose objects a Kustomization has applied for certain, in the unit of the wanted one. */
export function broughtBy(kustomization: FluxObject, scene: Scene): Revision | undefined {
  const revision = specRevision(kustomization);
  if (revision === undefined) return undefined;
  const { artifact } = sourceOf(kustomization, scene) ?? {};
  const applied = text(kustomization.status.lastAppliedOriginRevision);
  const origin = artifact?.revision === revision ? artifact.origin : applied;
  return told({ revision, ...(origin && { origin }) }, scene.wanted.revision);
}

/** The revision whose objects are in the cluster for certain: while a pass applies, that is still the one before. */
function specRevision(owner: FluxObject): string | undefined {
  const { status, ready, reconciling } = owner;
  const [, checked] = /Running health checks for revision (\S+)/.exec(reconciling?.message ?? '') ?? [];
  if (checked !== undefined) return checked;
  if (ready?.status === 'False' && /^HealthCheck/.test(ready.reason)) return text(status.lastAttemptedRevision);
  return isReadyNow(owner) || ready?.status !== 'True' ? text(status.lastAppliedRevision) : undefined;
}
