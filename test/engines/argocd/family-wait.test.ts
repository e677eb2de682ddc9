import { describe, expect, it } from '@jest/globals';
import { application, OLD, type Sketch, WANTED } from '../../support/applications.ts';
import { event, json, keepAlives, refusal, type StreamScript } from '../../support/argocd-script.ts';
import { type WaitScene, waitScene } from '../../support/wait-scene.ts';

const SILENT: StreamScript = { chunks: keepAlives(3_600_000) };
const PARENT = 'GET /api/v1/applications/shop';
const SET = 'GET /api/v1/applicationsets/shops';
const ALL = 'GET /api/v1/applications';

const path = (name: string) => `GET /api/v1/applications/${name}?appNamespace=argocd`;
const stream = (name: string) => `GET /api/v1/stream/applications?name=${name}&appNamespace=argocd`;

type ChildSketch = { readonly name: string; readonly status?: string; readonly requiresPruning?: boolean };

/** An app of apps. */
function parent(children: readonly ChildSketch[], sketch: Sketch = {}) {
  const foreign = application({ revision: WANTED, version: 200, ...sketch });
  const resources = children.map(({ name, status = 'Synced', ...rest }) => ({
    group: 'argoproj.io',
    kind: 'Application',
    namespace: 'argocd',
    name,
    status,
    ...rest,
  }));
  return { ...foreign, status: { ...foreign.status, resources } };
}

function child(name: string, sketch: Sketch = {}) {
  return application({ name, revision: WANTED, version: 300, ...sketch });
}

/** One that deploys a chart, at the version that its spec says. */
function chart(name: string, version: string, shown: string, health = 'Healthy') {
  const foreign = application({ name, revision: shown, version: 300, health });
  const source = { repoURL: 'https://charts.example.com', chart: 'web', targetRevision: version };
  const compared = { ...source, targetRevision: shown };
  const { sync } = foreign.status;
  return {
    ...foreign,
    spec: { ...foreign.spec, source },
    status: { ...foreign.status, sync: { ...sync, comparedTo: { ...sync.comparedTo, source: compared } } },
  };
}

function generated(name: string, sketch: Sketch = {}) {
  const foreign = child(name, sketch);
  const ownerReferences = [{ kind: 'ApplicationSet', name: 'shops' }];
  return { ...foreign, metadata: { ...foreign.metadata, ownerReferences } };
}

function withDiagnosis({ script }: WaitScene, target: string): void {
  script.on(`${target}/resource-tree`, json({ nodes: [] }), 'some').on(`${target}/syncwindows`, json({}), 'some');
}

function verdicts(
  outcomes: readonly { readonly target: { readonly name: string }; readonly verdict: { readonly kind: string } }[],
) {
  return outcomes.map(({ target, verdict }) => `${target.name} ${verdict.kind}`);
}

describe('an app of apps', () => {
  it('that was live with all of its applications ends at once', async () => {
    const scene = waitScene();
    scene.script
      .on(PARENT, json(parent([{ name: 'one' }])), 'some')
      .on('GET /api/v1/stream/applications?name=shop', SILENT);
    scene.script.on(path('one'), json(child('one')), 'some').on(stream('one'), SILENT);
    const outcomes = await scene.waitAll();
    expect(verdicts(outcomes)).toEqual(['shop landed', 'one landed']);
    expect(outcomes[0]?.seconds).toBeLessThanOrEqual(1);
  });

  it('waits for its applications, also for theirs, and says for which', async () => {
    const scene = waitScene();
    scene.script
      .on(PARENT, json(parent([{ name: 'one' }])), 'some')
      .on('GET /api/v1/stream/applications?name=shop', SILENT);
    const one = { ...parent([{ name: 'deep' }]), metadata: child('one').metadata };
    scene.script.on(path('one'), json(one), 'some').on(stream('one'), SILENT);
    const deep = ({ at }: { readonly at: number }) =>
      json(
        child('deep', at < 40_000 ? { health: 'Progressing' } : { version: 301, healthSince: '2026-11-22T10:00:40Z' }),
      );
    scene.script
      .on(path('deep'), deep, 'some')
      .on(
        `${path('deep').replace('?', '?appNamespace=argocd&refresh=normal&').replace('&appNamespace=argocd', '')}`,
        deep,
        'some',
      );
    scene.script.on(stream('deep'), SILENT);
    const outcomes = await scene.waitAll();
    expect(verdicts(outcomes)).toEqual(['shop landed', 'one landed', 'deep landed']);
    expect(outcomes[0]?.seconds).toBeGreaterThanOrEqual(50);
    const said = scene.progress.map(({ target, verdict }) => `${target.name}: ${verdict.reasons[0]}`);
    expect(said).toContain('one: waits for deep (rolling)');
  });

  it('does not believe an application before it has arrived itself', async () => {
    const scene = waitScene();
    const arriving = ({ at }: { readonly at: number }) =>
      json(at < 20_000 ? parent([{ name: 'one' }], { revision: OLD, version: 100 }) : parent([{ name: 'one' }]));
    scene.script.on(PARENT, arriving, 'some').on(`${PARENT}?refresh=normal`, arriving, 'some');
    scene.script.on('GET /api/v1/stream/applications?name=shop', SILENT);
    // Its spec comes with the parent: live at the commit with the old one, it is deployed anew.
    const one = ({ at }: { readonly at: number }) =>
      json(
        at < 20_000
          ? child('one')
          : child('one', {
              version: 400,
              health: at < 30_000 ? 'Progressing' : 'Healthy',
              healthSince: '2026-11-22T10:00:30Z',
            }),
      );
    scene.script.on(path('one'), one, 'some').on(stream('one'), SILENT);
    const outcomes = await scene.waitAll();
    expect(verdicts(outcomes)).toEqual(['shop landed', 'one landed']);
    expect(outcomes[1]?.seconds).toBeGreaterThanOrEqual(40);
  });

  it('is as bad as the worst of its applications', async () => {
    const scene = waitScene();
    withDiagnosis(scene, PARENT);
    scene.script.on(PARENT, json(parent([{ name: 'one' }, { name: 'two' }])), 'some');
    scene.script.on('GET /api/v1/stream/applications?name=shop', SILENT).on(path('one'), json(child('one')), 'some');
    scene.script.on(stream('one'), SILENT).on(stream('two'), SILENT);
    scene.script.on(path('two'), json(child('two', { health: 'Degraded' })), 'some');
    const outcomes = await scene.waitAll();
    expect(verdicts(outcomes)).toEqual(['shop failed', 'one landed', 'two failed']);
    expect(outcomes[0]?.verdict.reasons[0]).toContain('its application two: Synced at bbbbbbbbbbbb, Degraded');
  });

  it('takes an application by the version that its spec says', async () => {
    const scene = waitScene();
    scene.script
      .on(PARENT, json(parent([{ name: 'web' }])), 'some')
      .on('GET /api/v1/stream/applications?name=shop', SILENT);
    const web = ({ at }: { readonly at: number }) =>
      json(
        at < 10_000
          ? chart('web', '1.1.0', '1.0.0')
          : {
              ...chart('web', '1.1.0', '1.1.0'),
              metadata: { name: 'web', namespace: 'argocd', resourceVersion: '400' },
            },
      );
    scene.script.on(path('web'), web, 'some').on(stream('web'), SILENT);
    scene.script.on(`GET /api/v1/applications/web?appNamespace=argocd&refresh=normal`, web, 'some');
    const outcomes = await scene.waitAll();
    expect(verdicts(outcomes)).toEqual(['shop landed', 'web landed']);
    expect(outcomes[1]?.seconds).toBeGreaterThanOrEqual(10);
    // Nobody asks how a chart version stands to a commit.
    expect(outcomes[1]?.verdict.observation).toMatchObject({
      seenRevision: '1.1.0',
      seen: 'contains',
      boundToParent: true,
    });
  });

  it('leaves an application that it has removed, and waits for one that is still to be made', async () => {
    const scene = waitScene();
    const before = [{ name: 'old' }];
    const after = [{ name: 'new' }];
    const own = ({ at }: { readonly at: number }) =>
      json(at < 10_000 ? parent(before, { revision: OLD, version: 100 }) : parent(after));
    scene.script.on(PARENT, own, 'some').on(`${PARENT}?refresh=normal`, own, 'some');
    scene.script.on('GET /api/v1/stream/applications?name=shop', SILENT);
    const gone = refusal(403, 7, 'permission denied');
    scene.script.on(path('old'), ({ at }) => (at < 5_000 ? json(child('old', { revision: OLD })) : gone), 'some');
    scene.script.on(
      'GET /api/v1/applications/old?appNamespace=argocd&refresh=normal',
      ({ at }) => (at < 5_000 ? json(child('old', { revision: OLD })) : gone),
      'some',
    );
    scene.script.on(stream('old'), { chunks: event(6_000, 'DELETED', child('old', { version: 301 })) });
    scene.script
      .on(path('new'), ({ at }) => (at < 40_000 ? gone : json(child('new'))), 'some')
      .on(stream('new'), SILENT);
    const outcomes = await scene.waitAll();
    expect(verdicts(outcomes)).toEqual(['shop landed', 'new landed']);
  });

  it('does not go round in circles', async () => {
    const scene = waitScene();
    scene.script.on(PARENT, json(parent([{ name: 'one' }, { name: 'shop' }])), 'some');
    scene.script.on('GET /api/v1/stream/applications?name=shop', SILENT);
    const one = { ...parent([{ name: 'shop' }, { name: 'one' }]), metadata: child('one').metadata };
    scene.script.on(path('one'), json(one), 'some').on(stream('one'), SILENT);
    expect(verdicts(await scene.waitAll())).toEqual(['shop landed', 'one landed']);
  });

  it('is followed for eight generations, and not for ever', async () => {
    const scene = waitScene();
    withDiagnosis(scene, PARENT);
    scene.script
      .on(PARENT, json(parent([{ name: 'g1' }])), 'some')
      .on('GET /api/v1/stream/applications?name=shop', SILENT);
    const chain = Array.from({ length: 8 }, (_, index) => ({
      ...parent([{ name: `g${index + 2}` }]),
      metadata: child(`g${index + 1}`).metadata,
    }));
    for (const one of chain) {
      scene.script.on(path(one.metadata.name), json(one), 'some').on(stream(one.metadata.name), SILENT);
    }
    // So many on one server are asked about together.
    scene.script.on(ALL, json({ items: [parent([{ name: 'g1' }]), ...chain] }), 'some');
    scene.script.on('GET /api/v1/stream/applications', SILENT, 'some');
    const outcomes = await scene.waitAll();
    expect(verdicts(outcomes).at(-1)).toBe('g8 blocked');
    expect(outcomes.at(-1)?.verdict.reasons).toEqual(['more than 8 generations are below it, which is the bound']);
    expect(outcomes[0]?.verdict.kind).toBe('blocked');
  });

  it('is followed to a thousand applications', async () => {
    const scene = waitScene();
    withDiagnosis(scene, PARENT);
    const many = Array.from({ length: 1_000 }, (_, index) => ({ name: `one-${index}` }));
    scene.script.on(PARENT, json(parent(many)), 'some').on('GET /api/v1/stream/applications?name=shop', SILENT);
    const [outcome] = await scene.waitAll();
    expect(outcome?.verdict).toMatchObject({
      kind: 'blocked',
      reasons: ['more than 1000 applications are below it, which is the bound'],
    });
  });

  it('is not waited for for ever where only what is false anyway keeps it OutOfSync', async () => {
    const scene = waitScene();
    const differing = parent([{ name: 'one', status: 'OutOfSync' }], { sync: 'OutOfSync' });
    scene.script.on(PARENT, json(differing), 'some').on('GET /api/v1/stream/applications?name=shop', SILENT);
    scene.script.on(path('one'), json(child('one')), 'some').on(stream('one'), SILENT);
    const { spec } = child('one');
    const should = { spec: { ...spec, syncPolicy: { automated: { prune: false, selfHeal: false } } } };
    const item = { group: 'argoproj.io', kind: 'Application', namespace: 'argocd', name: 'one' };
    const states = { targetState: JSON.stringify(should), liveState: JSON.stringify({ spec }) };
    scene.script.on(
      `${PARENT}/managed-resources?group=argoproj.io&kind=Application`,
      json({ items: [{ ...item, ...states }] }),
      'some',
    );
    const outcomes = await scene.waitAll();
    expect(verdicts(outcomes)).toEqual(['shop landed', 'one landed']);
    expect(outcomes[0]?.seconds).toBeLessThan(15);
  });

  it('is waited for where an application really differs', async () => {
    const scene = waitScene();
    withDiagnosis(scene, PARENT);
    const differing = parent([{ name: 'one', status: 'OutOfSync' }], { sync: 'OutOfSync' });
    scene.script.on(PARENT, json(differing), 'some').on(`${PARENT}?refresh=normal`, json(differing), 'some');
    scene.script.on('GET /api/v1/stream/applications?name=shop', SILENT);
    scene.script.on(path('one'), json(child('one')), 'some').on(stream('one'), SILENT);
    const { spec } = child('one');
    const should = { spec: { ...spec, source: { ...spec.source, targetRevision: 'v2' } } };
    const item = { group: 'argoproj.io', kind: 'Application', namespace: 'argocd', name: 'one' };
    const states = { targetState: JSON.stringify(should), liveState: JSON.stringify({ spec }) };
    scene.script.on(
      `${PARENT}/managed-resources?group=argoproj.io&kind=Application`,
      json({ items: [{ ...item, ...states }] }),
      'some',
    );
    const outcomes = await scene.waitAll({ timeout: 100_000 });
    expect(outcomes[0]?.verdict.kind).not.toBe('landed');
    expect(outcomes[1]?.verdict.kind).not.toBe('landed');
  });
});

describe('an application set', () => {
  const listStream = 'GET /api/v1/stream/applications';
  const one = 'GET /api/v1/applications/one';

  it('is live when all that it generates is, a new one included that comes after the sibling was refreshed', async () => {
    const scene = waitScene();
    const items = ({ at }: { readonly at: number }) =>
      json({ items: [generated('one'), ...(at < 300 ? [] : [generated('two')]), child('stranger')] });
    scene.script.on(ALL, items, 'some').on(SET, refusal(403, 7, 'permission denied'), 'some');
    scene.script.on(listStream, { chunks: event(400, 'ADDED', generated('two')) });
    scene.script.on(`${one}?refresh=normal`, json(generated('one')), 'some');
    scene.script.on(path('one'), json(generated('one')), 'some').on(stream('one'), SILENT);
    const two = ({ at }: { readonly at: number }) =>
      json(
        generated(
          'two',
          at < 15_000 ? { health: 'Progressing' } : { version: 301, healthSince: '2026-11-22T10:00:15Z' },
        ),
      );
    scene.script.on(path('two'), two, 'some').on(stream('two'), SILENT);
    const outcomes = await scene.waitAll({ targets: ['appset/shops'] });
    expect(verdicts(outcomes)).toEqual(['ApplicationSet/shops landed', 'one landed', 'two landed']);
    expect(outcomes[0]?.seconds).toBeGreaterThanOrEqual(25);
  });

  it('waits for the period of its controller where nobody may ask it to look', async () => {
    const scene = waitScene();
    const items = ({ at }: { readonly at: number }) =>
      json({ items: [generated('one'), ...(at < 174_000 ? [] : [generated('two')])] });
    scene.script
      .on(ALL, items, 'some')
      .on(SET, json({ status: {} }), 'some')
      .on(listStream, SILENT);
    scene.script.on(path('one'), json(generated('one')), 'some').on(stream('one'), SILENT);
    scene.script.on(path('two'), json(generated('two')), 'some').on(stream('two'), SILENT);
    const outcomes = await scene.waitAll({ targets: ['ApplicationSet/shops'], refresh: false });
    expect(verdicts(outcomes)).toEqual(['ApplicationSet/shops landed', 'one landed', 'two landed']);
    expect(outcomes[0]?.seconds).toBeGreaterThanOrEqual(190);
  });

  it('tells the error of a generator at once, and fails by it', async () => {
    const scene = waitScene();
    const conditions = [{ type: 'ErrorOccurred', status: 'True', message: 'no such repository' }];
    scene.script
      .on(ALL, json({ items: [] }), 'some')
      .on(SET, json({ status: { conditions } }), 'some')
      .on(listStream, SILENT);
    const outcome = await scene.wait({ targets: ['ApplicationSet/shops'] });
    expect(outcome.verdict).toMatchObject({ kind: 'failed' });
    expect(scene.progress[0]).toMatchObject({
      seconds: 0,
      verdict: { reasons: ['a generator of ApplicationSet/shops fails: no such repository'] },
    });
  });

  it('that generates nothing, or does not exist, is an error with both readings', async () => {
    const scene = waitScene();
    scene.script
      .on(ALL, json({ items: null }), 'some')
      .on(SET, refusal(403, 7, 'permission denied'), 'some')
      .on(listStream, SILENT);
    const outcome = await scene.wait({ targets: ['ApplicationSet/shops'] });
    expect(outcome.verdict).toMatchObject({ kind: 'unreachable', code: 'missing' });
    expect(outcome.verdict.reasons[0]).toContain('does not exist, has generated none, or the token may not read them');
    expect(outcome.seconds).toBeGreaterThanOrEqual(60);
  });
});

describe('a deadline before anything could be read', () => {
  it('carries the last error', async () => {
    const scene = waitScene();
    scene.script.on(PARENT, 'refuse', 'some');
    withDiagnosis(scene, PARENT);
    const outcome = await scene.wait({ timeout: 40_000 });
    expect(outcome.verdict).toMatchObject({ kind: 'timedOut', phase: 'resolve' });
    expect(outcome.verdict.reasons[0]).toContain('could not be reached: ECONNREFUSED');
  });
});
