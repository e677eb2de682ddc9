import type { Revision } from '../../forges/forge-client.ts';
import { text } from '../api/json.ts';
import { checkedNow } from './checked.ts';
import type { Strand } from './finding.ts';
import { type FluxObject, isReadyNow, readFluxObject } from './flux-object.ts';
import { KUSTOMIZATION } from './kinds.ts';
import type { Scene } from './relating.ts';
import { type Artifact, told, unitOf } from './revision.ts';
import { readSource, referenced, type Source } from './source.ts';
import { artifactOf, type Taken, takenBy } from './taken.ts';
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
 * @param checked what that Kustomization is known to have applied all of, see `noteChecked`
 */
export function ownerStrand(object: FluxObject, current: boolean, scene: Scene, checked?: string): Strand | undefined {
  const { wanted } = scene;
  const owner = ownerIn(object, scene);
  if (owner === undefined || unitOf(wanted.revision) !== 'commit' || !isFromWanted(owner, scene)) return undefined;
  const brought = broughtBy(owner, scene, checked);
  const { artifact } = sourceOf(owner, scene) ?? {};
  const seen = artifact === undefined ? brought : told(artifact, wanted.revision);
  return { seen, attempted: brought, applied: current ? brought : undefined };
}

/** What that Kustomization has taken from its source. */
export function ownerTaken(object: FluxObject, scene: Scene): Taken | undefined {
  const owner = ownerIn(object, scene);
  const tell = (artifact: Artifact | undefined) => artifact && told(artifact, scene.wanted.revision);
  return owner && takenBy(owner, sourceOf(owner, scene), tell, scene);
}

/** The Kustomization that has applied an object, where it is known. */
export function ownerIn(object: FluxObject, { world }: Scene): FluxObject | undefined {
  const name = ownerOf(object);
  const json = name === undefined ? undefined : find(world, name);
  return json === undefined ? undefined : readFluxObject(json);
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
export function broughtBy(kustomization: FluxObject, scene: Scene, checked?: string): Revision | undefined {
  const revision = specRevision(kustomization, checked);
  if (revision === undefined) return undefined;
  return told(artifactOf(revision, kustomization, sourceOf(kustomization, scene)), scene.wanted.revision);
}

/** The revision whose objects are in the cluster for certain: while a pass applies, that is still the one before. */
function specRevision(owner: FluxObject, checked: string | undefined): string | undefined {
  const { status, ready } = owner;
  const now = checkedNow(owner);
  const isOver = isReadyNow(owner);
  if (now !== undefined || (ready?.status === 'True' && !isOver)) return now;
  if (checked === undefined) return text(status.lastAppliedRevision);
  // Others may have been applied since, and not been heard of; a pass that did well has ended with its own.
  return isOver && checked === status.lastAttemptedRevision ? checked : undefined;
}
