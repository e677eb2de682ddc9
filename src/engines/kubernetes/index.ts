import { ToolError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import type { DeliveryEngine } from '../delivery-engine.ts';
import { type AccessOptions, clusterAccess } from '../kubernetes-api/access.ts';
import { kubernetesClient } from '../kubernetes-api/client.ts';
import type { Cluster } from '../kubernetes-api/cluster.ts';
import { diagnoseObjects } from '../kubernetes-diagnosis/diagnose.ts';
import type { ContainerImages } from '../object-health/pod-template.ts';
import { findWorkloads } from './find-workloads.ts';
import { parseObjectTarget, refOf } from './object-ref.ts';
import { observe } from './observe.ts';

export interface KubernetesOptions {
  readonly cluster: AccessOptions;
  /** As `kubectl --selector` writes it: what is waited for where no targets are named. */
  readonly selector?: string;
  /** The images of the files that were applied, by target, as `parseTarget` takes it, and by the name of the container. */
  readonly applied?: ReadonlyMap<string, ContainerImages>;
}

/**
 * Kubernetes itself, for what was applied with no GitOps engine. `get`, `list` and `watch` are all the rights it needs.
 * @throws ToolError missing, data, input, io, denied of a kubeconfig
 */
export async function openKubernetes(options: KubernetesOptions, host: Host): Promise<DeliveryEngine> {
  const access = await clusterAccess(options.cluster, host);
  return kubernetesEngine(kubernetesClient(access, host), options, host);
}

export function kubernetesEngine(
  cluster: Cluster,
  { selector, applied = new Map() }: Omit<KubernetesOptions, 'cluster'>,
  host: Pick<Host, 'clock' | 'random'>,
): DeliveryEngine {
  const parseTarget = (text: string) => parseObjectTarget(text, cluster.namespace);
  const images = new Map([...applied].map(([text, own]) => [parseTarget(text).name, own]));
  return {
    id: 'kubernetes',
    location: cluster.location,
    parseTarget,
    async discover(_query, signal) {
      if (selector !== undefined) return findWorkloads(cluster, selector, signal);
      throw new ToolError('input', 'nothing says what is waited for on the cluster', {
        hint: 'Give targets (Deployment/shop/web), a selector (app=shop), or the manifests that were applied.',
      });
    },
    sources: async () => [],
    observe: (targets, wanted, _options, signal) =>
      observe(targets, { cluster, host, wanted, applied: images, signal }),
    act: async (_target, action) =>
      action === 'refresh'
        ? { kind: 'done' }
        : { kind: 'refused', reason: 'Kubernetes itself has no operation to start or end' },
    diagnose: (target, signal) => diagnoseObjects(cluster, target, [refOf(target)], signal),
  };
}
