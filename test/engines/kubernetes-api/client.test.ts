import { describe, expect, it } from '@jest/globals';
import { kubernetesClient } from '../../../src/engines/kubernetes-api/client.ts';
import type { ClusterAccess, Credentials, ResourceType } from '../../../src/engines/kubernetes-api/cluster.ts';
import type { Log } from '../../../src/host.ts';
import { argocdScript, json, page, SERVER } from '../../support/argocd-script.ts';
import { virtualClock } from '../../support/virtual-clock.ts';

const PODS: ResourceType = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true };
const signal = new AbortController().signal;

function scene(access: Partial<ClusterAccess> = {}) {
  const clock = virtualClock();
  const script = argocdScript(clock);
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  const cluster = kubernetesClient(
    {
      name: 'shop',
      server: SERVER,
      namespace: 'shop',
      tls: {},
      headers: {},
      credentials: async () => ({ authorization: 'Bearer first' }),
      renew: () => false,
      ...access,
    },
    { clock, http: script.http, random: () => 0.5, signal, log: { warning: say, info: say } as unknown as Log },
  );
  return { clock, script, cluster, said };
}

function status(code: number, reason: string, message: string) {
  return json({ kind: 'Status', status: 'Failure', code, reason, message }, code);
}

describe('a cluster', () => {
  it('lists all pages', async () => {
    const { clock, script, cluster } = scene();
    script
      .on(
        'GET /api/v1/namespaces/shop/pods?labelSelector=app%3Dapi&limit=500',
        json({ metadata: { continue: 'n' }, items: [{ a: 1 }] }),
      )
      .on(
        'GET /api/v1/namespaces/shop/pods?labelSelector=app%3Dapi&limit=500&continue=n',
        json({ metadata: { resourceVersion: '9' }, items: [{ a: 2 }] }),
      );
    const reading = await clock.run(cluster.list({ type: PODS, namespace: 'shop', labels: 'app=api' }, signal));
    expect(reading).toMatchObject({ kind: 'found', value: { resourceVersion: '9', items: [{ a: 1 }, { a: 2 }] } });
    script.verify();
  });

  it.each([
    [status(404, 'NotFound', 'pods "x" not found'), 'absent'],
    [
      { status: 404, headers: { 'content-type': 'text/plain' }, body: new TextEncoder().encode('404 page not found') },
      'absent',
    ],
    [status(403, 'Forbidden', 'pods "x" is forbidden'), 'forbidden'],
    [status(410, 'Expired', 'too old'), 'expired'],
    [status(409, 'Conflict', 'changed'), 'refused'],
  ])('says no as the server does: %#', async (reply, kind) => {
    const { clock, script, cluster } = scene();
    script.on('GET /api/v1/namespaces/shop/pods/x', reply);
    expect(await clock.run(cluster.get(PODS, { namespace: 'shop', name: 'x' }, signal))).toMatchObject({ kind });
  });

  it('asks again with other credentials after a 401, once', async () => {
    const tokens = ['first', 'second'];
    const refused: (string | undefined)[] = [];
    const { clock, script, cluster } = scene({
      credentials: async () => ({ authorization: `Bearer ${tokens[0]}` }),
      renew: ({ authorization }: Credentials) => {
        refused.push(authorization);
        tokens.shift();
        return true;
      },
    });
    script
      .on('GET /api/v1/namespaces/shop/pods/x', status(401, 'Unauthorized', 'Unauthorized'))
      .on('GET /api/v1/namespaces/shop/pods/x', json({ metadata: { name: 'x' } }));
    expect(await clock.run(cluster.get(PODS, { namespace: 'shop', name: 'x' }, signal))).toMatchObject({
      kind: 'found',
    });
    expect(script.asked.map(({ headers }) => headers.authorization)).toEqual(['Bearer first', 'Bearer second']);
    expect(refused).toEqual(['Bearer first']);
  });

  it('ends with denied when no other credentials can be had', async () => {
    const { clock, script, cluster } = scene();
    script.on('GET /api/v1/namespaces/shop/pods/x', status(401, 'Unauthorized', 'Unauthorized'));
    await expect(clock.run(cluster.get(PODS, { name: 'x', namespace: 'shop' }, signal))).rejects.toMatchObject({
      code: 'denied',
    });
  });

  it('does not take a login page for an answer', async () => {
    const { clock, script, cluster } = scene();
    script.on('GET /api/v1/namespaces/shop/pods/x', page(), 6);
    await expect(clock.run(cluster.get(PODS, { name: 'x', namespace: 'shop' }, signal))).rejects.toMatchObject({
      code: 'protocol',
    });
    script.verify();
  });

  it('finds the kinds of a group in the version that the server prefers, once', async () => {
    const { clock, script, cluster } = scene();
    script
      .on('GET /apis/kustomize.toolkit.fluxcd.io', json({ preferredVersion: { version: 'v1' } }))
      .on(
        'GET /apis/kustomize.toolkit.fluxcd.io/v1',
        json({
          resources: [
            { name: 'kustomizations', kind: 'Kustomization', namespaced: true },
            { name: 'kustomizations/status', kind: 'Kustomization', namespaced: true },
          ],
        }),
      )
      .on('GET /apis/none.example.com', status(404, 'NotFound', 'not found'))
      .on('GET /apis', json({ kind: 'APIGroupList', groups: [] }));
    const twice = Promise.all([1, 2].map(() => cluster.resources('kustomize.toolkit.fluxcd.io', signal)));
    const expected = [
      {
        group: 'kustomize.toolkit.fluxcd.io',
        version: 'v1',
        plural: 'kustomizations',
        kind: 'Kustomization',
        namespaced: true,
      },
    ];
    expect(await clock.run(twice)).toEqual([expected, expected]);
    expect(await clock.run(cluster.resources('none.example.com', signal))).toEqual([]);
    script.verify();
  });

  it.each([
    ['what says 404 to everything', status(404, 'NotFound', 'no page'), 'protocol', /does not answer as one: HTTP 404/],
    [
      'what wants TLS',
      status(400, '', 'Client sent an HTTP request to an HTTPS server.'),
      'protocol',
      /HTTP 400: Client sent/,
    ],
    ['a server that does not know the caller', status(403, 'Forbidden', 'no'), 'denied', /HTTP 403: no$/],
  ])('is not taken for one that serves no such kind: %s', async (_title, reply, code, message) => {
    const { clock, script, cluster } = scene();
    script.on('GET /apis/kustomize.toolkit.fluxcd.io', reply, 'some').on('GET /apis', reply, 'some');
    await expect(clock.run(cluster.resources('kustomize.toolkit.fluxcd.io', signal))).rejects.toMatchObject({
      ...{ code, message: expect.stringMatching(message) },
      hint: expect.stringMatching(code === 'protocol' ? /Check the address of the server/ : /Was the token sent/),
    });
  });

  it('says once that it is away, and that it is back', async () => {
    const { clock, script, cluster, said } = scene();
    const down = { status: 503, headers: { 'content-type': 'text/plain' }, body: new TextEncoder().encode('starting') };
    script.on('GET /api/v1/namespaces/shop/pods/x', ({ at }) => (at < 500 ? down : json({})), 'some');
    for (let times = 0; times < 2; times++) {
      await clock.run(cluster.get(PODS, { name: 'x', namespace: 'shop' }, signal));
    }
    expect(said).toEqual([
      'The Kubernetes API server of shop is overloaded or down: HTTP 503: starting; it is asked again.',
      'It answers again.',
    ]);
  });

  it('sends a patch once, whatever comes of it', async () => {
    const { clock, script, cluster } = scene();
    script.on('PATCH /api/v1/namespaces/shop/pods/x', { status: 502, headers: { 'content-type': 'text/html' } });
    await expect(
      clock.run(
        cluster.patch(PODS, { namespace: 'shop', name: 'x' }, { metadata: { annotations: { a: 'b' } } }, signal),
      ),
    ).rejects.toMatchObject({ code: 'temporary' });
    expect(script.asked[0]).toMatchObject({
      body: '{"metadata":{"annotations":{"a":"b"}}}',
      headers: { 'content-type': 'application/merge-patch+json' },
    });
    script.verify();
  });

  it('reads the last lines of a log, also of the run before', async () => {
    const { clock, script, cluster } = scene();
    script.on('GET /api/v1/namespaces/shop/pods/x/log?tailLines=20&container=app&previous=true', {
      headers: { 'content-type': 'text/plain' },
      body: new TextEncoder().encode('one\ntwo\n'),
    });
    const asked = cluster.logs(
      { namespace: 'shop', name: 'x' },
      { container: 'app', previous: true, lines: 20 },
      signal,
    );
    expect(await clock.run(asked)).toEqual({ kind: 'found', value: ['one', 'two'] });
  });
});
