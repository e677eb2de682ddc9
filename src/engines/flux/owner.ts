import { text } from '../api/json.ts';
import type { Strand } from './finding.ts';
import { type FluxObject, isReadyNow, readFluxObject } from './flux-object.ts';
import { KUSTOMIZATION } from './kinds.ts';
import type { Scene } from './relating.ts';
import { told, unitOf } from './revision.ts';
import { readSource, referenced } from './source.ts';
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
  const { world, wanted, normalise } = scene;
  const name = ownerOf(object);
  const json = name === undefined ? undefined : find(world, name);
  if (json === undefined || unitOf(wanted.revision) !== 'commit') return undefined;
  const owner = readFluxObject(json);
  const sourceName = referenced(owner.spec.sourceRef, owner.namespace);
  const source = sourceName === undefined ? undefined : readSource(world, sourceName);
  const isGit = source?.kind === 'GitRepository';
  if (isGit && wanted.repository !== undefined && normalise(source.url) !== wanted.repository) return undefined;
  const spec = specRevision(owner);
  const origin =
    source?.artifact?.revision === spec ? source?.artifact?.origin : text(owner.status.lastAppliedOriginRevision);
  const brought = spec === undefined ? undefined : told({ revision: spec, ...(origin && { origin }) }, wanted.revision);
  const seen = source?.artifact === undefined ? brought : told(source.artifact, wanted.revision);
  return { seen, attempted: brought, applied: current ? brought : undefined };
}

/** The revision whose objects are in the cluster for certain: while a pass applies, that is still the one before. */
function specRevision(owner: FluxObject): string | undefined {
  const { status, ready, reconciling } = owner;
  const [, checked] = /Running health checks for revision (\S+)/.exec(reconciling?.message ?? '') ?? [];
  if (checked !== undefined) return checked;
  if (ready?.status === 'False' && /^HealthCheck/.test(ready.reason)) return text(status.lastAttemptedRevision);
  return isReadyNow(owner) || ready?.status !== 'True' ? text(status.lastAppliedRevision) : undefined;
}
