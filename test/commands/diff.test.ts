import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { diff } from '../../src/commands/diff.ts';
import type { Outcome } from '../../src/outcome.ts';
import { git } from '../support/bare-repository.ts';
import { createRepository, itWith, needs, type Repository } from '../support/rendering.ts';

let repository: Repository | undefined;
afterEach(() => repository?.remove());

const INPUTS = { paths: [], ignore: [], render: [], format: 'text', dryRun: false } as const;

function run(more: {
  readonly base: string;
  readonly head?: string;
  readonly paths?: readonly string[];
}): Promise<Outcome> {
  if (repository === undefined) throw new Error('no repository');
  const inputs = { ...INPUTS, ...more } as unknown as Parameters<typeof diff>[0];
  return diff(inputs, { host: repository.host });
}

const map = (name: string, value: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  a: ${value}\n`;
const changes = ({ differences = [] }: Outcome) =>
  differences.map(({ change, unit, resource }) => `${change} ${resource.name}${unit === '' ? '' : ` of ${unit}`}`);

describe('the difference between two revisions', () => {
  it('is told object by object, of revisions and of the working tree, which stays as it is', async () => {
    repository = createRepository({ 'a.yaml': map('a', 'one'), 'b.yaml': map('b', 'one') });
    const first = repository.commit();
    repository.write({ 'a.yaml': map('a', 'two') });
    const second = repository.commit();
    git(repository.path, ['rm', '--quiet', 'b.yaml']);
    repository.write({ 'c.yaml': map('c', 'one') });
    const before = git(repository.path, ['status', '--porcelain']);
    expect(changes(await run({ base: first, head: second }))).toEqual(['changed a']);
    expect(changes(await run({ base: second }))).toEqual(['removed b', 'added c']);
    expect(git(repository.path, ['status', '--porcelain'])).toBe(before);
    expect(repository.host.leftOver()).toEqual([]);
  });

  it('has the objects as a list in its outputs, and a sentence for people', async () => {
    repository = createRepository({ 'a.yaml': map('a', 'one') });
    const base = repository.commit();
    repository.write({ 'a.yaml': map('a', 'two') });
    const { outputs, headline, exitCode } = await run({ base });
    expect(exitCode).toBe(0);
    expect(JSON.parse(outputs.objects ?? '')).toEqual([
      { change: 'changed', unit: '', apiVersion: 'v1', kind: 'ConfigMap', name: 'a' },
    ]);
    expect([outputs.differences, headline]).toEqual([
      '1',
      `1 object differs between ${base} and the working tree: 0 added, 0 removed, 1 changed`,
    ]);
  });

  it('never runs what the repository configures', async () => {
    repository = createRepository({ 'a.yaml': map('a', 'one'), '.gitattributes': '*.yaml filter=evil\n' });
    const base = repository.commit();
    git(repository.path, ['config', 'filter.evil.smudge', 'touch smudged']);
    git(repository.path, ['config', 'core.fsmonitor', 'touch monitored']);
    expect(changes(await run({ base }))).toEqual([]);
    expect(readdirSync(repository.path).sort()).toEqual(['.git', '.gitattributes', 'a.yaml']);
  });

  it.each([['none'], ['--help'], ['HEAD:a.yaml']])('refuses the revision %s', async (base) => {
    repository = createRepository({ 'a.yaml': map('a', 'one') });
    repository.commit();
    await expect(run({ base })).rejects.toMatchObject({
      code: 'input',
      message: expect.stringContaining(`base: ${base} is no revision`),
    });
  });

  it('refuses a path that neither revision has', async () => {
    repository = createRepository({ 'a.yaml': map('a', 'one') });
    const base = repository.commit();
    await expect(run({ base, paths: ['none/'] })).rejects.toMatchObject({ code: 'missing' });
  });

  it('takes a path that only one of them has for empty on the other side', async () => {
    repository = createRepository({ 'a.yaml': map('a', 'one') });
    const base = repository.commit();
    repository.write({ 'new/b.yaml': map('b', 'one') });
    expect(changes(await run({ base, paths: ['new'] }))).toEqual(['added b']);
  });

  itWith('kustomize')(`${needs('kustomize')}shows what a change of a base does to every overlay`, async () => {
    const overlay = (name: string) => ({
      [`${name}/kustomization.yaml`]: `resources: [../base]\nnamePrefix: ${name}-\n`,
    });
    repository = createRepository({
      'base/kustomization.yaml': 'resources: [a.yaml]\nconfigMapGenerator: [{ name: g, literals: [x=1] }]\n',
      'base/a.yaml': map('a', 'one'),
      ...overlay('prod'),
      ...overlay('test'),
    });
    const base = repository.commit();
    repository.write({
      'base/a.yaml': map('a', 'two'),
      'base/kustomization.yaml': 'resources: [a.yaml]\nconfigMapGenerator: [{ name: g, literals: [x=2] }]\n',
    });
    const found = changes(await run({ base })).map((text) => text.replace(/-g-\w+/, '-g'));
    expect(found).toEqual([
      'changed prod-a of kustomization prod',
      'changed prod-g of kustomization prod',
      'changed test-a of kustomization test',
      'changed test-g of kustomization test',
    ]);
  });
});
