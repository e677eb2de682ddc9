import { text } from '../api/json.ts';
import type { Target } from '../delivery-engine.ts';
import { noteChecked } from './checked.ts';
import type { Finding, Memory, Strand } from './finding.ts';
import { type FluxObject, isReadyNow, nameOf, words } from './flux-object.ts';
import { ownerIn, ownerStrand, ownerTaken } from './owner.ts';
import { preflight } from './preflight.ts';
import type { Scene } from './relating.ts';
import { told, unitOf } from './revision.ts';
import { inOrder, noteTaken } from './taken.ts';

/**
 * What a FluxInstance or a ResourceSet of flux-operator says. Its own revision is a version or a digest of what it has made,
 * never a commit: that comes from the Kustomization that applies it.
 */
export function otherFinding(object: FluxObject, target: Target, before: Memory, scene: Scene): Finding {
  const memory = noteTaken(noteChecked(before, ownerIn(object, scene)), [ownerTaken(object, scene)], scene);
  const stopped = preflight(object, memory);
  if (stopped !== undefined) return stopped;
  const { ready, stalled } = object;
  const reasons = [ready === undefined ? `${nameOf(object)} has no status yet` : `${nameOf(object)}: ${words(ready)}`];
  const bound = target.parent !== undefined;
  const isReady = isReadyNow(object);
  const strand = bound ? ownStrand(object, isReady) : revisionStrand(object, isReady, memory, scene);
  if (strand === undefined) {
    const reason = `${nameOf(object)} is applied by no Kustomization, so that it never shows a commit`;
    return { state: 'blocked', obstacle: 'elsewhere', reasons: [reason], current: false, memory };
  }
  const { attempted, doubted } = strand;
  const current = isReady && doubted !== true;
  const outcome = current ? 'succeeded' : stalled !== undefined && ready?.status === 'False' ? 'failed' : 'running';
  return {
    state: current ? 'healthy' : 'syncing',
    seen: strand.seen,
    applied: strand.applied,
    ...(attempted === undefined ? {} : { attempt: { revision: attempted, outcome, reason: reasons[0] ?? '' } }),
    reasons,
    current,
    since: current ? ready?.since : undefined,
    memory,
    ...(doubted === true ? { doubted } : {}),
    ...(bound ? { boundToParent: true } : {}),
  };
}

function ownStrand({ generation, status }: FluxObject, current: boolean): Strand {
  const revision = `${text(status.lastAppliedRevision) ?? 'unnamed'} (generation ${generation})`;
  return { seen: revision, attempted: revision, applied: current ? revision : undefined };
}

function revisionStrand(object: FluxObject, current: boolean, memory: Memory, scene: Scene): Strand | undefined {
  const { wanted } = scene;
  if (unitOf(wanted.revision) === 'commit')
    return inOrder(
      ownerStrand(object, current, scene, memory.checked?.revision),
      ownerTaken(object, scene),
      memory,
      scene,
    );
  const { lastAppliedRevision, lastAttemptedRevision } = object.status;
  const tell = (value: unknown) => {
    const revision = text(value);
    return revision === undefined ? undefined : told({ revision }, wanted.revision);
  };
  const attempted = tell(lastAttemptedRevision) ?? tell(lastAppliedRevision);
  return { seen: attempted, attempted, applied: current ? tell(lastAppliedRevision) : undefined };
}
