import { expect, it } from '@jest/globals';
import type { DeliveryEngine } from '../../src/engines/delivery-engine.ts';
import { fluxEngine } from '../../src/engines/flux/index.ts';
import { kubernetesEngine } from '../../src/engines/kubernetes/index.ts';
import type { Cluster } from '../../src/engines/kubernetes-api/cluster.ts';
import { watch } from '../../src/engines/watch.ts';
import { ToolError } from '../../src/errors.ts';
import { normaliseRepositoryUrl } from '../../src/forges/repository-url.ts';
import type { Host } from '../../src/host.ts';
import { memoryCluster } from '../support/memory-cluster.ts';
import { DEFAULTS } from '../support/replay.ts';
import { type VirtualClock, virtualClock } from '../support/virtual-clock.ts';

const WHY = 'https://cluster.example.com could not be reached: ECONNREFUSED';

function away(clock: VirtualClock): Cluster {
  const refuse = () => Promise.reject(new ToolError('temporary', WHY));
  return { ...memoryCluster(clock, { deeds: [] }), list: refuse, get: refuse, watch: refuse, resources: refuse };
}

const log = { debug: () => undefined, info: () => undefined, warning: () => undefined } as unknown as Host['log'];

it.each<[string, string, (clock: VirtualClock) => DeliveryEngine]>([
  ['Kubernetes', 'Deployment/shop/web', (clock) => kubernetesEngine(away(clock), {}, { clock, random: () => 0.5 })],
  [
    'Flux',
    'Kustomization/flux-system/apps',
    (clock) =>
      fluxEngine(
        away(clock),
        { grace: 10_000, normaliseRepository: normaliseRepositoryUrl },
        { clock, random: () => 0.5, log },
      ),
  ],
])(
  '%s: what keeps a server from being read is said while it is tried on, and at the deadline',
  async (_id, name, open) => {
    const clock = virtualClock();
    const engine = open(clock);
    const told: string[] = [];
    const [outcome] = await clock.run(
      watch({
        engine,
        targets: [engine.parseTarget(name)],
        wanted: { revision: 'a'.repeat(40), images: [] },
        options: DEFAULTS,
        timeout: 40_000,
        refresh: true,
        relation: async () => 'unknown',
        progress: ({ verdict }) => told.push(verdict.reasons[0] ?? ''),
        host: { clock, signal: new AbortController().signal },
      }),
    );
    expect(outcome?.verdict).toMatchObject({
      kind: 'timedOut',
      phase: 'resolve',
      reasons: [`${WHY}; it is asked again`],
    });
    expect(told[0]).toContain(WHY);
  },
);
