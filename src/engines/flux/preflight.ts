import type { Revision } from '../../forges/forge-client.ts';
import type { Target } from '../delivery-engine.ts';
import type { Finding, Memory } from './finding.ts';
import { type FluxObject, nameOf } from './flux-object.ts';
import { holdsWanted, type Scene } from './relating.ts';
import { shortRevision, unitOf } from './revision.ts';
import { isLasting, type Source, sourceTrouble } from './source.ts';

/** What stands in the way of an object whatever its status says. */
export function preflight(object: FluxObject, memory: Memory): Finding | undefined {
  if (object.deleting) {
    return { state: 'absent', reasons: [`${nameOf(object)} is being deleted`], current: false, memory };
  }
  if (!object.suspended) return undefined;
  const reasons = [`${nameOf(object)} is suspended: nothing is taken up until somebody resumes it`];
  return { state: 'blocked', obstacle: 'switched-off', reasons, current: false, memory };
}

/**
 * What keeps a source from ever bringing the wanted revision, or from bringing it now.
 * @param seen what is seen of it
 */
export function sourceObstacle(
  source: Source,
  seen: Revision | undefined,
  target: Target,
  memory: Memory,
  scene: Scene,
): { readonly finding?: Finding; readonly memory: Memory; readonly reasons: readonly string[] } {
  const elsewhere = otherRepository(source, target, scene);
  if (elsewhere !== undefined) return { finding: blocked('elsewhere', elsewhere, true, memory), memory, reasons: [] };
  if (holdsWanted(scene, seen)) return { memory, reasons: [] };
  if (source.suspended) {
    const reason = `its source ${nameOf(source)} is suspended`;
    return { finding: blocked('switched-off', reason, false, memory), memory, reasons: [] };
  }
  const { branch } = scene.wanted;
  if (source.fixed === undefined && branch !== undefined && source.branch !== undefined && source.branch !== branch) {
    const reason = `its source ${nameOf(source)} follows the branch ${source.branch}, not ${branch}`;
    return { finding: blocked('elsewhere', reason, false, memory), memory, reasons: [] };
  }
  return troubled(source, memory, scene);
}

/** A source that cannot be fetched may come back; one whose branch is not there does not by itself. */
function troubled(source: Source, memory: Memory, scene: Scene) {
  const trouble = sourceTrouble(source);
  const { sourceTrouble: since = scene.now, ...rest } = memory;
  if (trouble === undefined) return { memory: rest, reasons: [] };
  if (!isLasting(trouble) && source.stalled === undefined) return { memory: rest, reasons: [trouble] };
  const kept: Memory = { ...rest, sourceTrouble: since };
  if (scene.now - since < scene.grace) return { memory: kept, reasons: [trouble] };
  return { finding: blocked('elsewhere', trouble, false, kept), memory: kept, reasons: [] };
}

function blocked(obstacle: 'elsewhere' | 'switched-off', reason: string, final: boolean, memory: Memory): Finding {
  return { state: 'blocked', obstacle, final, reasons: [reason], current: false, memory };
}

/** Only Git sources are told apart by their address: an artifact in a registry is made of a repository, and lies elsewhere. */
function otherRepository(source: Source, target: Target, { wanted, normalise }: Scene): string | undefined {
  if (unitOf(wanted.revision) !== 'commit' || target.parent !== undefined) return undefined;
  if (source.kind !== 'GitRepository' || wanted.repository === undefined || source.url === '') return undefined;
  if (normalise(source.url) === wanted.repository) return undefined;
  return `its source is ${source.url}, not ${wanted.repository}`;
}

/** A source that is fixed to something cannot come to show another revision. */
export function pinned(source: Source | undefined): Pick<Finding, 'obstacle'> {
  return source?.fixed === undefined || !/^[0-9a-f]{40,64}$/.test(source.fixed) ? {} : { obstacle: 'pinned' };
}

export function notYet(source: Source | undefined): string {
  return `has not taken up ${shortRevision(source?.artifact?.revision)} yet`;
}
