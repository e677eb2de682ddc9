import { expect, it } from '@jest/globals';
import { fluxEngine } from '../../../src/engines/flux/index.ts';
import type { Cluster, WatchEvent } from '../../../src/engines/kubernetes-api/cluster.ts';
import { watch } from '../../../src/engines/watch.ts';
import type { Host } from '../../../src/host.ts';
import { fluxObject, kustomization, NEW, OLD, repository } from '../../support/flux-objects.ts';
import { objectCluster } from '../../support/object-cluster.ts';
import { DEFAULTS } from '../../support/replay.ts';
import { type VirtualClock, virtualClock } from '../../support/virtual-clock.ts';

const MANY = 300;

const POD = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'other', namespace: 'flux' } };

function objectsOf(number: number, commit = NEW) {
  const entries = [{ id: `flux_web-${number}_apps_Deployment`, v: 'v1' }];
  const spec = { replicas: 1, selector: { matchLabels: { app: `web-${number}` } } };
  const status = { replicas: 1, updatedReplicas: 1, availableReplicas: 1 };
  return [
    kustomization(commit, { name: `app-${number}`, spec: { wait: false }, status: { inventory: { entries } } }),
    fluxObject('Deployment', { name: `web-${number}`, spec, status }),
  ];
}

function waitFor(cluster: Cluster, clock: VirtualClock) {
  const host = { clock, random: () => 0.5, signal: new AbortController().signal, log: { debug: () => undefined } };
  const engine = fluxEngine(cluster, { grace: 30_000, normaliseRepository: (url) => url }, host as unknown as Host);
  const names = Array.from({ length: MANY }, (_, number) => `ks/flux/app-${number}`);
  return clock.run(
    watch({
      engine,
      targets: names.map((name) => engine.parseTarget(name)),
      wanted: { revision: NEW, images: [] },
      options: DEFAULTS,
      timeout: 120_000,
      refresh: false,
      relation: async (revision) => (revision === NEW ? 'equal' : 'lacks'),
      progress: () => undefined,
      host: host as unknown as Host,
    }),
  );
}

it('waits for 300 targets with a handful of reads and one watch of each kind', async () => {
  const clock = virtualClock();
  const numbers = Array.from({ length: MANY }, (_, number) => number);
  const calls: string[] = [];
  const objects = [repository(NEW), ...numbers.flatMap((number) => objectsOf(number))];
  const { cluster } = objectCluster([...objects, POD]);
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
  const outcomes = await waitFor(counted, clock);
  expect(outcomes.filter(({ verdict }) => verdict.kind === 'landed')).toHaveLength(MANY);
  expect(calls.filter((call) => call.startsWith('watch')).toSorted()).toEqual([
    'watch Deployment',
    'watch GitRepository',
    'watch Kustomization',
    'watch Pod',
  ]);
  expect(calls.length).toBeLessThan(30);
});

/** Milliseconds from one target to the next that comes to stand where it should. */
const APART = 133;

it('reads no more often when 300 targets come to stand where they should one after another', async () => {
  const clock = virtualClock();
  const numbers = Array.from({ length: MANY }, (_, number) => number);
  const at = (number: number) => objectsOf(number, clock.monotonic() >= number * APART ? NEW : OLD);
  const lists: number[] = [];
  const { cluster } = objectCluster([repository(NEW), ...objectsOf(0, OLD), POD]);
  const played: Cluster = {
    ...cluster,
    async list({ type }) {
      lists.push(clock.monotonic());
      const all = [repository(NEW), ...numbers.flatMap(at), POD];
      const items = all.filter(({ kind }) => kind === type.kind);
      return { kind: 'found', value: { resourceVersion: '1', items } };
    },
    async watch({ type }, _version, signal) {
      async function* events(): AsyncGenerator<WatchEvent> {
        for (const number of type.kind === 'Kustomization' ? numbers : []) {
          await clock.sleep(Math.max(0, number * APART - clock.monotonic()), signal);
          for (const object of at(number)) if (object.kind === type.kind) yield { kind: 'changed', object };
        }
        await clock.sleep(3_600_000, signal);
      }
      return { kind: 'found', value: { events: events(), close: () => undefined } };
    },
  };
  const outcomes = await waitFor(played, clock);
  expect(outcomes.filter(({ verdict }) => verdict.kind === 'landed')).toHaveLength(MANY);
  // Stable for 10 s after the last one, which is read at the latest 6 s after that.
  expect(clock.monotonic()).toBeLessThan(MANY * APART + 20_000);
  expect(lists.length).toBeLessThan(130);
});
