import { expect, it } from '@jest/globals';
import { fluxEngine } from '../../../src/engines/flux/index.ts';
import type { Cluster } from '../../../src/engines/kubernetes-api/cluster.ts';
import { watch } from '../../../src/engines/watch.ts';
import type { Host } from '../../../src/host.ts';
import { fluxObject, kustomization, NEW, repository } from '../../support/flux-objects.ts';
import { objectCluster } from '../../support/object-cluster.ts';
import { DEFAULTS } from '../../support/replay.ts';
import { virtualClock } from '../../support/virtual-clock.ts';

const MANY = 300;

function objectsOf(number: number) {
  const entries = [{ id: `flux_web-${number}_apps_Deployment`, v: 'v1' }];
  const spec = { replicas: 1, selector: { matchLabels: { app: `web-${number}` } } };
  const status = { replicas: 1, updatedReplicas: 1, availableReplicas: 1 };
  return [
    kustomization(NEW, { name: `app-${number}`, spec: { wait: false }, status: { inventory: { entries } } }),
    fluxObject('Deployment', { name: `web-${number}`, spec, status }),
  ];
}

it('waits for 300 targets with a handful of reads and one watch of each kind', async () => {
  const clock = virtualClock();
  const numbers = Array.from({ length: MANY }, (_, number) => number);
  const calls: string[] = [];
  const objects = [repository(NEW), ...numbers.flatMap(objectsOf)];
  const pods = [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'other', namespace: 'flux' } }];
  const { cluster } = objectCluster([...objects, ...pods]);
  const counted: Cluster = {
    ...cluster,
    list(scope, signal) {
      calls.push(`list ${scope.type.kind}`);
      return cluster.list(scope, signal);
    },
    async watch(scope, _version, signal) {
      calls.push(`watch ${scope.type.kind}`);
      await clock.sleep(3_600_000, signal);
      return { kind: 'refused', status: 500, message: '' };
    },
  };
  const host = { clock, random: () => 0.5, signal: new AbortController().signal, log: { debug: () => undefined } };
  const engine = fluxEngine(counted, { grace: 30_000, normaliseRepository: (url) => url }, host as unknown as Host);
  const outcomes = await clock.run(
    watch({
      engine,
      targets: numbers.map((number) => engine.parseTarget(`ks/flux/app-${number}`)),
      wanted: { revision: NEW, images: [] },
      options: DEFAULTS,
      timeout: 60_000,
      refresh: false,
      relation: async () => 'equal',
      progress: () => undefined,
      host: host as unknown as Host,
    }),
  );
  expect(outcomes.filter(({ verdict }) => verdict.kind === 'landed')).toHaveLength(MANY);
  expect(calls.filter((call) => call.startsWith('watch')).toSorted()).toEqual([
    'watch Deployment',
    'watch GitRepository',
    'watch Kustomization',
    'watch Pod',
  ]);
  expect(calls.length).toBeLessThan(30);
});
