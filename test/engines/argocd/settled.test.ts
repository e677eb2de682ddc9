import { describe, expect, it } from '@jest/globals';
import { type Application, readApplication } from '../../../src/engines/argocd/application.ts';
import { readEqualChildren } from '../../../src/engines/argocd/equal-children.ts';
import { dependsOnChildren, isSettled, isSynced, needsSettling } from '../../../src/engines/argocd/settled.ts';
import { application, OLD, type Sketch, WANTED } from '../../support/applications.ts';

const ENDED = '2026-11-22T09:00:00Z';
const BEFORE = '2026-11-22T08:59:59Z';
const AFTER = '2026-11-22T09:00:01Z';

function read(sketch: Sketch, changes: (foreign: ReturnType<typeof application>) => object = () => ({})): Application {
  const foreign = application(sketch);
  const one = readApplication({ ...foreign, ...changes(foreign) });
  if (one === undefined) throw new Error('this is no application');
  return one;
}

/** With fields of the status that are not there. */
function without(sketch: Sketch, ...keys: readonly string[]): Application {
  return read(sketch, ({ status }) => ({
    status: Object.fromEntries(Object.entries(status).filter(([key]) => !keys.includes(key))),
  }));
}

describe('a settled status', () => {
  it('was compared after the operation, whatever became of that', () => {
    expect(isSettled(read({ reconciledAt: AFTER }), {})).toBe(true);
    expect(isSettled(read({ reconciledAt: AFTER, phase: 'Failed' }), {})).toBe(true);
    expect(isSettled(read({ reconciledAt: AFTER, phase: 'Error' }), {})).toBe(true);
    expect(isSettled(read({ reconciledAt: BEFORE }), {})).toBe(false);
  });

  it('may have had no operation, and must have been compared', () => {
    expect(isSettled(read({ phase: '' }), {})).toBe(true);
    expect(isSettled(without({ phase: '' }, 'reconciledAt'), {})).toBe(false);
    expect(isSettled(without({}, 'reconciledAt'), {})).toBe(false);
  });

  it('is none while an operation waits for its next try', () => {
    expect(isSettled(read({ phase: 'Running', finishedAt: ENDED, reconciledAt: AFTER }), {})).toBe(false);
  });

  it('is none where nobody knows when the operation ended', () => {
    const endless = read({ reconciledAt: AFTER }, ({ status }) => ({
      status: { ...status, operationState: { ...status.operationState, finishedAt: undefined } },
    }));
    expect(isSettled(endless, {})).toBe(false);
  });

  it('is that of the same second after a refresh, not that of an earlier one', () => {
    const refreshedAfter = Date.parse(ENDED);
    expect(isSettled(read({ reconciledAt: ENDED }), { refreshedAfter })).toBe(true);
    expect(isSettled(read({ reconciledAt: ENDED }), {})).toBe(false);
    expect(isSettled(read({ reconciledAt: BEFORE }), { refreshedAfter })).toBe(false);
  });
});

describe('needsSettling', () => {
  const equal: Sketch = { reconciledAt: ENDED };

  it.each(['Healthy', 'Degraded', 'Suspended'])('%s in the same second does', (health) => {
    expect(needsSettling(read({ ...equal, health }), {})).toBe(true);
  });

  it.each<[string, Sketch]>([
    ['Progressing', { ...equal, health: 'Progressing' }],
    ['an operation asked for', { ...equal, pending: true }],
    ['one that runs', { ...equal, phase: 'Running', finishedAt: ENDED }],
    ['OutOfSync', { ...equal, sync: 'OutOfSync' }],
    ['settled already', { reconciledAt: AFTER }],
  ])('%s does not', (_what, sketch) => expect(needsSettling(read(sketch), {})).toBe(false));
});

type Resource = Readonly<Record<string, unknown>>;
const child: Resource = {
  group: 'argoproj.io',
  kind: 'Application',
  namespace: 'argocd',
  name: 'one',
  status: 'OutOfSync',
};
const pruned: Resource = {
  kind: 'ConfigMap',
  namespace: 'shop',
  name: 'old',
  status: 'OutOfSync',
  requiresPruning: true,
};
const synced: Resource = { kind: 'Deployment', namespace: 'shop', name: 'web', status: 'Synced' };

function deploying(resources: readonly Resource[], sketch: Sketch = {}, prune = false): Application {
  return read({ sync: 'OutOfSync', revision: WANTED, ...sketch }, ({ spec, status }) => ({
    spec: { ...spec, syncPolicy: { automated: { prune } } },
    status: { ...status, resources },
  }));
}

describe('OutOfSync for ever', () => {
  const equalChildren = new Set(['argocd/one']);

  it('counts as Synced where only what is to be pruned differs, and nothing prunes', () => {
    expect(isSynced(deploying([pruned, synced]), {})).toBe(true);
    expect(isSynced(deploying([pruned, synced], {}, true), {})).toBe(false);
    expect(isSynced(deploying([pruned, { ...synced, status: 'OutOfSync' }]), {})).toBe(false);
    expect(isSynced(deploying([synced]), {})).toBe(false);
  });

  it('counts as Synced where only applications differ that say what they should', () => {
    expect(isSynced(deploying([child, synced]), { equalChildren })).toBe(true);
    expect(isSynced(deploying([child, synced], {}, true), { equalChildren })).toBe(true);
    expect(isSynced(deploying([child, pruned]), { equalChildren })).toBe(true);
    expect(isSynced(deploying([child, synced]), {})).toBe(false);
    expect(isSynced(deploying([child, synced]), { equalChildren: new Set(['other/one']) })).toBe(false);
    expect(isSynced(deploying([{ ...child, kind: 'AppProject' }]), { equalChildren })).toBe(false);
    expect(isSynced(deploying([{ ...child, group: 'example.com' }]), { equalChildren })).toBe(false);
    expect(isSynced(deploying([{ ...child, status: 'Unknown' }]), { equalChildren })).toBe(false);
  });

  it.each<[string, Sketch]>([
    ['the status is Unknown', { sync: 'Unknown' }],
    ['an operation is asked for', { pending: true }],
    ['the last one failed', { phase: 'Failed' }],
    ['the last one was of another revision', { deployed: OLD }],
  ])('does not where %s', (_what, sketch) => {
    expect(isSynced(deploying([pruned], sketch), {})).toBe(false);
    expect(dependsOnChildren(deploying([child], sketch))).toBe(false);
  });

  it('depends on the applications only where they decide', () => {
    expect(dependsOnChildren(deploying([child, pruned, synced]))).toBe(true);
    expect(dependsOnChildren(deploying([pruned, synced]))).toBe(false);
    expect(dependsOnChildren(deploying([child, { ...synced, status: 'OutOfSync' }]))).toBe(false);
    expect(dependsOnChildren(deploying([child], { sync: 'Synced' }))).toBe(false);
  });
});

describe('applications that say what they should', () => {
  const spec = { source: { repoURL: 'r', targetRevision: '1.0.0' }, syncPolicy: { automated: {} } };
  const item = (target: unknown, live: unknown, changes: object = {}) => ({
    group: 'argoproj.io',
    kind: 'Application',
    namespace: 'argocd',
    name: 'one',
    targetState: JSON.stringify(target),
    liveState: JSON.stringify(live),
    ...changes,
  });
  const equal = (one: object) => [...readEqualChildren({ items: [one] })];

  it('are equal but for what is false or empty', () => {
    const automated = { prune: false, selfHeal: false, note: '', other: null };
    expect(equal(item({ spec: { ...spec, syncPolicy: { automated } } }, { spec }))).toEqual(['argocd/one']);
    expect(equal(item({ spec }, { spec: { ...spec, syncPolicy: { automated } } }))).toEqual(['argocd/one']);
    expect(equal(item({ spec: { ...spec, sources: [{ a: false }] } }, { spec: { ...spec, sources: [{}] } }))).toEqual([
      'argocd/one',
    ]);
  });

  it.each<[string, object]>([
    ['another version', item({ spec: { ...spec, source: { ...spec.source, targetRevision: '1.1.0' } } }, { spec })],
    ['pruning', item({ spec: { ...spec, syncPolicy: { automated: { prune: true } } } }, { spec })],
    ['automatic sync', item({ spec: { ...spec, syncPolicy: {} } }, { spec })],
    ['one that is not there', item({ spec }, null)],
    ['one that should not be', item(null, { spec })],
    ['what is no JSON', item({ spec }, { spec }, { liveState: '{' })],
    ['another kind', item({ spec }, { spec }, { kind: 'AppProject' })],
    ['another group', item({ spec }, { spec }, { group: '' })],
  ])('%s is not', (_what, one) => expect(equal(one)).toEqual([]));

  it('are none in an answer of another form', () => {
    expect(readEqualChildren(null).size).toBe(0);
    expect(equal(item({ spec }, { spec }, { namespace: undefined }))).toEqual(['/one']);
  });
});
