import type { Host } from '../../host.ts';
import type { ActResult, Target } from '../delivery-engine.ts';
import type { Cluster } from '../kubernetes-api/cluster.ts';
import { isSourceKind } from './kinds.ts';
import { needsOf } from './needs.ts';
import { nudge } from './nudge.ts';
import { readAround } from './read-around.ts';
import { objectOf } from './target-ref.ts';

/**
 * See `DeliveryEngine.act`. `refresh` asks the sources of the target to look at once, and never the target itself: a request
 * to a Kustomization makes a live one begin anew, or restarts its health check. Flux applies what its sources bring without
 * being asked, and what is suspended is left suspended, so that there is no sync to start.
 */
export async function act(
  cluster: Cluster,
  host: Pick<Host, 'clock' | 'random'>,
  target: Target,
  action: 'refresh' | 'sync' | 'terminate',
  signal: AbortSignal,
): Promise<ActResult> {
  if (action !== 'refresh') {
    const reason = `Flux has no operation to ${action === 'sync' ? 'start' : 'end'}: it applies what its sources bring`;
    return { kind: 'refused', reason };
  }
  const name = objectOf(target);
  const world = await readAround(cluster, name, signal);
  const sources = needsOf(name, world).origin.filter(({ kind }) => isSourceKind(kind) && kind !== 'HelmChart');
  const results: ActResult[] = [];
  for (const source of sources) results.push(await nudge(cluster, source, host, signal));
  return results.find(({ kind }) => kind !== 'done') ?? { kind: 'done' };
}
