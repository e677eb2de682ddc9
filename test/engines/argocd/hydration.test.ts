import { describe, expect, it } from '@jest/globals';
import { readApplication } from '../../../src/engines/argocd/application.ts';
import { interpret } from '../../../src/engines/argocd/interpret.ts';
import { normaliseRepositoryUrl } from '../../../src/forges/repository-url.ts';
import { application, OLD, type Sketch, WANTED } from '../../support/applications.ts';

const HYDRATED = 'd'.repeat(40);
const HYDRATED_BEFORE = 'e'.repeat(40);
const DRY = { repoURL: 'https://git.example.com/acme/config.git', path: 'apps/shop', targetRevision: 'main' };
const SYNCED_FROM = { repoURL: DRY.repoURL, path: 'shop', targetRevision: 'environments/dev' };

/** `status.sourceHydrator` as the controller writes it. */
interface Status {
  readonly currentOperation?: object;
  readonly lastSuccessfulOperation?: object;
  readonly lastComparedDryRevision?: string;
}

function hydrated(status: Status, sketch: Sketch = {}, spec: object = {}) {
  const foreign = application({ revision: HYDRATED, ...sketch });
  const { source: _, ...rest } = foreign.spec;
  return {
    ...foreign,
    spec: {
      ...rest,
      sourceHydrator: { drySource: DRY, syncSource: { targetBranch: 'environments/dev', path: 'shop' }, ...spec },
    },
    status: {
      ...foreign.status,
      sync: { ...foreign.status.sync, comparedTo: { ...foreign.status.sync.comparedTo, source: SYNCED_FROM } },
      sourceHydrator: status,
    },
  };
}

function observe(foreign: unknown) {
  const read = readApplication(foreign);
  if (read === undefined) throw new Error('this is no application');
  const target = { name: 'shop', kind: 'Application' };
  const wanted = { revision: WANTED, images: [] };
  return interpret({ target, application: read, at: 0, via: 'read' }, wanted, {}, normaliseRepositoryUrl);
}

const made = (drySHA: string, hydratedSHA: string): Status => ({
  currentOperation: { phase: 'Hydrated', drySHA, hydratedSHA },
  lastSuccessfulOperation: { drySHA, hydratedSHA },
  lastComparedDryRevision: drySHA,
});

describe('a source hydrator', () => {
  it('made what is deployed of the wanted commit', () => {
    expect(observe(hydrated(made(WANTED, HYDRATED)))).toMatchObject({
      state: 'healthy',
      trusted: true,
      seenRevision: WANTED,
      appliedRevision: WANTED,
      attempt: { revision: WANTED, outcome: 'succeeded' },
    });
  });

  it('has made it, and the branch that is synced is not there yet', () => {
    const observation = observe(hydrated(made(WANTED, HYDRATED), { revision: HYDRATED_BEFORE }));
    expect(observation).toMatchObject({ state: 'pending' });
    expect(observation.seenRevision).toBeUndefined();
    expect(observation.reasons[0]).toBe(
      `the manifests of ${'b'.repeat(12)} are in ${'d'.repeat(12)}, which is not synced yet`,
    );
  });

  it('has looked at the wanted commit and made nothing of it yet', () => {
    const looked = { ...made(OLD, HYDRATED), lastComparedDryRevision: WANTED };
    expect(observe(hydrated(looked))).toMatchObject({ seenRevision: OLD, appliedRevision: OLD });
    const working = { ...looked, currentOperation: { phase: 'Hydrating', drySHA: WANTED } };
    expect(observe(hydrated(working))).toMatchObject({ seenRevision: OLD });
    expect(observe(hydrated(working)).reasons).toContain(
      `hydrator Hydrating ${'b'.repeat(12)}, last ${'a'.repeat(12)} in ${'d'.repeat(12)}`,
    );
  });

  it('failed at the wanted commit', () => {
    const failed = {
      ...made(OLD, HYDRATED),
      currentOperation: { phase: 'Failed', drySHA: WANTED, message: 'no such chart' },
    };
    expect(observe(hydrated(failed))).toMatchObject({
      seenRevision: OLD,
      attempt: {
        revision: WANTED,
        outcome: 'failed',
        reason: `the hydrator failed to make manifests of ${'b'.repeat(12)}: no such chart`,
      },
    });
  });

  it('failed before it knew of which commit', () => {
    const failed = { currentOperation: { phase: 'Failed', message: 'no credentials' } };
    expect(observe(hydrated(failed))).toMatchObject({ state: 'failed' });
    expect(observe(hydrated(failed)).attempt?.outcome).toBe('succeeded');
    expect(observe(hydrated(failed)).reasons[0]).toBe('the hydrator failed to make manifests: no credentials');
  });

  it('has nothing to do with a commit that somebody else made on the branch', () => {
    const observation = observe(hydrated(made(WANTED, HYDRATED), { revision: WANTED }));
    expect(observation.seenRevision).toBeUndefined();
    expect(observation.appliedRevision).toBeUndefined();
  });

  it('waits for a promotion where it commits to another branch', () => {
    const staged = { hydrateTo: { targetBranch: 'environments/dev-next' } };
    expect(observe(hydrated(made(WANTED, HYDRATED), { revision: HYDRATED_BEFORE }, staged))).toMatchObject({
      state: 'blocked',
      obstacle: 'promotion',
      final: false,
    });
    expect(observe(hydrated(made(WANTED, HYDRATED), {}, staged))).toMatchObject({
      state: 'healthy',
      seenRevision: WANTED,
    });
  });

  it('may commit to another repository', () => {
    const foreign = hydrated(
      made(WANTED, HYDRATED),
      {},
      {
        syncSource: {
          repoURL: 'https://git.example.com/acme/rendered.git',
          targetBranch: 'environments/dev',
          path: 'shop',
        },
      },
    );
    expect(observe(foreign)).toMatchObject({ state: 'pending', trusted: false });
    const comparedTo = {
      ...foreign.status.sync.comparedTo,
      source: { ...SYNCED_FROM, repoURL: 'https://git.example.com/acme/rendered.git' },
    };
    const compared = { ...foreign, status: { ...foreign.status, sync: { ...foreign.status.sync, comparedTo } } };
    expect(observe(compared)).toMatchObject({ state: 'healthy', trusted: true, seenRevision: WANTED });
  });
});
