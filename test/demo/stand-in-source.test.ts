import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { join, transformImage } from '../../src/demo/stand-in/kustomize.ts';
import { imagesOf } from '../../src/demo/stand-in/manifests.ts';
import { canonical, digest } from '../../src/demo/stand-in/names.ts';
import { matchesSelector, project } from '../../src/demo/stand-in/queries.ts';
import { readMetadata, readSource, render } from '../../src/demo/stand-in/source.ts';
import { initialState } from '../../src/demo/stand-in/state.ts';
import { kitchenTime, stamp } from '../../src/demo/stand-in/times.ts';
import { ToolError } from '../../src/errors.ts';
import { createBareRepository } from '../support/bare-repository.ts';
import { createRealHost } from '../support/real-host.ts';
import { manifest } from './stand-in-lab.ts';

function applicationAt(path: string) {
  return initialState({ name: 'web', path, namespace: 'shop' }, 'file:///config.git', {}, 0).application;
}

function rendered(files: Readonly<Record<string, string>>, path: string) {
  return render({ files: new Map(Object.entries(files)), paths: Object.keys(files) }, applicationAt(path));
}

const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata: { name: web }\n';

describe('a folder of plain manifests', () => {
  it('gives every document of its own files, none of the folders below, and of nothing else', () => {
    const files = {
      'deploy/web.yaml': `${manifest('web:1')}---\n# nothing here\n---\n${SERVICE}`,
      'deploy/more.json': '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"settings","namespace":"own"}}',
      'deploy/below/hidden.yaml': SERVICE,
      'deploy-other/web.yaml': SERVICE,
      'README.md': 'kind: Nothing',
    };
    const { sourceType, manifests } = rendered(files, 'deploy');
    expect(sourceType).toBe('Directory');
    expect(manifests.map(({ group, kind, namespace }) => [group, kind, namespace])).toEqual([
      ['apps', 'Deployment', 'shop'],
      ['', 'Service', 'shop'],
      ['', 'ConfigMap', 'own'],
    ]);
  });

  it('takes lists apart and gives cluster-wide kinds no namespace', () => {
    const text = `kind: List\napiVersion: v1\nitems:\n- { apiVersion: v1, kind: Namespace, metadata: { name: shop } }\n`;
    expect(rendered({ 'a.yaml': text }, '.').manifests).toEqual([
      { group: '', version: 'v1', kind: 'Namespace', name: 'shop', content: expect.anything() },
    ]);
  });

  it.each([
    ['a path that is gone', { 'a/web.yaml': SERVICE }, 'overlays/x', 'overlays/x: app path does not exist'],
    ['text that does not parse', { 'a/web.yaml': 'a: 1\nb: c: d\n' }, 'a', 'yaml: line 2: '],
    ['an anchor that holds itself', { 'a/web.yaml': 'a: &x { b: *x }\n' }, 'a', 'Converting circular structure'],
    ['a document without a kind', { 'a/web.yaml': 'a: 1\n' }, 'a', "Object 'Kind' is missing"],
    [
      'an object without a name',
      { 'a/web.yaml': 'kind: Service\napiVersion: v1\n' },
      'a',
      'lacks apiVersion or metadata.name',
    ],
    ['a chart', { 'a/Chart.yaml': 'name: x\n' }, 'a', 'renders no Helm charts'],
  ])('is refused for %s, with the place', (_, files, path, problem) => {
    expect(() => rendered(files, path)).toThrow(problem);
    expect(() => rendered(files, path)).toThrow(ToolError);
  });

  it('never fails in another way than by a ToolError, whatever the files hold', () => {
    const piece = fc.constantFrom(
      'kind: X',
      'a: [',
      '- b',
      '---',
      '&a *a',
      'metadata:',
      '  name: 1',
      '\t',
      '{',
      '!!js x',
      "'",
      '<<: *a',
      '',
    );
    const text = fc.array(piece, { maxLength: 8 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, fc.constantFrom('a/web.yaml', 'a/kustomization.yaml'), (content, path) => {
        try {
          rendered({ [path]: content }, 'a');
        } catch (error) {
          expect(error).toBeInstanceOf(ToolError);
        }
      }),
    );
  });
});

describe('a kustomization', () => {
  const base = {
    'base/kustomization.yaml': 'resources: [web.yaml]\n',
    'base/web.yaml': manifest('my-app:latest'),
  };
  const overlay = (images: string) => ({
    ...base,
    'overlays/production/kustomization.yaml': `resources: [../../base]\nnamespace: production\nimages:\n${images}`,
  });

  it('sets the image and the namespace of what it includes', () => {
    const { sourceType, manifests } = rendered(overlay('- { name: my-app, newTag: "2" }\n'), 'overlays/production');
    expect(sourceType).toBe('Kustomize');
    expect(manifests.map(({ namespace, content }) => [namespace, imagesOf(content)])).toEqual([
      ['production', ['my-app:2']],
    ]);
  });

  it('also reaches init containers and jobs of a schedule', () => {
    const job = `apiVersion: batch/v1
kind: CronJob
metadata: { name: job }
spec: { jobTemplate: { spec: { template: { spec: { initContainers: [{ image: my-app }], containers: [{ image: other:1 }, { image: my-app:0 }] } } } } }
`;
    const files = {
      'a/kustomization.yaml': 'resources: [job.yaml]\nimages: [{ name: my-app, newTag: 2 }]\n',
      'a/job.yaml': job,
    };
    expect(rendered(files, 'a').manifests.map(({ content }) => imagesOf(content))).toEqual([['my-app:2', 'other:1']]);
  });

  it.each([
    [
      'a field that is not played',
      { ...base, 'base/kustomization.yaml': 'namePrefix: x-\n' },
      'base/kustomization.yaml has namePrefix',
    ],
    ['a resource that is missing', { 'base/kustomization.yaml': 'resources: [gone.yaml]\n' }, "'gone.yaml'"],
    ['one that includes itself', { 'base/kustomization.yaml': 'resources: [../base]\n' }, 'unable to find'],
  ])('is refused for %s', (_, files, problem) => {
    expect(() => rendered(files, 'base')).toThrow(problem);
  });

  it.each([
    ['my-app', { name: 'my-app', newTag: '2' }, 'my-app:2'],
    ['my-app:1', { name: 'my-app', newTag: 1.1 }, 'my-app:1.1'],
    ['my-app:1@sha256:aa', { name: 'my-app', newTag: '2' }, 'my-app:2'],
    ['my-app:1', { name: 'my-app', digest: 'sha256:bb' }, 'my-app@sha256:bb'],
    ['my-app:1@sha256:aa', { name: 'my-app', newName: 'other/app' }, 'other/app:1@sha256:aa'],
    ['localhost:5000/my-app', { name: 'localhost:5000/my-app', newTag: '2' }, 'localhost:5000/my-app:2'],
    ['localhost:5000/my-app:1', { name: 'my-app', newTag: '2' }, 'localhost:5000/my-app:1'],
    ['my-apps:1', { name: 'my-app', newTag: '2' }, 'my-apps:1'],
  ])('makes of %s by %j: %s', (image, entry, expected) => {
    expect(transformImage(image, entry)).toBe(expected);
  });
});

describe('a real repository', () => {
  const host = createRealHost();

  it('is read at branches, tags and commits, whatever bytes its files hold', async () => {
    const repository = createBareRepository({
      'deploy/web.yaml': manifest('web:1'),
      'deploy/ö ü.yaml': `# ${'ß'.repeat(900)}\n${SERVICE}`,
    });
    const first = repository.head();
    repository.git('tag', 'v1');
    const second = repository.commit({ 'deploy/web.yaml': manifest('web:2') }, { message: 'second\n\nmore' });
    const read = (revision: string) => readSource(host, repository.path, applicationAt('deploy'), revision);
    const answers = await Promise.all(['main', 'HEAD', 'v1', first, first.slice(0, 10)].map(read));
    expect(answers.map((answer) => answer.ok && answer.revision)).toEqual([second, second, first, first, first]);
    expect(answers.map((answer) => answer.ok && answer.manifests.length)).toEqual([2, 2, 2, 2, 2]);
    expect(await readMetadata(host, repository.path, 'main')).toMatchObject({
      author: 'Somebody <somebody@example.test>',
      message: 'second\n\nmore',
    });
    repository.remove();
  });

  it.each(['no-such-branch', '--all', 'main --', ''])('says that it cannot resolve %j', async (revision) => {
    const repository = createBareRepository();
    const answer = await readSource(host, repository.path, applicationAt('.'), revision);
    expect(answer).toEqual({
      ok: false,
      problem: expect.stringContaining(`unable to resolve '${revision}' to a commit SHA`),
    });
    repository.remove();
  });

  it('says when it is gone, even inside another one', async () => {
    const repository = createBareRepository();
    for (const path of [`${repository.path}/gone`, `${repository.path}/refs`]) {
      const answer = await readSource(host, path, applicationAt('.'), 'main');
      expect(answer).toEqual({
        ok: false,
        problem: expect.stringContaining('failed to list refs: repository not found'),
      });
    }
    repository.remove();
  });
});

describe('small parts', () => {
  it('times are whole seconds, cut', () => {
    expect(stamp(Date.parse('2026-01-02T03:04:05.999Z'))).toBe('2026-01-02T03:04:05Z');
    expect(
      ['00:05', '10:23', '12:00', '23:59'].map((time) => kitchenTime(Date.parse(`2026-01-02T${time}:00Z`))),
    ).toEqual(['12:05AM', '10:23AM', '12:00PM', '11:59PM']);
  });

  it('paths stay inside the repository', () => {
    expect([join('a/b', '../../c/./d'), join('a', '../../../x'), join('', './')]).toEqual(['c/d', 'x', '']);
  });

  it('equal contents have one text and one digest, whatever the order of their keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(digest(canonical(turned))).toBe(digest(canonical(value)));
      }),
    );
    expect(digest('a')).toMatch(/^[0-9a-f]{32}$/);
    expect(digest('a')).not.toBe(digest('b'));
  });

  it.each([
    ['team=shop', true],
    ['team==shop', true],
    ['team!=shop', false],
    ['other!=x', true],
    ['team', true],
    ['!team', false],
    ['team=shop,!other', true],
    ['', true],
  ])('the selector %j fits: %s', (selector, fits) => {
    expect(matchesSelector({ team: 'shop' }, selector)).toBe(fits);
  });

  it('fields are kept whole or in part, in lists too', () => {
    const value = { a: { b: 1, c: 2 }, d: [{ e: 1, f: 2 }], g: 3 };
    expect(project(value, ['a.b', 'd.e', 'none'])).toEqual({ a: { b: 1 }, d: [{ e: 1 }] });
    expect(project(value, ['a'])).toEqual({ a: { b: 1, c: 2 } });
  });
});
