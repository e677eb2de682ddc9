import { describe, expect, it } from '@jest/globals';
import { readApplication } from '../../../src/engines/argocd/application.ts';
import { covers } from '../../../src/engines/argocd/covers.ts';
import { normaliseRepositoryUrl } from '../../../src/forges/repository-url.ts';
import { application } from '../../support/applications.ts';
import { json, refusal } from '../../support/argocd-script.ts';
import { waitScene } from '../../support/wait-scene.ts';

const QUERY = {
  repository: 'git.example.com/acme/config',
  branch: 'main',
  changedFiles: ['apps/shop/deployment.yaml'],
};
const LIST = 'GET /api/v1/applications';
const never = new AbortController().signal;

/** One application with that source beside an annotation. */
function coversFile(
  file: string,
  source: object,
  annotations: Readonly<Record<string, string>> = {},
  others: readonly object[] = [],
): boolean {
  const foreign = application({ annotations });
  const own = { repoURL: 'https://git.example.com/acme/config.git', targetRevision: 'main', ...source };
  const sources = [own, ...others];
  const read = readApplication({ ...foreign, spec: { ...foreign.spec, source: undefined, sources } });
  return read !== undefined && covers(read, { ...QUERY, changedFiles: [file] }, normaliseRepositoryUrl);
}

describe('a source', () => {
  const paths = (value: string) => ({ 'argocd.argoproj.io/manifest-generate-paths': value });

  it.each<[string, object, Readonly<Record<string, string>>, boolean]>([
    ['apps/shop/a.yaml', { path: 'apps/shop' }, {}, true],
    ['apps/shop/deep/a.yaml', { path: './apps/shop/' }, {}, true],
    ['apps/shopping/a.yaml', { path: 'apps/shop' }, {}, false],
    ['anything', { path: '.' }, {}, true],
    ['base/a.yaml', { path: 'apps/shop' }, {}, false],
    ['base/a.yaml', { path: 'apps/shop' }, paths('.;/base'), true],
    ['apps/base/a.yaml', { path: 'apps/shop' }, paths('../base'), true],
    ['envs/prod.yaml', { path: 'chart', helm: { valueFiles: ['../envs/prod.yaml'] } }, {}, true],
    ['envs/test.yaml', { path: 'chart', helm: { valueFiles: ['../envs/prod.yaml'] } }, {}, false],
    ['envs/eu/values.yaml', { path: 'chart' }, paths('/envs/*/values.yaml'), true],
    ['envs/eu/more/values.yaml', { path: 'chart' }, paths('/envs/*/values.yaml'), false],
    ['apps/shop/a.yaml', { path: 'apps/shop', targetRevision: 'next' }, {}, false],
    ['apps/shop/a.yaml', { path: 'apps/shop', targetRevision: 'HEAD' }, {}, true],
    ['apps/shop/a.yaml', { path: 'apps/shop', repoURL: 'https://git.example.com/acme/other' }, {}, false],
    ['apps/shop/a.yaml', { path: 'apps/shop', repoURL: 'git@git.example.com:acme/config' }, {}, true],
  ])('uses %s: %j with %j is %s', (file, source, annotations, used) => {
    expect(coversFile(file, source, annotations)).toBe(used);
  });

  it('that lends value files is used by those that are named', () => {
    const chart = {
      repoURL: 'https://charts.example.com',
      chart: 'web',
      helm: { valueFiles: ['$values/envs/prod.yaml'] },
    };
    expect(coversFile('envs/prod.yaml', { ref: 'values' }, {}, [chart])).toBe(true);
    expect(coversFile('envs/test.yaml', { ref: 'values' }, {}, [chart])).toBe(false);
  });
});

describe('discovery', () => {
  it('finds what covers a changed file', async () => {
    const { script, clock, engine } = waitScene();
    const other = application({ name: 'other', repoURL: 'https://git.example.com/acme/other' });
    script.on(LIST, json({ items: [application({}), other] }));
    const targets = await clock.run(engine.discover(QUERY, never));
    expect(targets).toEqual([{ name: 'shop', kind: 'Application', namespace: 'argocd', project: 'default' }]);
    script.verify();
  });

  it('names the namespace where two share a name', async () => {
    const { script, clock, engine } = waitScene();
    const twin = application({});
    script.on(
      LIST,
      json({ items: [application({}), { ...twin, metadata: { ...twin.metadata, namespace: 'team-a' } }] }),
    );
    const targets = await clock.run(engine.discover(QUERY, never));
    expect(targets.map(({ name }) => name)).toEqual(['argocd/shop', 'team-a/shop']);
  });

  it.each([
    [
      'use none of the changed files',
      [application({})],
      { ...QUERY, changedFiles: ['docs/a.md'] },
      'follow it, and use none of the changed files: shop',
    ],
    [
      'follow another branch',
      [application({ targetRevision: 'next' })],
      QUERY,
      'use that repository, and follow another branch: shop',
    ],
    [
      'use other repositories',
      [application({ repoURL: 'https://git.example.com/acme/other' })],
      QUERY,
      'can be read, and use other repositories: shop',
    ],
    ['are not to be seen', null, QUERY, 'The token can read no application at all'],
  ])('with nothing but such that %s names the nearest', async (_what, items, query, hint) => {
    const { script, clock, engine } = waitScene();
    script.on(LIST, json({ items }));
    await expect(clock.run(engine.discover(query, never))).rejects.toMatchObject({
      code: 'missing',
      message: 'No application was found for git.example.com/acme/config, branch main',
      hint: expect.stringContaining(hint),
    });
  });

  it('asks within the project that was given', async () => {
    const { script, clock, engine } = waitScene({ project: 'shop' });
    script.on(`${LIST}?projects=shop`, refusal(403, 7, 'permission denied'));
    await expect(clock.run(engine.discover(QUERY, never))).rejects.toMatchObject({ code: 'denied' });
    script.verify();
  });

  it('tells the Git sources of a target', async () => {
    const { script, clock, engine } = waitScene({ project: 'shop' });
    script.on('GET /api/v1/applications/shop?project=shop&appNamespace=team-a', json(application({})));
    const sources = await clock.run(engine.sources(engine.parseTarget('team-a/shop'), never));
    expect(sources).toEqual([
      { repository: 'https://git.example.com/acme/config.git', revision: 'main', path: 'apps/shop' },
    ]);
    script.verify();
  });
});

describe('a target', () => {
  const { engine } = waitScene({ project: 'shop' });

  it('is a name, or namespace/name', () => {
    expect(engine.parseTarget('shop-api')).toEqual({ name: 'shop-api', kind: 'Application', project: 'shop' });
    expect(engine.parseTarget('team-a/shop.api')).toEqual({
      name: 'team-a/shop.api',
      kind: 'Application',
      namespace: 'team-a',
      project: 'shop',
    });
  });

  it.each(['', 'Shop', 'shop api', 'a/b/c', '../shop', 'shop?x=1', 'team_a/shop', '-shop', `${'a'.repeat(254)}`])(
    'is not %j',
    (text) => {
      expect(() => engine.parseTarget(text)).toThrow(expect.objectContaining({ code: 'input' }));
    },
  );
});

describe('acting', () => {
  const target = { name: 'shop', kind: 'Application' };

  it.each([
    ['another operation is already in progress', 400, 9, 'busy'],
    ['Cannot sync: Blocked by sync window', 403, 7, 'refused'],
    ['permission denied: applications, sync, shop/shop', 403, 7, 'refused'],
  ])('is told %s', async (message, status, code, kind) => {
    const { script, clock, engine } = waitScene();
    script.on('POST /api/v1/applications/shop/sync', refusal(status, code, message));
    expect(await clock.run(engine.act(target, 'sync', undefined, never))).toEqual({ kind, reason: message });
    script.verify();
  });

  it.each([{ status: 502 }, 'refuse' as const, { headers: { 'content-type': 'text/html' } }])(
    'is sent once, whatever comes: %j',
    async (reply) => {
      const { script, clock, engine } = waitScene();
      script.on('POST /api/v1/applications/shop/sync', reply);
      await expect(clock.run(engine.act(target, 'sync', undefined, never))).rejects.toMatchObject({
        name: 'ToolError',
      });
      script.verify();
    },
  );

  it('ends an operation, and is content when there is none any more', async () => {
    const { script, clock, engine } = waitScene();
    script.on(
      'DELETE /api/v1/applications/shop/operation',
      refusal(400, 3, 'Unable to terminate operation. No operation is in progress'),
    );
    expect(await clock.run(engine.act(target, 'terminate', undefined, never))).toEqual({ kind: 'done' });
  });
});

describe('a diagnosis', () => {
  const target = { name: 'shop', kind: 'Application' };
  const path = 'GET /api/v1/applications/shop';
  const pod = { kind: 'Pod', namespace: 'shop', name: 'web-1', uid: 'u1', health: { status: 'Progressing' } };

  it('is smaller where rights are missing, and says which', async () => {
    const { script, clock, engine } = waitScene();
    const forbidden = refusal(403, 7, 'permission denied');
    script.on(path, json(application({ health: 'Progressing' }))).on(`${path}/syncwindows`, forbidden);
    script.on(`${path}/resource-tree`, json({ nodes: [pod] }));
    script.on(`${path}/events?resourceUID=u1&resourceName=web-1&resourceNamespace=shop`, forbidden);
    script.on(`${path}/logs?namespace=shop&podName=web-1&tailLines=15`, forbidden);
    const diagnosis = await clock.run(engine.diagnose(target, never));
    expect(diagnosis.sections.map(({ title }) => title)).toEqual(['Application', 'Unhealthy resources']);
    expect(diagnosis.hints).toEqual(['The token may not read logs: add "logs, get" to its role to see them here.']);
    script.verify();
  });

  it('is empty where nothing can be read, and never an error', async () => {
    const { script, clock, engine } = waitScene();
    for (const below of ['', '/resource-tree', '/syncwindows']) script.on(`${path}${below}`, 'refuse');
    expect(await clock.run(engine.diagnose(target, never))).toEqual({ target, sections: [], hints: [] });
    script.verify();
  });
});
