import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/engines/api/json.ts';
import type { Memory } from '../../../src/engines/flux/finding.ts';
import { needsOf } from '../../../src/engines/flux/needs.ts';
import type { Scene } from '../../../src/engines/flux/relating.ts';
import { afterRequest } from '../../../src/engines/flux/values.ts';
import {
  condition,
  kustomization,
  look,
  main,
  NEW,
  NEWER,
  OLD,
  observedMember,
  READY,
  repository,
  sceneWith,
} from '../../support/flux-objects.ts';
import { chart, OWNED, release, version } from '../../support/flux-releases.ts';

const REQUESTED = 'reconcile.fluxcd.io/requestedAt';
const VALUES = { valuesFrom: [{ kind: 'ConfigMap', name: 'values' }] };
const SERVER = Date.parse('2026-11-22T12:00:00Z');
const BUSY = condition('Reconciling', 'True', 'Progressing', 'Fulfilling prerequisites');
const RETRYING = condition('Reconciling', 'True', 'ProgressingWithRetry', 'it failed');
const FAILED = [condition('Ready', 'False', 'UpgradeFailed'), condition('Stalled', 'True', 'RetriesExceeded')];

type Parts = NonNullable<Parameters<typeof release>[1]>;

interface Asked {
  readonly requested?: string;
  readonly handled?: string;
  readonly resourceVersion?: string;
}

function web(parts: Parts = {}, { requested, handled, resourceVersion = '10' }: Asked = {}): Json {
  const status = { ...parts.status, ...(handled === undefined ? {} : { lastHandledReconcileAt: handled }) };
  const object = release(version(NEW), { labels: OWNED, ...parts, spec: { ...VALUES, ...parts.spec }, status });
  const annotations = requested === undefined ? {} : { annotations: { [REQUESTED]: requested } };
  return { ...object, metadata: { ...(object.metadata as Json), resourceVersion, ...annotations } };
}

function owner(commit = NEW, ids: readonly string[] = ['flux_values__ConfigMap'], name = 'app'): Json {
  const entries = ids.map((id) => ({ id, v: 'v1' }));
  return kustomization(commit, { name, status: { inventory: { entries } } });
}

/** One look after another at the release, by a list each, a second apart. */
function looks(objects: readonly Json[], { memory = {}, others = [owner()], now = 100_000, ...more }: Looks = {}) {
  let known: Memory = memory;
  const seen = objects.map((object, index) => {
    const at = now + index * 1000;
    const scene = { now: at, serverNow: SERVER + at, ...more };
    const appraisal = look([object, chart(NEW), repository(NEW), ...others], scene, known, 'HelmRelease');
    known = appraisal.memory;
    return appraisal;
  });
  const last = seen.at(-1);
  return { last, observation: last?.observation, memory: known };
}

interface Looks extends Partial<Scene> {
  readonly memory?: Memory;
  readonly others?: readonly Json[];
}

/** It has been looked at and asked. */
function asked(answer = web({}, { requested: 'ours' }), more: Looks = {}): Memory {
  return afterRequest(looks([web()], more).memory, answer);
}

describe('a release that takes values from what its Kustomization applies', () => {
  it('is asked to look before it is believed', () => {
    const { last, observation } = looks([web()]);
    expect(last?.ask).toBe(true);
    expect(observation).toMatchObject({ state: 'syncing', trusted: false, seenRevision: NEW });
    expect(observation?.appliedRevision).toBeUndefined();
    expect(observation?.reasons).toEqual([
      'HelmRelease/flux/app has not been seen to read the values that Kustomization/flux/app has applied',
      'HelmRelease/flux/app: ReconciliationSucceeded: Applied revision',
    ]);
  });

  it.each([
    ['other objects', 'flux_other__ConfigMap'],
    ['an object of that name in another namespace', 'shop_values__ConfigMap'],
    ['another kind of that name', 'flux_values__Secret'],
    ['a kind of that name in another group', 'flux_values_example.com_ConfigMap'],
  ])('is believed at once where that applies %s', (_, id) => {
    expect(looks([web()], { others: [owner(NEW, [id])] }).observation).toMatchObject({ state: 'healthy' });
  });

  it('takes them from Secrets as well, and from nothing else', () => {
    const from = (kind: string) => web({ spec: { valuesFrom: [{ kind, name: 'values' }] } });
    const others = [owner(NEW, ['flux_values__Secret', 'flux_values__Other'])];
    expect(looks([from('Secret')], { others }).observation?.state).toBe('syncing');
    expect(looks([from('Other')], { others }).observation?.state).toBe('healthy');
    expect(looks([web({ spec: { valuesFrom: [{ kind: 'Secret' }] } })], { others }).observation?.state).toBe('healthy');
  });

  it('asks nothing while the revision has not been applied', () => {
    const { last } = looks([web()], { others: [owner(OLD)] });
    expect(last).toMatchObject({ observation: { state: 'healthy', appliedRevision: OLD } });
    expect(last?.ask).toBeUndefined();
  });

  it('is not asked while it is at work, since that could end it, but between two tries', () => {
    expect(looks([web({ conditions: [READY, BUSY] })]).last?.ask).toBeUndefined();
    expect(looks([web({ conditions: [FAILED[0] ?? {}, RETRYING] })]).last?.ask).toBe(true);
  });
});

describe('a request', () => {
  const handled = (parts: Asked) => looks([web({}, parts)], { memory: asked(), now: 105_000 });

  it('that was handled has read the values, at the latest then', () => {
    const { observation, memory } = handled({ requested: 'ours', handled: 'ours' });
    expect(observation).toMatchObject({ trusted: true, appliedRevision: NEW, lasting: 0 });
    expect(memory.values?.read).toEqual({ since: SERVER + 105_000 });
    const later = looks([web({}, { requested: 'ours', handled: 'ours' })], { memory, now: 120_000 });
    expect(later.observation).toMatchObject({ state: 'healthy', lasting: 14_000 });
  });

  it('of somebody else after ours is as good', () => {
    expect(handled({ requested: 'theirs', handled: 'theirs' }).observation?.trusted).toBe(true);
  });

  it.each<readonly [string, Asked]>([
    ['has not been handled', { requested: 'ours', handled: 'before' }],
    ['has never been handled', { requested: 'ours' }],
    ['is not known of yet where it is looked at', { requested: 'before', handled: 'before', resourceVersion: '9' }],
    ['was taken away', { handled: 'ours' }],
  ])('that %s proves nothing', (_, parts) => {
    expect(handled(parts).observation).toMatchObject({ state: 'syncing', trusted: false });
  });

  it('that is handled by a pass which still says that it is at work proves nothing yet', () => {
    const busy = web({ conditions: [READY, BUSY] }, { requested: 'ours', handled: 'ours' });
    expect(looks([busy], { memory: asked() }).observation?.trusted).toBe(false);
  });

  it('needs no clock of the server', () => {
    const answer = web({}, { requested: 'ours', handled: 'ours' });
    const { memory } = looks([answer], { memory: asked() });
    const scene = sceneWith([answer, chart(NEW), repository(NEW), owner()]);
    const { observation } = look([...scene.world.objects.values()], {}, memory, 'HelmRelease');
    expect(observation?.trusted).toBe(true);
  });

  it('that comes again changes nothing of a rest that was seen before', () => {
    const memory = afterRequest(asked(), web({ conditions: [READY, BUSY] }));
    expect(memory.values?.rested).toBe(true);
  });

  it('of which nothing was waited for is forgotten', () => {
    expect(afterRequest({}, web())).toEqual({});
  });
});

describe('a pass of its own', () => {
  const idle = web();
  const busy = web({ conditions: [READY, BUSY] });

  it('that began after a moment of rest has read the values, and nothing is known to be newer than what it says', () => {
    const { observation, memory } = looks([idle, busy, idle]);
    expect(observation).toMatchObject({ trusted: true, appliedRevision: NEW });
    expect(observation?.lasting).toBeGreaterThan(3_600_000);
    expect(memory.values?.read).toEqual({});
  });

  it('that was under way already proves nothing', () => {
    expect(looks([busy, idle]).observation?.trusted).toBe(false);
    expect(looks([busy, busy, idle, idle]).observation?.trusted).toBe(false);
    expect(looks([busy, idle, busy, idle]).observation?.trusted).toBe(true);
  });

  it('proves nothing where the rest may have been before the values were applied', () => {
    const places = new Map(sceneWith([idle, chart(NEW), repository(NEW), owner()], { now: 90_000 }).world.places);
    const world = (object: Json) => ({ ...sceneWith([object, chart(NEW), repository(NEW), owner()]).world, places });
    let memory: Memory = {};
    for (const object of [idle, busy, idle]) {
      const appraisal = look([], { world: world(object) }, memory, 'HelmRelease');
      memory = appraisal.memory;
      expect(appraisal.observation?.trusted).toBe(false);
    }
  });

  it('is known to begin afterwards where the request has found it at rest', () => {
    const answers: Readonly<Record<string, boolean>> = { rest: true, work: false };
    for (const [word, proven] of Object.entries(answers)) {
      const before = looks([busy]).memory;
      const memory = afterRequest(before, word === 'rest' ? idle : busy);
      expect([word, looks([busy, idle], { memory }).observation?.trusted]).toEqual([word, proven]);
    }
  });

  it('of before the request is not taken for one that came of it', () => {
    const stale = (parts: Parts) => web(parts, { resourceVersion: '9' });
    const memory = asked();
    const events = [stale({ conditions: [READY, BUSY] }), idle, idle];
    expect(looks(events, { memory }).observation?.trusted).toBe(false);
    expect(looks([web({ conditions: [READY, BUSY] }), idle], { memory }).observation?.trusted).toBe(true);
  });

  it('counts for as long as the revision stays applied', () => {
    const { memory } = looks([idle, busy, idle]);
    expect(looks([busy], { memory }).observation?.trusted).toBe(true);
    const other = looks([idle], { memory, others: [owner(OLD)] }).memory;
    expect(other.values).toBeUndefined();
  });
});

describe('a failure', () => {
  const failed = web({ conditions: FAILED, status: { history: [] } });

  it('is not that of values that it may not have read', () => {
    const { last, observation } = looks([failed]);
    expect(observation).toMatchObject({ state: 'syncing', trusted: false });
    expect(observation?.attempt).toBeUndefined();
    expect(last?.ask).toBe(true);
  });

  it('is that of the values once they were read', () => {
    const answer = web({ conditions: FAILED, status: { history: [] } }, { requested: 'ours', handled: 'ours' });
    expect(looks([answer], { memory: asked(failed) }).observation?.attempt).toMatchObject({
      revision: NEW,
      outcome: 'failed',
    });
  });

  it('is that of the revision where that has changed the release as well', () => {
    const before = looks([web()], { others: [owner(OLD)] }).memory;
    const changed = web({ conditions: FAILED, generation: 2, status: { history: [], lastAttemptedGeneration: 2 } });
    const conditions = FAILED.map((one) => ({ ...one, observedGeneration: 2 }));
    const moved = { ...changed, status: { ...(changed.status as Json), conditions } };
    expect(looks([moved], { memory: before }).observation?.attempt?.outcome).toBe('failed');
    expect(looks([failed], { memory: before }).observation?.attempt).toBeUndefined();
  });

  it('is told where nobody may ask, since nothing else is to come', () => {
    const memory = { unasked: 'it may not be asked to' };
    expect(looks([failed], { memory }).observation?.attempt?.outcome).toBe('failed');
  });

  it('is that of the values as well in a pass that began after they were applied', () => {
    const conditions = [FAILED[0] ?? {}, BUSY];
    const busy = web({ conditions, status: { history: [] } });
    expect(looks([web(), busy]).observation?.attempt?.outcome).toBe('running');
    expect(looks([busy]).observation?.attempt).toBeUndefined();
  });

  it('is that of nobody while another Kustomization has not applied the values', () => {
    const others = [owner(NEW, []), owner(OLD, ['flux_values__ConfigMap'], 'values')];
    expect(looks([failed], { others }).observation?.attempt).toBeUndefined();
  });

  it('of a dependency comes first', () => {
    const waiting = web({ conditions: [condition('Ready', 'False', 'DependencyNotReady', 'not ready')] });
    expect(looks([waiting]).observation?.reasons).toEqual(['HelmRelease/flux/app: DependencyNotReady: not ready']);
  });
});

describe('where it is not asked', () => {
  it('says why, and what that means', () => {
    const { last, observation } = looks([web()], { memory: { unasked: 'it may not be asked to' } });
    expect(last?.ask).toBeUndefined();
    expect(observation).toMatchObject({ state: 'syncing', trusted: false });
    expect(observation?.reasons[0]).toMatch(
      /has applied; it may not be asked to, so that it does so after its own interval, or when somebody asks$/,
    );
  });
});

describe('a release that tries other values by itself, since Flux watches them', () => {
  const others = `sha256:${'3'.repeat(64)}`;
  const history = [{ version: 3, status: 'deployed', chartVersion: version(NEW), configDigest: others }];
  const upgraded = (conditions = [READY]) =>
    web({ conditions, status: { lastAttemptedConfigDigest: others, history } });
  const unasked = 'it may not be asked to';
  const remembered = (object = web()) => looks([object], { memory: { unasked }, others: [owner(OLD)] }).memory;

  it('has read them where it may not be asked', () => {
    expect(looks([upgraded()], { memory: remembered() }).observation).toMatchObject({
      trusted: true,
      appliedRevision: NEW,
    });
  });

  it('has not while it is at work, with the values of before, or where those are not known', () => {
    const busy = upgraded([READY, BUSY]);
    const trusted = (object: Json, memory: Memory) => looks([object], { memory }).observation?.trusted;
    expect(trusted(busy, remembered())).toBe(false);
    expect(trusted(web(), remembered())).toBe(false);
    expect(trusted(upgraded(), { unasked })).toBe(false);
    expect(trusted(upgraded(), remembered(web({ conditions: [READY, BUSY] })))).toBe(false);
  });

  it('is asked all the same where that is allowed, and where it takes several objects', () => {
    const { unasked: _, ...allowed } = remembered();
    expect(looks([upgraded()], { memory: allowed }).last?.ask).toBe(true);
    const valuesFrom = [...VALUES.valuesFrom, { kind: 'Secret', name: 'more' }];
    const several = { status: { lastAttemptedConfigDigest: others, history }, spec: { valuesFrom } };
    expect(looks([web(several)], { memory: remembered() }).observation?.trusted).toBe(false);
  });
});

describe('a release whose Kustomization was broken off in its health check', () => {
  const checking = condition('Reconciling', 'True', 'Progressing', `Running health checks for revision ${main(NEW)}`);
  const working = condition('Ready', 'Unknown', 'Progressing');
  const entries = [{ id: 'flux_values__ConfigMap', v: 'v1' }];
  const at = (attempted: string, ...conditions: readonly Json[]) =>
    kustomization(OLD, { conditions, status: { lastAttemptedRevision: main(attempted), inventory: { entries } } });
  const checked = () => looks([web()], { others: [at(NEW, working, checking)] });

  it.each([
    ['takes up a newer revision', at(NEWER, working)],
    ['begins anew', at(NEW, working)],
    ['waits for others', at(NEW, condition('Ready', 'False', 'DependencyNotReady'))],
    ['has come to its end', at(NEW, READY)],
  ])('is not believed at the values of before while that %s', (_, next) => {
    const { last, memory } = checked();
    expect(last).toMatchObject({ ask: true, observation: { trusted: false } });
    for (const now of [101_000, 120_000]) {
      const { observation } = looks([web()], { memory, now, others: [next] });
      expect([observation?.trusted, observation?.appliedRevision]).not.toEqual([true, NEW]);
    }
  });

  it('goes on to read them once that has come to its end', () => {
    const { memory } = checked();
    expect(looks([web()], { memory, now: 101_000, others: [at(NEW, READY)] }).memory.values).toMatchObject({
      since: 100_000,
    });
  });
});

describe('values that another Kustomization applies', () => {
  const beside = (commit: string) => [owner(NEW, []), owner(commit, ['flux_values__ConfigMap'], 'values')];

  it('are waited for, where that one is known', () => {
    const { last } = looks([web()], { others: beside(OLD) });
    expect(last?.ask).toBeUndefined();
    expect(last?.observation).toMatchObject({ state: 'syncing', trusted: false });
    expect(last?.observation?.reasons[0]).toBe(
      'HelmRelease/flux/app takes values that Kustomization/flux/values brings, which has not applied the wanted revision yet',
    );
    expect(looks([web()], { others: beside(NEW) }).last?.ask).toBe(true);
  });

  it('of another repository are not', () => {
    const elsewhere = repository(OLD, { name: 'other', spec: { url: 'https://git.example.com/other' } });
    const entries = [{ id: 'flux_values__ConfigMap', v: 'v1' }];
    const sourceRef = { kind: 'GitRepository', name: 'other' };
    const other = kustomization(OLD, { name: 'values', spec: { sourceRef }, status: { inventory: { entries } } });
    const { observation } = looks([web()], { others: [owner(NEW, []), other, elsewhere] });
    expect(observation).toMatchObject({ state: 'healthy', trusted: true });
  });

  it('are among what has to be known', () => {
    const { world } = sceneWith([web(), chart(NEW), repository(NEW), ...beside(OLD)]);
    const name = { group: 'helm.toolkit.fluxcd.io', kind: 'HelmRelease', namespace: 'flux', name: 'app' };
    expect(needsOf(name, world).origin.map(({ kind, name: called }) => `${kind}/${called}`)).toContain(
      'Kustomization/values',
    );
  });
});

it('is the same for a member of what is waited for', () => {
  const target = { name: 'HelmRelease/flux/app', kind: 'HelmRelease', namespace: 'flux', parent: { name: 'app' } };
  const objects = [web(), chart(NEW), repository(NEW)];
  expect(observedMember([...objects, owner()], target)).toMatchObject({ trusted: false, boundToParent: true });
  expect(observedMember([...objects, owner(NEW, [])], target)).toMatchObject({ trusted: true, boundToParent: true });
});
