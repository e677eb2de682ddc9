import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/engines/api/json.ts';
import { fluxEngine } from '../../../src/engines/flux/index.ts';
import type { Scope } from '../../../src/engines/kubernetes-api/cluster.ts';
import { normaliseRepositoryUrl } from '../../../src/forges/repository-url.ts';
import type { Host } from '../../../src/host.ts';
import { fluxObject, kustomization, NEW, READY, REPOSITORY, repository } from '../../support/flux-objects.ts';
import { objectCluster } from '../../support/object-cluster.ts';

const signal = new AbortController().signal;
const repositoryName = normaliseRepositoryUrl(REPOSITORY);

const OBJECTS: readonly Json[] = [
  repository(NEW),
  repository(NEW, { name: 'staging', spec: { ref: { branch: 'staging' } } }),
  repository(NEW, { name: 'other', spec: { url: 'https://git.example.com/other' } }),
  kustomization(NEW, { name: 'shop', spec: { path: './apps/shop' } }),
  kustomization(NEW, { name: 'infra', spec: { path: './infra/', components: ['../components/tls'] } }),
  kustomization(NEW, {
    name: 'next',
    spec: { path: './apps/shop', sourceRef: { kind: 'GitRepository', name: 'staging' } },
  }),
  kustomization(NEW, {
    name: 'foreign',
    spec: { path: './apps/shop', sourceRef: { kind: 'GitRepository', name: 'other' } },
  }),
  kustomization(NEW, {
    name: 'everything',
    namespace: 'tenant',
    spec: { path: './', sourceRef: { kind: 'GitRepository', name: 'app', namespace: 'flux' } },
  }),
  fluxObject('HelmRelease', {
    name: 'web',
    conditions: [READY],
    spec: {
      chart: {
        spec: {
          chart: './charts/web',
          valuesFiles: ['./values/web.yaml'],
          sourceRef: { kind: 'GitRepository', name: 'app' },
        },
      },
    },
  }),
];

function engineOf(objects: readonly Json[], forbidden?: (verb: string, scope: Scope) => boolean) {
  const { cluster, patches } = objectCluster(objects, forbidden && { forbidden });
  let random = 0;
  const host = {
    clock: { now: () => Date.parse('2026-11-22T10:00:00Z') },
    random: () => (random += 0.1),
  } as unknown as Host;
  return {
    engine: fluxEngine(cluster, { grace: 30_000, normaliseRepository: normaliseRepositoryUrl }, host),
    patches,
  };
}

async function discovered(changedFiles: readonly string[], branch: string | undefined = 'main') {
  const { engine } = engineOf(OBJECTS);
  const targets = await engine.discover(
    { repository: repositoryName, changedFiles, ...(branch && { branch }) },
    signal,
  );
  return targets.map(({ name }) => name);
}

const EVERYTHING = 'Kustomization/tenant/everything';

describe('targets without names', () => {
  it.each([
    [['apps/shop/kustomization.yaml'], ['Kustomization/flux/shop', EVERYTHING]],
    [['apps/shopping/kustomization.yaml'], [EVERYTHING]],
    [['infra/dns.yaml'], ['Kustomization/flux/infra', EVERYTHING]],
    [['components/tls/kustomization.yaml'], ['Kustomization/flux/infra', EVERYTHING]],
    [['components/other/kustomization.yaml'], [EVERYTHING]],
    [['charts/web/values.yaml'], [EVERYTHING, 'HelmRelease/flux/web']],
    [['values/web.yaml'], [EVERYTHING, 'HelmRelease/flux/web']],
  ])('%j changes %j', async (files, names) => {
    expect(await discovered(files)).toEqual(names);
  });

  it('are all of the repository where no file is named', async () => {
    expect(await discovered([])).toEqual([
      'Kustomization/flux/shop',
      'Kustomization/flux/infra',
      EVERYTHING,
      'HelmRelease/flux/web',
    ]);
  });

  it('are of every branch where none is named', async () => {
    const { engine } = engineOf(OBJECTS);
    const targets = await engine.discover({ repository: repositoryName, changedFiles: ['apps/shop/a.yaml'] }, signal);
    expect(targets.map(({ name }) => name)).toContain('Kustomization/flux/next');
  });

  it('names the nearest where there is none', async () => {
    const without = OBJECTS.filter((object) => (object.metadata as Json).name !== 'everything');
    const { engine } = engineOf(without);
    await expect(
      engine.discover({ repository: repositoryName, branch: 'main', changedFiles: ['README.md'] }, signal),
    ).rejects.toMatchObject({
      code: 'missing',
      hint: expect.stringContaining('use none of the changed files: Kustomization/flux/shop, Kustomization/flux/infra'),
    });
    await expect(
      engine.discover({ repository: repositoryName, branch: 'next', changedFiles: [] }, signal),
    ).rejects.toMatchObject({
      hint: expect.stringContaining('follow another branch'),
    });
    await expect(
      engine.discover({ repository: 'git.example.com/none', changedFiles: [] }, signal),
    ).rejects.toMatchObject({
      hint: expect.stringContaining('use other repositories'),
    });
    await expect(engineOf([]).engine.discover({ repository: 'x', changedFiles: [] }, signal)).rejects.toMatchObject({
      hint: expect.stringContaining('None that is made of a Git repository can be read'),
    });
  });

  it('are those of the own namespace where the whole cluster may not be listed', async () => {
    const { engine } = engineOf(OBJECTS, (verb, { namespace }) => verb === 'list' && namespace === undefined);
    const targets = await engine.discover({ repository: repositoryName, branch: 'main', changedFiles: [] }, signal);
    expect(targets.map(({ name }) => name)).not.toContain(EVERYTHING);
    const { engine: blind } = engineOf(OBJECTS, () => true);
    await expect(blind.discover({ repository: repositoryName, changedFiles: [] }, signal)).rejects.toMatchObject({
      code: 'denied',
      hint: expect.stringContaining('list kustomizations.kustomize.toolkit.fluxcd.io in the namespace flux'),
    });
  });

  it('remembers of which releases the chart itself has changed', async () => {
    const { engine } = engineOf(OBJECTS);
    const targets = await engine.discover(
      { repository: repositoryName, branch: 'main', changedFiles: ['charts/web/Chart.yaml'] },
      signal,
    );
    expect(targets.map(({ kind }) => kind)).toContain('HelmRelease');
  });
});

describe('the sources of a target', () => {
  it('are the repository of a Kustomization, with its branch and its folder', async () => {
    const { engine } = engineOf(OBJECTS);
    expect(await engine.sources(engine.parseTarget('ks/flux/infra'), signal)).toEqual([
      { repository: REPOSITORY, revision: 'main', path: 'infra' },
    ]);
  });

  it('are the repository of a chart', async () => {
    const { engine } = engineOf(OBJECTS);
    expect(await engine.sources(engine.parseTarget('hr/flux/web'), signal)).toEqual([
      { repository: REPOSITORY, revision: 'main', path: 'charts/web' },
    ]);
  });

  it('are none where it cannot be read', async () => {
    const { engine } = engineOf(OBJECTS);
    expect(await engine.sources(engine.parseTarget('ks/flux/absent'), signal)).toEqual([]);
  });
});

describe('actions', () => {
  it('asks the source to look at once, each time with another token, and never the target', async () => {
    const { engine, patches } = engineOf(OBJECTS);
    const target = engine.parseTarget('ks/flux/shop');
    expect(await engine.act(target, 'refresh', undefined, signal)).toEqual({ kind: 'done' });
    expect(await engine.act(target, 'refresh', undefined, signal)).toEqual({ kind: 'done' });
    expect(patches.map(({ name }) => name)).toEqual(['GitRepository/flux/app', 'GitRepository/flux/app']);
    const tokens = patches.map(({ patch }) => JSON.stringify(patch));
    expect(new Set(tokens).size).toBe(2);
    expect(tokens[0]).toContain('"reconcile.fluxcd.io/requestedAt":"2026-11-22T10:00:00.000Z-');
  });

  it('says that it may not', async () => {
    const { engine } = engineOf(OBJECTS, (verb) => verb === 'patch');
    expect(await engine.act(engine.parseTarget('ks/flux/shop'), 'refresh', undefined, signal)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('GitRepository/flux/app could not be asked'),
    });
  });

  it.each(['sync', 'terminate'] as const)('has nothing to %s', async (action) => {
    const { engine, patches } = engineOf(OBJECTS);
    expect(await engine.act(engine.parseTarget('ks/flux/shop'), action, NEW, signal)).toMatchObject({
      kind: 'refused',
    });
    expect(patches).toEqual([]);
  });
});
