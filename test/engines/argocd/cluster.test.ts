import { describe, expect, it } from '@jest/globals';
import { openArgocd } from '../../../src/engines/argocd/index.ts';
import type { DeliveryEngine } from '../../../src/engines/delivery-engine.ts';
import { watch } from '../../../src/engines/watch.ts';
import { normaliseRepositoryUrl } from '../../../src/forges/repository-url.ts';
import type { Host } from '../../../src/host.ts';
import { application, OLD, WANTED } from '../../support/applications.ts';
import { argocdScript, json, SERVER } from '../../support/argocd-script.ts';
import { kubeconfigOf } from '../../support/kubeconfigs.ts';
import { DEFAULTS } from '../../support/replay.ts';
import { virtualClock } from '../../support/virtual-clock.ts';

const ALL = '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications';
const ONE = `${ALL}/shop`;
const never = new AbortController().signal;
const TARGET = { name: 'shop', kind: 'Application', namespace: 'argocd' };

function watchFrom(version: string, query = 'fieldSelector=metadata.name%3Dshop&'): string {
  return `GET ${ALL}?${query}watch=true&resourceVersion=${version}&allowWatchBookmarks=true&timeoutSeconds=300`;
}

function lines(...events: readonly { readonly at: number; readonly type: string; readonly object: unknown }[]) {
  const encode = (value: unknown) => new TextEncoder().encode(`${JSON.stringify(value)}\n`);
  return { chunks: events.map(({ at, ...event }) => ({ at, bytes: encode(event) })) };
}

function status(code: number, reason: string, message: string) {
  return json({ kind: 'Status', status: 'Failure', code, reason, message }, code);
}

/** Argo CD behind a scripted API server of Kubernetes, in virtual time. */
async function scene(options: { readonly project?: string } = {}) {
  const clock = virtualClock();
  const script = argocdScript(clock);
  const log: string[] = [];
  const line = (level: string) => (message: string) => void log.push(`${level} ${message}`);
  const kubeconfig = new TextEncoder().encode(kubeconfigOf({ server: SERVER }, { token: 'a-token-of-the-gate' }));
  const host = {
    clock,
    http: script.http,
    random: () => 0.5,
    signal: never,
    env: {},
    workingDirectory: '/work',
    files: { read: async () => kubeconfig },
    log: {
      debug: line('debug'),
      info: line('info'),
      warning: line('warning'),
      group: (_title: string, body: () => Promise<unknown>) => body(),
      secret: () => undefined,
    },
  } as unknown as Host;
  const cluster = { kubeconfig: 'config', allowExec: false };
  const engine = await openArgocd({ cluster, normaliseRepository: normaliseRepositoryUrl, ...options }, host);
  const wait = (refresh = true) =>
    clock.run(
      watch({
        engine,
        host,
        targets: [engine.parseTarget('shop')],
        wanted: { revision: WANTED, images: [] },
        options: DEFAULTS,
        timeout: 120_000,
        refresh,
        relation: async (revision) => (revision === WANTED ? 'equal' : 'lacks'),
        progress: () => undefined,
      }),
    );
  return { clock, script, log, engine, wait };
}

function marked(sketch: Parameters<typeof application>[0]) {
  return application({ ...sketch, annotations: { 'argocd.argoproj.io/refresh': 'normal' } });
}

describe('Argo CD by the Kubernetes API', () => {
  it('has landed at once where the commit has been live for long, by two reads', async () => {
    const { script, wait } = await scene();
    script.on(`GET ${ONE}`, json(application({ revision: WANTED })), 2).on(watchFrom('0'), { chunks: [] });
    const [outcome] = await wait();
    expect(outcome?.verdict.kind).toBe('landed');
    expect(script.asked[0]?.headers.authorization).toBe('Bearer a-token-of-the-gate');
    script.verify();
  });

  it('is nudged by the annotation, and waits until the comparison takes it away', async () => {
    const { script, wait } = await scene();
    const live = { revision: WANTED, healthSince: '2026-11-22T09:00:05Z' };
    script
      .on(`GET ${ONE}`, json(application({ revision: OLD, version: 100 })))
      .on(`GET ${ONE}`, json(application({ ...live, version: 103 })))
      .on(`PATCH ${ONE}`, json(marked({ revision: OLD, version: 101 })))
      .on(
        watchFrom('101'),
        lines(
          { at: 100, type: 'MODIFIED', object: marked({ revision: OLD, version: 102 }) },
          { at: 400, type: 'MODIFIED', object: application({ ...live, version: 103 }) },
        ),
      )
      .on(watchFrom('0'), lines({ at: 40_000, type: 'MODIFIED', object: live }), 'some');
    const [outcome] = await wait();
    expect(outcome?.verdict.kind).toBe('landed');
    expect(outcome?.seconds).toBeLessThan(2);
    const patch = script.asked.find(({ method }) => method === 'PATCH');
    expect([patch?.body, patch?.headers['content-type']]).toEqual([
      '{"metadata":{"annotations":{"argocd.argoproj.io/refresh":"normal"}}}',
      'application/merge-patch+json',
    ]);
    script.verify();
  });

  it('is followed by a watch where it may not be nudged, which is told once', async () => {
    const { script, wait, log } = await scene();
    const live = application({ revision: WANTED, version: 110 });
    script
      .on(`GET ${ONE}`, ({ at }) => json(at < 40_000 ? application({ revision: OLD }) : live), 'some')
      .on(`PATCH ${ONE}`, status(403, 'Forbidden', 'applications "shop" is forbidden'), 'some')
      .on(
        watchFrom('0'),
        lines({ at: 40_000, type: 'MODIFIED', object: application({ revision: WANTED, version: 110 }) }),
        'some',
      );
    const [outcome] = await wait();
    expect([outcome?.verdict.kind, outcome?.seconds]).toEqual(['landed', 40]);
    expect(log.filter((one) => one.startsWith('warning'))).toEqual([
      'warning Argo CD cannot be asked to look at once, only at its next poll: applications "shop" is forbidden',
    ]);
  });

  it.each([
    [404, 'NotFound', 'absent', 'there is no application shop: no'],
    [
      403,
      'Forbidden',
      'forbidden',
      'the application shop may not be read, and may not exist either (Kubernetes tells that only with the right to get it): no',
    ],
  ])('is away at %s', async (code, reason, state, said) => {
    const { script, wait } = await scene();
    script.on(`GET ${ONE}`, status(code, reason, 'no'), 'some');
    const [outcome] = await wait();
    expect(outcome?.verdict).toMatchObject({ kind: 'unreachable', observation: { state } });
    expect(outcome?.verdict.reasons[0]).toBe(said);
  });

  it('is discovered in its namespace, of one project', async () => {
    const { script, clock, engine } = await scene({ project: 'default' });
    const stranger = application({ name: 'other' });
    script.on(
      `GET ${ALL}?limit=500`,
      json({ metadata: {}, items: [application({}), { ...stranger, spec: { ...stranger.spec, project: 'team' } }] }),
    );
    const query = { repository: 'git.example.com/acme/config', branch: 'main', changedFiles: [] };
    expect(await clock.run(engine.discover(query, never))).toMatchObject([{ name: 'shop', namespace: 'argocd' }]);
  });
});

describe('acting on the object', () => {
  type Action = Parameters<DeliveryEngine['act']>[1];

  async function acted(
    action: Action,
    replies: readonly (readonly [string, ReturnType<typeof json>])[],
    revision = WANTED,
  ) {
    const { script, clock, engine } = await scene();
    for (const [key, reply] of replies) script.on(key, reply);
    const result = await clock.run(engine.act(TARGET, action, revision, never));
    script.verify();
    return { result, patches: script.asked.flatMap(({ body }) => (body === undefined ? [] : [JSON.parse(body)])) };
  }

  it('a sync names the commit, takes the options of the spec, and writes over nothing newer', async () => {
    const manual = application({ automated: false, version: 7 });
    const syncPolicy = { syncOptions: ['CreateNamespace=true'], retry: { limit: 3 } };
    const { result, patches } = await acted('sync', [
      [`GET ${ONE}`, json({ ...manual, spec: { ...manual.spec, syncPolicy } })],
      [`PATCH ${ONE}`, json({})],
    ]);
    expect(result).toEqual({ kind: 'done' });
    expect(patches).toEqual([
      {
        metadata: { resourceVersion: '7' },
        operation: {
          initiatedBy: { username: 'drawbridge' },
          sync: { revision: WANTED, syncOptions: ['CreateNamespace=true'] },
          retry: { limit: 3 },
        },
        status: { operationState: null },
      },
    ]);
  });

  it('a sync of several sources follows the spec', async () => {
    const one = application({});
    const spec = { ...one.spec, source: undefined, sources: [one.spec.source, one.spec.source] };
    const { patches } = await acted('sync', [
      [`GET ${ONE}`, json({ ...one, spec })],
      [`PATCH ${ONE}`, json({})],
    ]);
    expect(patches[0].operation.sync).toEqual({});
  });

  it('a sync waits for the operation that is there', async () => {
    const { result } = await acted('sync', [[`GET ${ONE}`, json(application({ pending: true }))]]);
    expect(result).toEqual({ kind: 'busy', reason: 'another operation is already in progress' });
  });

  it('a sync is decided anew when somebody else wrote between', async () => {
    const { result } = await acted('sync', [
      [`GET ${ONE}`, json(application({ version: 7 }))],
      [`PATCH ${ONE}`, status(409, 'Conflict', 'the object has been modified')],
      [`GET ${ONE}`, json(application({ version: 8, pending: true }))],
    ]);
    expect(result).toMatchObject({ kind: 'busy' });
  });

  it('a sync without the right is refused, in the words of the server', async () => {
    const { result } = await acted('sync', [
      [`GET ${ONE}`, json(application({}))],
      [`PATCH ${ONE}`, status(403, 'Forbidden', 'cannot patch')],
    ]);
    expect(result).toEqual({ kind: 'refused', reason: 'cannot patch' });
  });

  it('an operation is ended by its phase', async () => {
    const { result, patches } = await acted('terminate', [
      [`GET ${ONE}`, json(application({ pending: true, phase: 'Running', version: 7 }))],
      [`PATCH ${ONE}`, json({})],
    ]);
    expect(result).toEqual({ kind: 'done' });
    expect(patches).toEqual([
      { metadata: { resourceVersion: '7' }, status: { operationState: { phase: 'Terminating' } } },
    ]);
  });

  it('an operation that has ended by itself is left alone', async () => {
    expect((await acted('terminate', [[`GET ${ONE}`, json(application({}))]])).result).toEqual({ kind: 'done' });
  });
});

describe('a diagnosis by the Kubernetes API', () => {
  const waiting = { reason: 'CrashLoopBackOff', message: 'back-off 20s' };
  const pod = (name: string, owner: string, state: object, ready = false) => ({
    metadata: { name, namespace: 'shop', uid: name, ownerReferences: [{ kind: 'ReplicaSet', name: owner }] },
    spec: { containers: [{ image: 'registry.example/web:2' }] },
    status: { phase: 'Running', containerStatuses: [{ ready, restartCount: 2, state }] },
  });
  const PODS = '/api/v1/namespaces/shop/pods';
  const withWeb = () => {
    const one = application({ health: 'Degraded' });
    const resources = [{ group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web', status: 'Synced' }];
    return { ...one, status: { ...one.status, resources } };
  };

  it('is made of the pods below its workloads, their warnings and their logs', async () => {
    const { script, clock, engine } = await scene();
    const about = 'involvedObject.kind%3DPod%2CinvolvedObject.name%3Dweb-6f-a';
    const text = { headers: { 'content-type': 'text/plain' }, body: new TextEncoder().encode('panic: no database\n') };
    script
      .on(`GET ${ONE}`, json(withWeb()), 2)
      .on(
        `GET ${PODS}?limit=500`,
        json({
          metadata: {},
          items: [
            pod('web-6f-a', 'web-6f', { waiting }),
            pod('web-6f-b', 'web-6f', {}, true),
            pod('api-1-a', 'api-1', { waiting }),
          ],
        }),
      )
      .on(
        `GET /api/v1/namespaces/shop/events?fieldSelector=${about}&limit=500`,
        json({
          metadata: {},
          items: [{ type: 'Warning', reason: 'BackOff', message: 'Back-off restarting', count: 3 }],
        }),
      )
      .on(`GET ${PODS}/web-6f-a/log?tailLines=15&previous=true`, text);
    const { sections } = await clock.run(engine.diagnose(TARGET, never));
    expect(sections.slice(1)).toEqual([
      { title: 'Unhealthy resources', lines: ['Pod shop/web-6f-a is Degraded: CrashLoopBackOff: back-off 20s'] },
      { title: 'Warning events', lines: ['Pod web-6f-a: BackOff: Back-off restarting (3 times)'] },
      { title: 'Last log lines of web-6f-a, before its restart', lines: ['panic: no database'] },
    ]);
    script.verify();
  });

  it('is smaller where pods may not be read, and asks nothing of another cluster', async () => {
    const { script, clock, engine } = await scene();
    const remote = withWeb();
    script
      .on(`GET ${ONE}`, json(withWeb()), 2)
      .on(`GET ${PODS}?limit=500`, status(403, 'Forbidden', 'pods is forbidden'))
      .on(
        `GET ${ONE}`,
        json({ ...remote, spec: { ...remote.spec, destination: { server: 'https://far.example.com' } } }),
        2,
      );
    for (const _ of [1, 2]) {
      const { sections } = await clock.run(engine.diagnose(TARGET, never));
      expect(sections.map(({ title }) => title)).toEqual(['Application']);
    }
    script.verify();
  });
});
