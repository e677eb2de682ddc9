import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readApplication } from '../../../src/engines/argocd/application.ts';
import { interpret, type Known } from '../../../src/engines/argocd/interpret.ts';
import type { Wanted } from '../../../src/engines/delivery-engine.ts';
import { normaliseRepositoryUrl } from '../../../src/forges/repository-url.ts';
import { application, NEWER, OLD, type Sketch, WANTED } from '../../support/applications.ts';

const TARGET = { name: 'shop', kind: 'Application' };

function observe(foreign: unknown, known: Known = {}, wanted: Partial<Wanted> = {}) {
  const read = readApplication(foreign);
  if (read === undefined) throw new Error('this is no application');
  const reading = { target: TARGET, application: read, at: 0, via: 'read' } as const;
  return interpret(reading, { revision: WANTED, images: [], ...wanted }, known, normaliseRepositoryUrl);
}

const of = (sketch: Sketch, known?: Known, wanted?: Partial<Wanted>) => observe(application(sketch), known, wanted);

describe('what is to be trusted', () => {
  it.each<[string, Sketch, boolean, Known]>([
    ['compared after the operation', { reconciledAt: '2026-11-22T09:00:01Z' }, true, {}],
    ['in the same second', { reconciledAt: '2026-11-22T09:00:00Z' }, false, {}],
    [
      'in the same second, refreshed since',
      { reconciledAt: '2026-11-22T09:00:00Z' },
      true,
      { refreshedAfter: Date.parse('2026-11-22T09:00:00Z') },
    ],
    ['in the same second, refreshed before', { reconciledAt: '2026-11-22T09:00:00Z' }, false, { refreshedAfter: 1 }],
    ['before the operation ended', { reconciledAt: '2026-11-22T08:59:59Z' }, false, {}],
    ['an operation is asked for', { pending: true }, false, {}],
    ['an operation runs', { phase: 'Running', pending: true }, false, {}],
    ['OutOfSync', { sync: 'OutOfSync', health: 'Healthy', automated: false }, false, {}],
    ['Unknown', { sync: 'Unknown' }, false, {}],
  ])('%s', (_what, sketch, trusted, known) => {
    expect(of(sketch, known).trusted).toBe(trusted);
  });

  it('a rollback in the same second is not settled by a refresh', () => {
    const known = { refreshedAfter: Date.parse('2026-11-22T09:00:00Z') };
    expect(of({ revision: WANTED, deployed: OLD, reconciledAt: '2026-11-22T09:00:00Z' }, known).trusted).toBe(false);
    expect(of({ revision: WANTED, deployed: OLD, reconciledAt: '2026-11-22T09:00:01Z' }, known).trusted).toBe(true);
  });

  it('a status of an older spec shows no revision', () => {
    const foreign = application({ revision: WANTED });
    const changed = { ...foreign, spec: { ...foreign.spec, source: { ...foreign.spec.source, path: 'apps/other' } } };
    expect(observe(changed)).toMatchObject({ trusted: false, state: 'pending' });
    expect(observe(changed).seenRevision).toBeUndefined();
  });

  it('a destination by name, which some versions complete with the server, is still the same', () => {
    const foreign = application({});
    const destination = { name: 'in-cluster', namespace: 'shop' };
    const changed = { ...foreign, spec: { ...foreign.spec, destination } };
    expect(observe(changed).trusted).toBe(true);
  });
});

describe('the revisions', () => {
  it('of a settled status are both the one compared with', () => {
    expect(of({ revision: WANTED, deployed: OLD })).toMatchObject({ seenRevision: WANTED, appliedRevision: WANTED });
  });

  it('of any other are the one compared with and the one of the last success', () => {
    const observation = of({ revision: WANTED, deployed: OLD, sync: 'OutOfSync' });
    expect(observation).toMatchObject({ seenRevision: WANTED, appliedRevision: OLD, state: 'pending' });
  });

  it('are hidden by an error of comparison, which leaves the branch name there', () => {
    const conditions = [{ type: 'ComparisonError', message: 'Failed to unmarshal "web.yaml"' }];
    const observation = of({ sync: 'Unknown', revision: 'main', deployed: OLD, conditions });
    expect(observation.seenRevision).toBeUndefined();
    expect(observation).toMatchObject({
      state: 'failed',
      reasons: ['ComparisonError: Failed to unmarshal "web.yaml"', expect.anything(), expect.anything()],
    });
  });

  it('a source that cannot be reached says nothing about what is in it', () => {
    const conditions = [
      {
        type: 'ComparisonError',
        message: 'rpc error: code = Unknown desc = failed to list refs: repository not found',
      },
    ];
    expect(of({ sync: 'Unknown', revision: 'main', conditions })).toMatchObject({ state: 'pending' });
  });

  it('a missing chart version, which stands there as if it were found, is not seen', () => {
    const foreign = application({ sync: 'Unknown', revision: '9.9.9', deployed: '1.0.0', targetRevision: '9.9.9' });
    const source = { repoURL: 'https://charts.example.com', chart: 'web', targetRevision: '9.9.9' };
    const chart = {
      ...foreign,
      spec: { ...foreign.spec, source },
      status: {
        ...foreign.status,
        sync: { ...foreign.status.sync, comparedTo: { ...foreign.status.sync.comparedTo, source } },
      },
    };
    expect(observe(chart, {}, { revision: '9.9.9' }).seenRevision).toBeUndefined();
    expect(observe(chart, {}, { revision: WANTED })).toMatchObject({
      state: 'blocked',
      obstacle: 'elsewhere',
      final: true,
    });
  });
});

describe('operations', () => {
  it('waiting for a retry is still under way', () => {
    const retrying: Sketch = {
      phase: 'Running',
      pending: true,
      finishedAt: '2026-11-22T09:59:00Z',
      retryCount: 1,
      sync: 'OutOfSync',
    };
    expect(of(retrying)).toMatchObject({ state: 'syncing', attempt: { outcome: 'running' } });
  });

  it('held by a window has no other sign than its message', () => {
    const held: Sketch = {
      phase: 'Running',
      pending: true,
      sync: 'OutOfSync',
      message: 'Sync operation blocked by sync window',
    };
    expect(of(held)).toMatchObject({ state: 'blocked', obstacle: 'window' });
  });

  it('of an older commit that are retried are named', () => {
    const foreign = application({
      phase: 'Running',
      pending: true,
      retryCount: 3,
      sync: 'OutOfSync',
      revision: WANTED,
      deployed: OLD,
    });
    expect(observe(foreign)).toMatchObject({ state: 'syncing', obstacle: 'retries' });
    foreign.status.operationState = { ...foreign.status.operationState, operation: { retry: { limit: -1 } } } as never;
    expect(observe(foreign)).toMatchObject({ state: 'blocked', obstacle: 'retries' });
  });

  it('of part of the objects, or a dry run, say nothing about the revision', () => {
    const foreign = application({ phase: 'Failed', deployed: WANTED });
    const withSync = (sync: object) => ({
      ...foreign,
      status: { ...foreign.status, operationState: { ...foreign.status.operationState, operation: { sync } } },
    });
    expect(observe(foreign).attempt?.outcome).toBe('failed');
    expect(observe(withSync({ resources: [{ kind: 'Deployment', name: 'web' }] })).attempt).toBeUndefined();
    expect(observe(withSync({ dryRun: true })).attempt).toBeUndefined();
    const succeeded = application({ deployed: WANTED, reconciledAt: '2026-11-22T09:00:00Z' });
    expect(observe(succeeded).appliedRevision).toBe(WANTED);
    const dry = {
      ...succeeded.status,
      operationState: { ...succeeded.status.operationState, operation: { sync: { dryRun: true } } },
    };
    expect(observe({ ...succeeded, status: dry }).appliedRevision).toBeUndefined();
  });

  it('that would remove everything have failed', () => {
    const conditions = [{ type: 'SyncError', message: 'Skipping sync attempt: auto-sync will wipe out all resources' }];
    expect(of({ sync: 'OutOfSync', revision: WANTED, conditions }).attempt).toMatchObject({
      outcome: 'failed',
      revision: WANTED,
    });
  });

  it.each([
    ['Service "web" is invalid: spec.ports[0].port: Invalid value: 99999: must be between 1 and 65535', 'failed'],
    ['error when patching "x": Deployment.apps "web" is invalid: spec.selector: Required value', 'failed'],
    ['namespaces "shop" already exists', 'running'],
    ['failed calling webhook "validate.example.com": connection refused', 'running'],
    ['no matches for kind "Certificate" in version "cert-manager.io/v1"', 'running'],
  ])('refused with %s: %s', (message, outcome) => {
    const foreign = application({
      phase: 'Running',
      pending: true,
      retryCount: 1,
      finishedAt: '2026-11-22T09:59:00Z',
      sync: 'OutOfSync',
    });
    const resources = [{ kind: 'Service', name: 'web', status: 'SyncFailed', message }];
    const syncResult = { revision: WANTED, resources };
    const refused = {
      ...foreign,
      status: { ...foreign.status, operationState: { ...foreign.status.operationState, syncResult } },
    };
    expect(observe(refused).attempt?.outcome).toBe(outcome);
  });
});

describe('pruning', () => {
  const resources = (web: string, old: string) => [
    { kind: 'Deployment', name: 'web', status: web },
    { kind: 'ConfigMap', name: 'old', status: old, requiresPruning: true },
  ];
  const withResources = (list: readonly object[], sketch: Sketch = {}, automated: object = {}) => {
    const foreign = application({ sync: 'OutOfSync', revision: WANTED, ...sketch });
    return observe({
      ...foreign,
      spec: { ...foreign.spec, syncPolicy: { automated } },
      status: { ...foreign.status, resources: list },
    });
  };

  it('that is off keeps it OutOfSync for ever, which is as good as Synced', () => {
    expect(withResources(resources('Synced', 'OutOfSync'))).toMatchObject({ state: 'healthy', trusted: true });
  });

  it('does not excuse anything else', () => {
    expect(withResources(resources('OutOfSync', 'OutOfSync'))).toMatchObject({ state: 'pending' });
    expect(withResources(resources('Synced', 'Unknown'))).toMatchObject({ state: 'pending' });
    expect(withResources(resources('Synced', 'OutOfSync'), { deployed: OLD })).toMatchObject({ state: 'pending' });
    expect(withResources(resources('Synced', 'OutOfSync'), {}, { prune: true })).toMatchObject({ state: 'pending' });
    expect(withResources([])).toMatchObject({ state: 'pending' });
  });
});

describe('automatic sync', () => {
  it.each([
    [undefined, 'manual'],
    [{}, undefined],
    [{ automated: null }, 'manual'],
    [{ automated: {} }, undefined],
    [{ automated: { enabled: true } }, undefined],
    [{ automated: { enabled: false } }, 'manual'],
  ])('of %j', (syncPolicy, obstacle) => {
    const foreign = application({ sync: 'OutOfSync', revision: WANTED, deployed: OLD });
    const expected = syncPolicy !== undefined && Object.keys(syncPolicy).length === 0 ? 'manual' : obstacle;
    expect(observe({ ...foreign, spec: { ...foreign.spec, syncPolicy } }).obstacle).toBe(expected);
  });

  it.each([
    ['a deny window', { active: [{ kind: 'deny' }], assigned: [] }, true],
    ['an allow window that is open', { active: [{ kind: 'allow' }], assigned: [{ kind: 'allow' }] }, false],
    ['an allow window that is not open', { active: [], assigned: [{ kind: 'allow' }] }, true],
    ['both', { active: [{ kind: 'allow' }, { kind: 'deny' }], assigned: [] }, true],
    ['none', { active: [], assigned: [] }, false],
  ])('with %s', (_what, { active, assigned }, blocked) => {
    const whole = (kind: string) => ({ kind, schedule: '* * * * *', duration: '1h' });
    const windows = {
      active: active.map(({ kind }) => whole(kind)),
      assigned: assigned.map(({ kind }) => whole(kind)),
    };
    expect(of({ sync: 'OutOfSync', revision: WANTED }, { windows }).state).toBe(blocked ? 'blocked' : 'pending');
  });
});

describe('several sources', () => {
  const values = { repoURL: 'git@git.example.com:acme/config.git', targetRevision: 'main', ref: 'values' };
  const chart = { repoURL: 'https://charts.example.com', chart: 'web', targetRevision: '1.0.0' };
  const base = { repoURL: 'https://git.example.com/acme/config', targetRevision: OLD, path: 'base' };

  function severalOf(sources: readonly object[], revisions: readonly string[], wanted: Partial<Wanted> = {}) {
    const foreign = application({});
    const { source: _, ...spec } = foreign.spec;
    const comparedTo = { source: { repoURL: '' }, destination: spec.destination, sources };
    const operationState = { ...foreign.status.operationState, syncResult: { revision: '', revisions } };
    const status = { ...foreign.status, operationState, sync: { status: 'Synced', revisions, comparedTo } };
    return observe(
      { ...foreign, spec: { ...spec, sources }, status },
      {},
      { repository: 'git.example.com/acme/config', ...wanted },
    );
  }

  it('are matched by repository, however it is spelled; charts are left out', () => {
    expect(severalOf([chart, values], ['1.0.0', WANTED])).toMatchObject({ seenRevision: WANTED, trusted: true });
  });

  it('that are pinned say nothing about a branch', () => {
    expect(severalOf([base, values], [OLD, WANTED]).seenRevision).toBe(WANTED);
  });

  it('on one branch that differ are not settled yet', () => {
    expect(severalOf([values, { ...values, ref: 'more' }], [OLD, WANTED]).seenRevision).toBeUndefined();
  });

  it('on other branches are left out where the branch is known', () => {
    const other = { ...values, targetRevision: 'next', ref: 'next' };
    expect(severalOf([other, values], [NEWER, WANTED]).seenRevision).toBeUndefined();
    expect(severalOf([other, values], [NEWER, WANTED], { branch: 'main' }).seenRevision).toBe(WANTED);
  });

  it('with fewer revisions than sources are not settled yet', () => {
    expect(severalOf([chart, values], ['1.0.0']).seenRevision).toBeUndefined();
  });

  it('of which none is the repository can never hold the revision', () => {
    expect(severalOf([chart, values], ['1.0.0', WANTED], { repository: 'git.example.com/acme/other' })).toMatchObject({
      state: 'blocked',
      obstacle: 'elsewhere',
      final: true,
    });
  });

  it('can be waited for by the version of a chart', () => {
    const wanted = { revision: '1.0.0', repository: 'charts.example.com' };
    expect(severalOf([chart, values], ['1.0.0', WANTED], wanted).seenRevision).toBe('1.0.0');
  });
});

describe('foreign JSON', () => {
  it.each([
    ['no health', { health: undefined }, 'progressing'],
    ['null health', { health: null }, 'progressing'],
    ['a health of the future', { health: { status: 'Radiant' } }, 'progressing'],
    ['Missing', { health: { status: 'Missing' } }, 'progressing'],
    ['no sync', { sync: undefined }, 'unseen'],
    ['a sync status of the future', { sync: { status: 'Blissful', revision: WANTED } }, 'pending'],
    ['null resources and conditions', { resources: null, conditions: null, history: null, summary: null }, 'healthy'],
  ])('with %s', (_what, status, state) => {
    const foreign = application({ revision: WANTED });
    expect(observe({ ...foreign, status: { ...foreign.status, ...status } }).state).toBe(state);
  });

  it('with no status at all is not seen', () => {
    const { metadata, spec } = application({});
    expect(observe({ metadata, spec })).toMatchObject({ state: 'unseen', trusted: false });
  });

  it.each([undefined, null, 'text', [], {}, { metadata: { name: 'shop' } }, { metadata: { name: 'shop' }, spec: {} }])(
    'of another shape is no application: %j',
    (foreign) => expect(readApplication(foreign)).toBeUndefined(),
  );

  it('never crashes and is never healthy by chance', () => {
    const paths = ['status', 'spec', 'operation', 'metadata'] as const;
    const mutated = fc
      .tuple(fc.constantFrom(...paths), fc.anything())
      .map(([path, value]) => ({ ...application({ sync: 'OutOfSync' }), [path]: value }));
    const inStatus = fc
      .dictionary(
        fc.constantFrom(
          'sync',
          'health',
          'operationState',
          'resources',
          'conditions',
          'history',
          'summary',
          'reconciledAt',
        ),
        fc.anything(),
      )
      .map((status) => ({ ...application({}), status }));
    fc.assert(
      fc.property(fc.oneof(mutated, inStatus, fc.anything()), (foreign) => {
        const read = readApplication(foreign);
        if (read === undefined) return;
        const observation = interpret(
          { target: TARGET, application: read, at: 0, via: 'read' },
          { revision: WANTED, images: [] },
          {},
          normaliseRepositoryUrl,
        );
        expect(observation.trusted && observation.state === 'healthy').toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('how long it has lasted', () => {
  const serverNow = Date.parse('2026-11-22T10:00:00Z');

  it('counts from the later of the operation and the health, less the second that both are cut to', () => {
    expect(of({}, { serverNow }).lasting).toBe(3_600_000 - 5_000 - 1_000);
    expect(
      of({ finishedAt: '2026-11-22T09:59:50Z', reconciledAt: '2026-11-22T09:59:55Z' }, { serverNow }).lasting,
    ).toBe(9_000);
  });

  it('is nothing where the server does not say, or its clock is behind', () => {
    expect(of({}).lasting).toBe(0);
    expect(of({}, { serverNow: 0 }).lasting).toBe(0);
  });
});

/** An operation as it stands in the status, whatever else is true. */
function withOperation(state: object, sketch: Sketch = {}) {
  const foreign = application(sketch);
  return { ...foreign, status: { ...foreign.status, operationState: { ...foreign.status.operationState, ...state } } };
}

describe('an attempt', () => {
  it.each([
    ['Succeeded', 'succeeded'],
    ['Failed', 'failed'],
    ['Error', 'failed'],
    ['Running', 'running'],
    ['Terminating', 'running'],
    ['Something new', 'running'],
  ])('%s has %s', (phase, outcome) => expect(observe(withOperation({ phase })).attempt?.outcome).toBe(outcome));

  it('is running while another one is asked for', () => {
    expect(of({ pending: true, phase: 'Failed' }).attempt?.outcome).toBe('running');
  });

  it('is told in the words of the operation, or by its phase', () => {
    expect(of({ message: 'all done' }).attempt?.reason).toBe('all done');
    expect(observe(withOperation({ message: undefined })).attempt?.reason).toBe('operation Succeeded');
  });

  it('has no revision while there is no result', () => {
    expect(observe(withOperation({ syncResult: undefined })).attempt).not.toHaveProperty('revision');
  });

  const invalid = {
    kind: 'Service',
    name: 'web',
    status: 'SyncFailed',
    message: 'Service "web" is invalid: a: Invalid value: 1',
  };
  const refused = (phase: string, message = invalid.message) =>
    withOperation({
      phase,
      message: 'one or more objects failed',
      syncResult: { revision: WANTED, resources: [{ ...invalid, message }] },
    });

  it('fails at once where the API server refuses an object as invalid, which it does at every try', () => {
    expect(observe(refused('Running')).attempt).toEqual({
      revision: WANTED,
      outcome: 'failed',
      reason: 'Service web was refused: Service "web" is invalid: a: Invalid value: 1',
    });
    expect(observe(refused('Running', 'connection refused')).attempt?.outcome).toBe('running');
    expect(observe(refused('Succeeded')).attempt?.outcome).toBe('succeeded');
    expect(observe(refused('Failed')).attempt?.reason).toBe('one or more objects failed');
  });

  it('is none where automatic sync would not wipe out all resources', () => {
    const failed = (type: string, message: string) =>
      of({ revision: WANTED, conditions: [{ type, message }] }).attempt?.outcome;
    expect(failed('SyncError', 'auto-sync will wipe out all resources')).toBe('failed');
    expect(failed('SyncError', 'something else')).toBe('succeeded');
    expect(failed('OrphanedResourceWarning', 'auto-sync will wipe out all resources')).toBe('succeeded');
  });
});

describe('a state', () => {
  it.each(['Running', 'Terminating', 'Something new'])('with an operation that is %s is syncing', (phase) => {
    expect(observe(withOperation({ phase })).state).toBe('syncing');
  });

  it('is that of the health', () => {
    expect(of({ health: 'Suspended' }).state).toBe('suspended');
    expect(of({ health: 'Missing' }).state).toBe('progressing');
  });

  it('left alone is blocked by that', () => {
    const annotations = { 'argocd.argoproj.io/skip-reconcile': 'true' };
    expect(of({ annotations })).toMatchObject({ state: 'blocked', obstacle: 'switched-off', final: true });
  });

  it('pinned to a commit says so, and nothing else is', () => {
    expect(of({ targetRevision: OLD })).toMatchObject({
      obstacle: 'pinned',
      reasons: [`its source is pinned to ${'a'.repeat(12)}`, expect.anything()],
    });
    expect(of({})).not.toHaveProperty('obstacle');
  });

  it('that is Unknown is an error only by an error of comparison or of the spec', () => {
    const state = (type: string) =>
      of({ sync: 'Unknown', revision: 'main', conditions: [{ type, message: 'bad' }] }).state;
    expect(state('InvalidSpecError')).toBe('failed');
    expect(state('ComparisonError')).toBe('failed');
    expect(state('SharedResourceWarning')).toBe('pending');
  });
});

describe('retries of another revision', () => {
  const retrying = (retryCount: number, limit: number, revisions: object, shown: object = { revision: WANTED }) => {
    const foreign = withOperation({
      phase: 'Running',
      retryCount,
      operation: { sync: {}, retry: { limit } },
      syncResult: revisions,
    });
    return observe({
      ...foreign,
      status: {
        ...foreign.status,
        sync: { ...foreign.status.sync, status: 'OutOfSync', revision: undefined, ...shown },
      },
    });
  };

  it('hold it back, for ever where they have no limit', () => {
    expect(retrying(1, 5, { revision: OLD })).toMatchObject({ state: 'syncing', obstacle: 'retries' });
    expect(retrying(1, 0, { revision: OLD })).toMatchObject({ state: 'syncing', obstacle: 'retries' });
    expect(retrying(1, -1, { revision: OLD })).toMatchObject({ state: 'blocked', obstacle: 'retries' });
  });

  it('are none before the first, of the same revision, or of one that is not known', () => {
    expect(retrying(0, 5, { revision: OLD })).not.toHaveProperty('obstacle');
    expect(retrying(1, 5, { revision: WANTED })).not.toHaveProperty('obstacle');
    expect(retrying(1, 5, {})).not.toHaveProperty('obstacle');
    expect(retrying(1, 5, { revision: OLD }, { status: undefined })).not.toHaveProperty('obstacle');
  });

  it('are of another one where one of several sources differs', () => {
    const shown = { revisions: [WANTED, NEWER] };
    expect(retrying(1, 5, { revisions: [WANTED, OLD] }, shown)).toMatchObject({ obstacle: 'retries' });
    expect(retrying(1, 5, { revisions: [WANTED, NEWER] }, shown)).not.toHaveProperty('obstacle');
    expect(retrying(1, 5, { revisions: [WANTED] }, shown)).toMatchObject({ obstacle: 'retries' });
  });
});

describe('a version that holds something else now', () => {
  const told = (sketch: Sketch) => of({ sync: 'OutOfSync', revision: '1.2.0', ...sketch }).reasons[0];
  const words = expect.stringContaining(
    '1.2.0 is deployed, and differs from what the source holds under that name now',
  );

  it('is told, since nothing is started for it', () => expect(told({})).toEqual(words));

  it.each<[string, Sketch]>([
    ['another one was deployed', { deployed: '1.1.0' }],
    ['it was never deployed', { phase: 'Failed' }],
    ['a commit differs', { revision: WANTED }],
  ])('is not where %s', (_what, sketch) => expect(told(sketch)).not.toEqual(words));
});

describe('what was deployed', () => {
  it('is the history, oldest first', () => expect(of({ history: [OLD, WANTED] }).deployed).toEqual([OLD, WANTED]));
});
