import { describe, expect, it } from '@jest/globals';
import { kubernetesClient } from '../../../src/engines/kubernetes-api/client.ts';
import type { ResourceType } from '../../../src/engines/kubernetes-api/cluster.ts';
import { follow, type Sighting } from '../../../src/engines/kubernetes-api/follow.ts';
import { keyOf, printKey, resourceVersionOf } from '../../../src/engines/kubernetes-api/objects.ts';
import { argocdScript, json, SERVER, type StreamScript } from '../../support/argocd-script.ts';
import { type VirtualClock, virtualClock } from '../../support/virtual-clock.ts';

const DEPLOYMENTS: ResourceType = {
  group: 'apps',
  version: 'v1',
  plural: 'deployments',
  kind: 'Deployment',
  namespaced: true,
};
const PATH = '/apis/apps/v1/namespaces/shop/deployments';
const LIST = `GET ${PATH}?limit=500`;

function watchAt(version: number): string {
  return `GET ${PATH}?watch=true&resourceVersion=${version}&allowWatchBookmarks=true&timeoutSeconds=300`;
}

function deployment(name: string, version: number) {
  return { kind: 'Deployment', metadata: { name, namespace: 'shop', resourceVersion: String(version) } };
}

function listOf(version: number, ...items: readonly unknown[]) {
  return json({ metadata: { resourceVersion: String(version) }, items });
}

function line(at: number, type: string, object: unknown): StreamScript['chunks'][number] {
  return { at, bytes: new TextEncoder().encode(`${JSON.stringify({ type, object })}\n`) };
}

function forbidden() {
  return json({ kind: 'Status', status: 'Failure', reason: 'Forbidden', message: 'deployments is forbidden' }, 403);
}

/** Follows the Deployments of a scripted server for so many seconds, and says what was seen and when. */
async function seen(
  seconds: number,
  write: (script: ReturnType<typeof argocdScript>, clock: VirtualClock) => void,
  looks: readonly { readonly made: number; readonly at: number }[] = [],
) {
  const clock = virtualClock();
  const script = argocdScript(clock);
  write(script, clock);
  const access = {
    name: 'shop',
    server: SERVER,
    namespace: 'shop',
    tls: {},
    headers: {},
    credentials: async () => ({ authorization: 'Bearer t' }),
    renew: () => false,
  };
  const signal = new AbortController().signal;
  const host = { clock, http: script.http, random: () => 0.5, signal };
  const sightings: string[] = [];
  const tell = (sighting: Sighting) => void sightings.push(`${clock.monotonic()} ${describeSighting(sighting)}`);
  const following = follow(
    kubernetesClient(access, host),
    { type: DEPLOYMENTS, namespace: 'shop' },
    host,
    signal,
    tell,
  );
  await clock.run(
    Promise.all([
      following.run(),
      ...looks.map(({ made, at }) => clock.sleep(made).then(() => following.look(at))),
      clock.sleep(seconds * 1000).then(following.stop),
    ]).then(() => undefined),
  );
  const reads = script.asked.filter(({ path }) => path.endsWith('?limit=500')).map(({ at }) => at);
  return { sightings, script, reads };
}

function describeSighting(sighting: Sighting): string {
  if (sighting.kind === 'object') {
    return `${sighting.via} ${printKey(keyOf(sighting.object))} ${resourceVersionOf(sighting.object)}`;
  }
  if (sighting.kind === 'gone') return `${sighting.via} gone ${printKey(sighting.key)}`;
  if (sighting.kind === 'refused') return `refused ${sighting.reading.kind}`;
  return sighting.kind === 'failed' ? `failed ${sighting.error.code}` : 'listed';
}

describe('following a kind', () => {
  it('reads first, then tells what the watch brings, and reads again every 15 s', async () => {
    const { sightings, script } = await seen(20, (script) =>
      script
        .on(LIST, listOf(10, deployment('api', 7)))
        .on(watchAt(10), {
          chunks: [line(400, 'MODIFIED', deployment('api', 12)), line(900, 'DELETED', deployment('api', 13))],
        })
        .on(LIST, listOf(14)),
    );
    expect(sightings).toEqual([
      '0 read shop/api 7',
      '0 listed',
      '400 stream shop/api 12',
      '900 stream gone shop/api',
      '15000 listed',
    ]);
    script.verify();
  });

  it('takes nothing from a bookmark but where to go on', async () => {
    const empty = { kind: 'Deployment', metadata: { resourceVersion: '40' }, spec: { replicas: 0 } };
    const { sightings, script } = await seen(10, (script) =>
      script
        .on(LIST, listOf(10, deployment('api', 7)))
        .on(watchAt(10), { chunks: [line(400, 'BOOKMARK', empty)], ends: 'closed' })
        .on(watchAt(40), { chunks: [] }),
    );
    expect(sightings).toEqual(['0 read shop/api 7', '0 listed']);
    script.verify();
  });

  it('lists again at once when the version it knew is gone, told inside an answer of status 200', async () => {
    const gone = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version: 10 (90)' };
    const { sightings, script } = await seen(10, (script) =>
      script
        .on(LIST, listOf(10, deployment('api', 7)))
        .on(watchAt(10), { chunks: [line(3, 'ERROR', gone)], ends: 'closed' })
        .on(LIST, listOf(90, deployment('api', 80)))
        .on(watchAt(90), { chunks: [] }),
    );
    expect(sightings).toEqual(['0 read shop/api 7', '0 listed', '3 read shop/api 80', '3 listed']);
    script.verify();
  });

  it('finds by reading what the watch has lost, and opens another one from there', async () => {
    const { sightings, script } = await seen(20, (script) =>
      script
        .on(LIST, listOf(10, deployment('api', 7)))
        .on(watchAt(10), { chunks: [] })
        .on(LIST, listOf(30, deployment('api', 22)))
        .on(watchAt(30), { chunks: [] }),
    );
    expect(sightings).toEqual(['0 read shop/api 7', '0 listed', '15000 read shop/api 22', '15000 listed']);
    script.verify();
  });

  it('drops events that are older than what was read, as a server that was stalled sends them', async () => {
    const { sightings } = await seen(5, (script) =>
      script.on(LIST, listOf(100, deployment('api', 99))).on(watchAt(100), {
        chunks: [line(5, 'MODIFIED', deployment('api', 98)), line(6, 'DELETED', deployment('api', 97))],
      }),
    );
    expect(sightings).toEqual(['0 read shop/api 99', '0 listed']);
  });

  it('looks twice before it believes a refusal, and goes on looking', async () => {
    const { sightings, script } = await seen(18, (script) =>
      script.on(LIST, forbidden(), 2).on(LIST, listOf(10)).on(watchAt(10), { chunks: [] }),
    );
    expect(sightings).toEqual(['2000 refused forbidden', '17000 listed']);
    script.verify();
  });

  it('lives without a watch that is refused, and does not ask for it every second', async () => {
    const { sightings, script } = await seen(50, (script) =>
      script.on(LIST, listOf(10), 'some').on(watchAt(10), { chunks: [], status: 403, ends: 'closed' }),
    );
    expect(sightings).toEqual(['0 listed', '15000 listed', '30000 listed', '45000 listed']);
    script.verify();
  });

  it('opens a watch that broke again, where it was', async () => {
    const { script } = await seen(3, (script) =>
      script
        .on(LIST, listOf(10))
        .on(watchAt(10), { chunks: [line(100, 'ADDED', deployment('api', 12))], ends: 'broken' })
        .on(watchAt(12), { chunks: [] }),
    );
    script.verify();
  });

  it('tells when reading fails after all its tries, and goes on', async () => {
    const { sightings } = await seen(40, (script) =>
      script.on(watchAt(10), { chunks: [] }, 'some').on(LIST, 'refuse', 6).on(LIST, listOf(10), 'some'),
    );
    expect(sightings[0]).toMatch(/^\d+ failed temporary$/);
    expect(sightings[1]).toMatch(/^\d+ listed$/);
  });

  it.each([
    ['now', 3_000, 3_000, [0, 3_000]],
    ['later', 3_000, 5_000, [0, 5_000]],
    ['while a list is under way, at once after it', 500, 500, [0, 1_000]],
    ['while a list is under way, later', 500, 4_000, [0, 4_000]],
    ['for when a list was begun that is still under way, which does for it', 500, 0, [0]],
    ['for when the next list is under way', 14_000, 16_500, [0, 16_000, 17_000]],
  ])('reads when it is asked to %s', async (_, made, at, expected) => {
    const slowly = (script: ReturnType<typeof argocdScript>, clock: VirtualClock) =>
      script.on(LIST, () => clock.sleep(1_000).then(() => listOf(10)), 'some').on(watchAt(10), { chunks: [] });
    const { reads, script } = await seen(made < 14_000 ? 15 : 17.5, slowly, [{ made, at }]);
    expect(reads).toEqual(expected);
    script.verify();
  });
});
