import type { Host } from '../../host.ts';
import type { DeliveryEngine } from '../delivery-engine.ts';
import { type AccessOptions, clusterAccess } from '../kubernetes-api/access.ts';
import { kubernetesClient } from '../kubernetes-api/client.ts';
import type { Cluster } from '../kubernetes-api/cluster.ts';
import { act } from './act.ts';
import { diagnose } from './diagnose.ts';
import { discover } from './discover.ts';
import { observe } from './observe.ts';
import { sourcesOf } from './sources.ts';
import { parseFluxTarget } from './target-ref.ts';

export interface FluxOptions {
  readonly cluster: AccessOptions;
  /** Milliseconds for which a failure that may pass is given time. */
  readonly grace: number;
  /** One spelling for all addresses of the same repository. */
  readonly normaliseRepository: (url: string) => string;
}

/**
 * Flux through the API server of its cluster, whichever of v1, v1beta2, v2 and v2beta2 that serves.
 * @throws ToolError missing, data, input, io, denied of a kubeconfig
 */
export async function openFlux(options: FluxOptions, host: Host): Promise<DeliveryEngine> {
  const access = await clusterAccess(options.cluster, host);
  return fluxEngine(kubernetesClient(access, host), options, host);
}

export function fluxEngine(
  cluster: Cluster,
  { grace, normaliseRepository: normalise }: Omit<FluxOptions, 'cluster'>,
  host: Pick<Host, 'clock' | 'random' | 'log'>,
): DeliveryEngine {
  const chartChanged = new Set<string>();
  return {
    id: 'flux',
    location: cluster.location,
    parseTarget: (text) => parseFluxTarget(text, cluster.namespace),
    async discover(query, signal) {
      const { targets, charts } = await discover(cluster, query, normalise, signal);
      for (const name of charts) chartChanged.add(name);
      return targets;
    },
    sources: (target, signal) => sourcesOf(cluster, target, signal),
    observe: (targets, wanted, observing, signal) =>
      observe(targets, { cluster, host, wanted, options: observing, normalise, grace, chartChanged, signal }),
    act: (target, action, _revision, signal) => act(cluster, host, target, action, signal),
    diagnose: (target, signal) => diagnose(cluster, target, signal),
  };
}
