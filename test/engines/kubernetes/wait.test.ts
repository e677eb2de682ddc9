import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/engines/api/json.ts';
import type { Target } from '../../../src/engines/delivery-engine.ts';
import { kubernetesEngine } from '../../../src/engines/kubernetes/index.ts';
import type { ContainerImages } from '../../../src/engines/object-health/pod-template.ts';
import { watch } from '../../../src/engines/watch.ts';
import { ToolError } from '../../../src/errors.ts';
import { liveDeployment } from '../../support/kube-objects.ts';
import { DEFAULTS, WANTED } from '../../support/kube-replay.ts';
import { type ClusterScript, type Deed, memoryCluster } from '../../support/memory-cluster.ts';
import { virtualClock } from '../../support/virtual-clock.ts';

interface Waiting extends ClusterScript {
  readonly targets: readonly string[];
  readonly applied?: Readonly<Record<string, ContainerImages>>;
  readonly images?: readonly string[];
  readonly timeout?: number;
}

/** Waits on a scripted cluster, and tells how it ended and what was asked. */
async function waitOn({ targets, applied = {}, images = [], timeout = 90_000, ...script }: Waiting) {
  const clock = virtualClock();
  const cluster = memoryCluster(clock, script);
  const host = { clock, random: () => 0.5, signal: new AbortController().signal };
  const engine = kubernetesEngine(cluster, { applied: new Map(Object.entries(applied)) }, host);
  const outcomes = await clock.run(
    watch({
      engine,
      targets: targets.map((text): Target => engine.parseTarget(text)),
      wanted: { ...WANTED, images },
      options: DEFAULTS,
      timeout,
      refresh: true,
      relation: async () => 'lacks',
      progress: () => undefined,
      host,
    }),
  );
  const ends = outcomes.map(({ target, verdict, seconds }) => [target.name, verdict.kind, seconds] as const);
  return {
    ends,
    outcomes,
    asked: cluster.asked,
    open: cluster.mostOpen,
    reasons: outcomes.flatMap(({ verdict }) => verdict.reasons),
  };
}

const LONG_AGO = '2026-11-20T00:00:00Z';

interface Shape {
  readonly name?: string;
  readonly image?: string;
  readonly generation?: number;
  readonly status?: Json;
}

function deployment({ name = 'web', image = 'web:2', generation = 2, status = {} }: Shape = {}): Json {
  const live = liveDeployment({ name, image, generation, status });
  return { ...live, metadata: { ...(live.metadata as Json), labels: { app: name, part: 'all' } } };
}

function podOf(name: string, image: string, containerStatus: Json = {}): Json {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${name}-5d-1`,
      namespace: 'shop',
      labels: { app: name },
      ownerReferences: [{ kind: 'ReplicaSet', name: `${name}-5d`, uid: 'rs' }],
    },
    spec: { containers: [{ name: 'web', image }] },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: LONG_AGO }],
      containerStatuses: [
        { name: 'web', ready: true, restartCount: 0, state: { running: { startedAt: LONG_AGO } }, ...containerStatus },
      ],
    },
  };
}

const LIVE: readonly Deed[] = [
  { at: 0, object: deployment() },
  { at: 0, object: podOf('web', 'web:2') },
];

describe('waiting for what kubectl has applied', () => {
  it('ends at once, with two reads, where it has been live for long', async () => {
    const { ends, asked } = await waitOn({
      deeds: LIVE,
      targets: ['Deployment/web'],
      applied: { 'Deployment/shop/web': { web: 'web:2' } },
    });
    expect(ends).toEqual([['Deployment/shop/web', 'landed', 0]]);
    expect(asked.filter((words) => words === 'list deployments web').length).toBeLessThanOrEqual(2);
    expect(asked).toContain('list pods app=web');
  });

  it('says within seconds that nobody has applied the file', async () => {
    const applied = { 'Deployment/shop/web': { web: 'web:3' } };
    const { ends, reasons } = await waitOn({ deeds: LIVE, targets: ['Deployment/web'], applied });
    expect(ends).toEqual([['Deployment/shop/web', 'blocked', 5]]);
    expect(reasons).toEqual([
      'it is not what the file says: not applied, changed since, or rewritten by admission',
      'container web has web:2, and web:3 is wanted',
    ]);
  });

  it('waits for images that somebody else may still bring, and says at the end what is missing', async () => {
    const { ends, reasons } = await waitOn({ deeds: LIVE, targets: ['Deployment/web'], images: ['web:3'] });
    expect(ends).toEqual([['Deployment/shop/web', 'timedOut', 90]]);
    expect(reasons[0]).toContain('web:3');
  });

  it('does not blame what is asked for on what was there before it', async () => {
    const waiting = { state: { waiting: { reason: 'ImagePullBackOff' } }, ready: false };
    const deeds: readonly Deed[] = [
      { at: 0, object: deployment({ image: 'web:1', status: { updatedReplicas: 0 } }) },
      { at: 0, object: podOf('web', 'web:1', waiting) },
      { at: 70_000, object: deployment({ generation: 3 }) },
      { at: 70_000, object: podOf('web', 'web:2') },
    ];
    const { ends } = await waitOn({ deeds, targets: ['Deployment/web'], images: ['web:2'], timeout: 120_000 });
    expect(ends[0]?.slice(0, 2)).toEqual(['Deployment/shop/web', 'landed']);
  });

  it('says that another apply has taken its place', async () => {
    const deeds: readonly Deed[] = [
      { at: 0, object: deployment({ status: { updatedReplicas: 0 } }) },
      { at: 8_000, object: deployment({ generation: 3, image: 'web:3' }) },
    ];
    const { ends, reasons } = await waitOn({ deeds, targets: ['Deployment/web'] });
    expect(ends).toEqual([['Deployment/shop/web', 'superseded', 13]]);
    expect(reasons[0]).toBe('generation 3 (web:3) is there now, which does not contain what was applied');
  });

  it('takes a change of scale by an autoscaler for what it is', async () => {
    const scaled = deployment({ generation: 3 });
    const deeds: readonly Deed[] = [
      { at: 0, object: deployment({ status: { availableReplicas: 0 } }) },
      { at: 0, object: podOf('web', 'web:2') },
      { at: 8_000, object: scaled },
    ];
    const { ends } = await waitOn({ deeds, targets: ['Deployment/web'] });
    expect(ends[0]?.[1]).toBe('landed');
  });

  it('does not call live what crashes right after it was ready', async () => {
    const crash = { restartCount: 3, ready: false, state: { waiting: { reason: 'CrashLoopBackOff' } } };
    const deeds: readonly Deed[] = [...LIVE.slice(0, 1), { at: 0, object: podOf('web', 'web:2', crash) }];
    const { ends, outcomes } = await waitOn({ deeds, targets: ['Deployment/web'], logs: ['panic: no database'] });
    expect(ends[0]?.[1]).toBe('failed');
    expect(Number(ends[0]?.[2])).toBeLessThan(46);
    const { sections = [] } = outcomes[0]?.diagnosis ?? {};
    expect(sections.find(({ title }) => title.startsWith('Last log lines'))).toEqual({
      title: 'Last log lines of web-5d-1, before its restart',
      lines: ['panic: no database'],
    });
  });

  it('takes a Job that was cleaned up after its end for done', async () => {
    const done = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'migrate', namespace: 'shop' },
      spec: {},
      status: { conditions: [{ type: 'Complete', status: 'True' }] },
    };
    const deeds: readonly Deed[] = [
      { at: 0, object: done },
      { at: 2_000, gone: 'migrate', kind: 'Job' },
    ];
    const { ends } = await waitOn({ deeds, targets: ['job/migrate'] });
    expect(ends[0]?.slice(0, 2)).toEqual(['Job/shop/migrate', 'landed']);
  });

  it('never takes what is not there for live', async () => {
    const { ends } = await waitOn({ deeds: [], targets: ['Deployment/web', 'ConfigMap/settings'] });
    expect(ends.map(([, kind]) => kind)).toEqual(['unreachable', 'unreachable']);
  });

  it('does not take what was deleted for live', async () => {
    const deeds: readonly Deed[] = [
      { at: 0, object: deployment({ status: { availableReplicas: 0 } }) },
      { at: 4_000, gone: 'web', kind: 'Deployment' },
    ];
    const { ends, reasons } = await waitOn({ deeds, targets: ['Deployment/web'] });
    expect(ends[0]?.[1]).toBe('unreachable');
    expect(reasons[0]).toBe('it was there and is gone');
  });
});

describe('what is asked of the server', () => {
  const many: readonly Deed[] = ['web', 'api', 'jobs'].flatMap((name) => [
    { at: 0, object: deployment({ name, status: { availableReplicas: 0 } }) },
    { at: 5_000, object: deployment({ name, generation: 3 }) },
  ]);

  it('is one watch for each kind and namespace, and one for the pods of the namespace', async () => {
    const { ends, asked, open } = await waitOn({ deeds: many, targets: ['deploy/web', 'deploy/api', 'deploy/jobs'] });
    expect(ends.map(([, kind]) => kind)).toEqual(['landed', 'landed', 'landed']);
    expect([...open]).toEqual([
      ['deployments', 1],
      ['pods', 1],
    ]);
    expect(new Set(asked)).toEqual(new Set(['list deployments', 'watch deployments', 'list pods', 'watch pods']));
  });

  it('tells the objects of a kind apart', async () => {
    const deeds: readonly Deed[] = [...many.toSpliced(3, 1), { at: 4_000, gone: 'api', kind: 'Deployment' }];
    const { ends } = await waitOn({ deeds, targets: ['deploy/web', 'deploy/api', 'deploy/jobs'] });
    expect(ends.map(([, kind]) => kind)).toEqual(['landed', 'unreachable', 'landed']);
  });

  it('may leave out the pods, and that is said once', async () => {
    const targets = ['deploy/web', 'deploy/api', 'deploy/jobs'];
    const { ends, reasons } = await waitOn({ deeds: many, targets, forbidden: ['pods'] });
    expect(ends.map(([, kind]) => kind)).toEqual(['landed', 'landed', 'landed']);
    expect(reasons.filter((reason) => reason.includes('pods is forbidden'))).toHaveLength(1);
  });

  it('is refused, and that is said', async () => {
    const { ends, outcomes, reasons } = await waitOn({
      deeds: LIVE,
      targets: ['deploy/web'],
      forbidden: ['deployments'],
    });
    expect(ends).toEqual([['Deployment/shop/web', 'unreachable', 2]]);
    expect(outcomes[0]?.verdict.code).toBe('denied');
    expect(reasons).toEqual([
      'Deployment/shop/web may not be read, which takes the rights to get, list and watch: deployments is forbidden',
    ]);
  });

  it('is a kind that only the server knows', async () => {
    const type = {
      group: 'cert-manager.io',
      version: 'v1',
      plural: 'certificates',
      kind: 'Certificate',
      namespaced: true,
    };
    const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: LONG_AGO }];
    const object = {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: { name: 'tls', namespace: 'shop' },
      status: { conditions },
    };
    const target = 'Certificate.cert-manager.io/shop/tls';
    const served = await waitOn({ deeds: [{ at: 0, object }], types: [type], targets: [target] });
    expect(served.ends).toEqual([[target, 'landed', 0]]);
    const unserved = await waitOn({ deeds: [], targets: [target] });
    expect(unserved.ends[0]?.[1]).toBe('unreachable');
  });
});

describe('targets', () => {
  const host = { clock: virtualClock(), random: () => 0.5 };
  const cluster = memoryCluster(host.clock, {
    deeds: [
      { at: 0, object: deployment() },
      { at: 0, object: { ...deployment({ name: 'api' }), kind: 'StatefulSet' } },
      {
        at: 0,
        object: {
          kind: 'Job',
          metadata: {
            name: 'nightly-1',
            namespace: 'shop',
            labels: { part: 'all' },
            ownerReferences: [{ controller: true }],
          },
        },
      },
    ],
  });
  const engine = kubernetesEngine(cluster, { selector: 'part=all' }, host);
  const query = { repository: '', changedFiles: [] };
  const signal = new AbortController().signal;

  it.each([
    ['Deployment/shop/web', 'Deployment/shop/web'],
    ['deploy/web', 'Deployment/shop/web'],
    ['deployments.apps/other/web', 'Deployment/other/web'],
    ['sts/db', 'StatefulSet/shop/db'],
    ['ns/shop', 'Namespace/shop'],
    ['Service.serving.knative.dev/shop/web', 'Service.serving.knative.dev/shop/web'],
  ])('%s', (text, name) => expect(engine.parseTarget(text).name).toBe(name));

  it.each(['web', 'Strange/shop/web', 'Deployment/a/b/c', 'Deployment/', 'Deployment/shop/We b', ''])(
    'not %j',
    (text) => {
      expect(() => engine.parseTarget(text)).toThrow(ToolError);
    },
  );

  it('are found by a selector', async () => {
    const found = await engine.discover(query, signal);
    expect(found.map(({ name }) => name)).toEqual(['Deployment/shop/web', 'StatefulSet/shop/api']);
  });

  it('are not found by one that takes nothing, or by none', async () => {
    const nothing = kubernetesEngine(cluster, { selector: 'part=none' }, host);
    await expect(nothing.discover(query, signal)).rejects.toMatchObject({ code: 'missing' });
    await expect(kubernetesEngine(cluster, {}, host).discover(query, signal)).rejects.toMatchObject({ code: 'input' });
  });
});
