import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readCheckout } from '../../src/commands/checkout.ts';
import { lookUp } from '../../src/commands/look-up.ts';
import { validate } from '../../src/commands/validate.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import type { Outcome } from '../../src/outcome.ts';
import { createRealHost, type RealHost, temporaryFolder } from '../support/real-host.ts';

const GIT_ENV = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', PATH: process.env.PATH ?? '' };
const AUTHOR = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false'];

let folder: ReturnType<typeof temporaryFolder>;

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

function git(...args: readonly string[]): string {
  return execFileSync('git', [...AUTHOR, ...args], { cwd: folder.path, env: GIT_ENV, encoding: 'utf8' }).trim();
}

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder.path, path)), { recursive: true });
    writeFileSync(join(folder.path, path), text);
  }
}

function commit(files: Readonly<Record<string, string>>): string {
  write(files);
  git('add', '-A');
  git('commit', '-qm', 'change');
  return git('rev-parse', 'HEAD');
}

function checkout(files: Readonly<Record<string, string>>): string {
  git('init', '-q', '-b', 'trunk');
  git('remote', 'add', 'origin', 'git@git.example.com:acme/config.git');
  return commit(files);
}

function hostIn(directory = '', env: Readonly<Record<string, string>> = {}): RealHost {
  return createRealHost({ workingDirectory: resolve(folder.path, directory), env });
}

async function run(
  flags: Readonly<Record<string, readonly string[]>> = {},
  paths: readonly string[] = ['.'],
  host = hostIn(),
): Promise<Outcome> {
  const inputs = parseInputs('validate', { flags, positionals: [...paths], env: {} });
  return validate(inputs, { host });
}

const placesOf = ({ findings }: Outcome) => findings.map(({ path, line, ruleId }) => `${path}:${line} ${ruleId}`);
const config = (name: string, more = '') => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n${more}`;
const application = (path: string) =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec:\n  project: default\n  destination: {name: c}\n  source: {repoURL: "https://git.example.com/acme/config", path: ${path}}\n`;

describe('validate in a checkout', () => {
  it('knows its own URL in another spelling, and looks up what no manifest is', async () => {
    checkout({
      'argocd/a.yaml': `${application('apps/scripts')}---\n${application('apps/none')}`,
      'apps/scripts/run.sh': '',
      'kustomization.yaml': 'configMapGenerator: [{name: x, files: [apps/scripts/run.sh, apps/none.sh]}]\n',
    });
    const host = hostIn();
    expect(placesOf(await run({}, ['.'], host))).toEqual([
      'argocd/a.yaml:15 reference/argocd-path',
      'kustomization.yaml:1 reference/kustomize',
    ]);
    expect(host.started).toEqual([]);
  });

  it('takes what Git ignores for made on the way', async () => {
    checkout({
      '.gitignore': '*.env\n/generated/\n',
      'kustomization.yaml': 'resources: [generated]\nsecretGenerator: [{name: x, envs: [secret.env, absent.txt]}]\n',
      'a.yaml': config('a'),
    });
    expect((await run()).findings.map(({ message }) => message)).toEqual(['absent.txt does not exist.']);
  });

  it('finds its top from a folder below, and names paths from there', async () => {
    checkout({
      'deploy/a.yaml': `${application('deploy/apps')}---\n${application('elsewhere')}`,
      'deploy/apps/b.yaml': config('b'),
    });
    expect(placesOf(await run({}, ['.'], hostIn('deploy')))).toEqual(['a.yaml:15 reference/argocd-path']);
    const found = await readCheckout(hostIn('deploy/apps'));
    expect([found?.top, found?.repository.prefix]).toEqual([folder.path, 'deploy/apps']);
  });

  it('follows its own branch, the usual ones and those of the CI system', async () => {
    checkout({ 'a.yaml': config('a') });
    const repository = (
      await readCheckout(hostIn('', { GITHUB_BASE_REF: 'release', CI_PROJECT_URL: 'https://ci.example.com/g/p' }))
    )?.repository;
    const followed = [undefined, 'HEAD', 'trunk', 'refs/heads/trunk', 'main', 'release', 'v1.0.0', 'other'];
    expect(followed.map((revision) => repository?.isFollowed(revision))).toEqual([
      true,
      true,
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
    const urls = [
      'https://git.example.com/acme/config.git',
      'https://ci.example.com/g/p',
      'https://fork.example.com/me/config',
      'https://x.example.com/y',
    ];
    expect(urls.map((url) => repository?.isSame(url))).toEqual(['yes', 'yes', 'perhaps', 'no']);
  });

  it('reads a linked work tree', async () => {
    checkout({ 'a.yaml': config('a') });
    git('worktree', 'add', '-q', '-b', 'side', join(folder.path, 'linked'));
    const found = await readCheckout(hostIn('linked'));
    expect(found?.top).toBe(join(folder.path, 'linked'));
    expect(found?.repository.isSame('https://git.example.com/acme/config')).toBe('yes');
    expect(found?.repository.isFollowed('side')).toBe(true);
  });

  it('knows of nothing outside of a checkout', async () => {
    write({ 'a.yaml': application('none') });
    expect((await run()).findings).toEqual([]);
    expect(await readCheckout(hostIn())).toBeUndefined();
  });

  it('tells files, folders and nothing apart', async () => {
    write({ 'a/b.txt': '' });
    const known = await lookUp(hostIn(), ['a', 'a/b.txt', 'c', '../..']);
    expect(['a', 'a/b.txt', 'c', '../..', 'unasked'].map(known)).toEqual([
      'folder',
      'file',
      'missing',
      'folder',
      'unknown',
    ]);
  });
});

describe('changed-since', () => {
  const files = { 'a.yaml': config('a', 'old: 1\n'), 'b.yaml': config('b', 'old: 1\n'), 'c.yaml': config('c') };

  it('reports what commits, the working tree and new files changed', async () => {
    const base = checkout(files);
    commit({ 'b.yaml': config('b', 'new: 1\n') });
    write({ 'c.yaml': config('c', 'edited: 1\n'), 'd e.yaml': config('d', 'added: 1\n') });
    expect(placesOf(await run({ 'changed-since': [base] }))).toEqual([
      'b.yaml:4 schema/unknown-field',
      'c.yaml:4 schema/unknown-field',
      'd e.yaml:4 schema/unknown-field',
    ]);
  });

  it('counts from where the work left the other branch', async () => {
    checkout(files);
    git('checkout', '-qb', 'feature');
    commit({ 'b.yaml': config('b', 'new: 1\n') });
    git('checkout', '-q', 'trunk');
    commit({ 'a.yaml': config('a', 'newer: 1\n') });
    git('checkout', '-q', 'feature');
    expect(placesOf(await run({ 'changed-since': ['trunk'] }))).toEqual(['b.yaml:4 schema/unknown-field']);
  });

  it('is fine where nothing is affected', async () => {
    const base = checkout(files);
    expect(await run({ 'changed-since': [base] })).toMatchObject({ result: 'ok', outputs: { documents: '0' } });
  });

  it('sees the working directory from below, and what was deleted', async () => {
    const base = checkout({
      'deploy/kustomization.yaml': 'resources: [x.yaml]\n',
      'deploy/x.yaml': config('x'),
      'a.yaml': config('a'),
    });
    rmSync(join(folder.path, 'deploy/x.yaml'));
    expect(placesOf(await run({ 'changed-since': [base] }, ['.'], hostIn('deploy')))).toEqual([
      'kustomization.yaml:1 reference/kustomize',
    ]);
  });

  it('counts a file that is wrong because of what changed elsewhere', async () => {
    const base = checkout({ 'argocd/a.yaml': application('apps'), 'apps/x.sh': '', 'apps/b.yaml': config('b') });
    rmSync(join(folder.path, 'apps'), { recursive: true });
    const outcome = await run({ 'changed-since': [base] });
    expect(placesOf(outcome)).toEqual(['argocd/a.yaml:7 reference/argocd-path']);
    expect(outcome.headline).toMatch(/^0 objects in 1 file checked against Kubernetes [\d.]+: 1 error, 0 warnings$/);
  });

  it('runs git with fixed arguments, and nothing that the checkout names', async () => {
    const base = checkout(files);
    git('config', 'core.fsmonitor', 'touch monitored');
    git('config', 'diff.external', 'touch compared');
    git('config', 'alias.diff', '!touch aliased');
    write({ 'a.yaml': config('a') });
    const host = hostIn('', { GIT_DIR: '/nowhere', GIT_EXTERNAL_DIFF: 'touch external' });
    expect((await run({ 'changed-since': [base] }, ['.'], host)).result).toBe('ok');
    expect(readdirSync(folder.path).sort()).toEqual(['.git', 'a.yaml', 'b.yaml', 'c.yaml']);
    expect(host.started.every(({ program, env }) => program === 'git' && env.GIT_DIR === undefined)).toBe(true);
  });

  it.each([
    ['a revision that does not exist', 'none', 'input'],
    ['what looks like an option', '--output=x', 'input'],
  ])('refuses %s', async (_title, revision, code) => {
    checkout(files);
    await expect(run({ 'changed-since': [revision] })).rejects.toMatchObject({ code });
  });

  it('refuses a folder without Git, and histories that never meet', async () => {
    write(files);
    await expect(run({ 'changed-since': ['main'] })).rejects.toMatchObject({ code: 'input' });
    const base = checkout(files);
    git('checkout', '-q', '--orphan', 'other');
    commit({ 'z.yaml': config('z') });
    await expect(run({ 'changed-since': [base] })).rejects.toMatchObject({
      code: 'data',
      hint: expect.stringContaining('fetch-depth'),
    });
  });
});

describe('documents that are not checked', () => {
  it('are told by every reason', async () => {
    const secret = 'apiVersion: ENC[x]\nkind: ENC[x]\nsops: {mac: x}\n';
    write({
      'a.yaml': `---\n---\n# c\n---\n${config('a')}---\n# d\n---\n`,
      'b.yaml': '---\n# a\n---\n',
      'c/Chart.yaml': 'name: c\n',
      'c/values.yaml': 'a: 1\n',
      'c/templates/x.yaml': '{{ a }}\n',
      '.github/workflows/x.yaml': 'on: push\n',
      'kustomization.yaml': 'patches: [{path: p.yaml}]\n',
      'p.yaml': config('a'),
      'e.yaml': secret,
      'f.yaml': 'x: {{ a }}\n',
      'g.yaml': 'x: 1\n',
      'h.yaml': 'apiVersion: kind.x-k8s.io/v1alpha4\nkind: Cluster\n',
    });
    const { headline, notes, outputs } = await run({}, ['.', 'a.yaml']);
    expect(headline).toMatch(/^1 object in 12 files/);
    const reasons = notes.map((note) => /^1 skipped: (.*)$/.exec(note)?.[1]);
    expect(reasons).toEqual(expect.arrayContaining(['empty', 'encrypted with SOPS', 'template', 'tool configuration']));
    expect([reasons.length, new Set(reasons).size, outputs?.skipped]).toEqual([11, 11, '11']);
  });
});

describe('what is left out', () => {
  it('is what .drawbridge.yaml says, and is told', async () => {
    write({ 'a.yaml': config('a', 'x: 1\n'), '.drawbridge.yaml': 'ignore:\n  - rule: schema\n    name: a\n' });
    const outcome = await run();
    expect(outcome.findings).toEqual([]);
    expect(outcome.notes).toContain('1 finding suppressed: 1 by the configuration');
  });

  it('is refused with its name where the file is wrong', async () => {
    write({ 'a.yaml': config('a'), '.drawbridge.yaml': 'ignroe: []\n' });
    await expect(run()).rejects.toMatchObject({ code: 'input', problems: ['.drawbridge.yaml:1: ignroe is not known'] });
  });

  it('is a baseline that was written before', async () => {
    write({ 'a.yaml': config('a', 'x: 1\n') });
    const written = await run({ 'write-baseline': ['known.json'] });
    expect(written).toMatchObject({ result: 'ok', findings: [] });
    expect(written.notes).toContain('known.json holds one finding as a baseline');
    expect(JSON.parse(readFileSync(join(folder.path, 'known.json'), 'utf8')).findings).toHaveLength(1);
    write({ 'a.yaml': config('a', 'z: 1\nx: 1\n') });
    const outcome = await run({ baseline: ['known.json'] });
    expect(placesOf(outcome)).toEqual(['a.yaml:4 schema/unknown-field']);
    expect(outcome).toMatchObject({
      exitCode: 1,
      notes: expect.arrayContaining(['1 finding suppressed: 1 by the baseline']),
    });
  });

  it('is never written in a dry run, and missed where it is absent', async () => {
    write({ 'a.yaml': config('a', 'x: 1\n') });
    expect(await run({ 'write-baseline': ['known.json'], 'dry-run': ['true'] })).toMatchObject({ result: 'failed' });
    await expect(run({ baseline: ['known.json'] })).rejects.toMatchObject({ code: 'missing' });
  });

  it('is not what is switched on', async () => {
    write({ 'p.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: a}]}\n' });
    expect((await run()).findings).toEqual([]);
    expect(placesOf(await run({ 'enable-rules': ['practice/image-tag'] }))).toEqual(['p.yaml:4 practice/image-tag']);
  });
});

describe('what cannot be used', () => {
  const missing = { code: 'missing' };

  it('is told at once, whatever found it out', async () => {
    write({ '.drawbridge.yaml': 'ignore: 5\n', 'schemas/a.json': '{}' });
    const flags = {
      'kubernetes-version': ['1.3'],
      'disable-rules': ['schema/typ', 'schema', 'schema/*', 'api/removed'],
      'enable-rules': ['foo'],
      'schema-locations': ['absent/{{.Kind}}.json', 'schemas/'],
      crds: ['nocrd'],
      policies: ['nopolicy'],
      baseline: ['nobase.json'],
      'changed-since': ['main'],
    };
    await expect(run(flags, ['gone', 'a*.yaml'])).rejects.toMatchObject({
      code: 'input',
      problems: [
        'kubernetes-version: 1.3 is not bundled',
        'disable-rules: schema/typ is no rule and no group of rules. Did you mean schema/type?',
        'enable-rules: foo is no rule and no group of rules. The rules are listed in docs/rules.',
        'schema-locations: absent does not exist',
        'gone: no such file or folder',
        'a*.yaml: no such file or folder',
        'crds: nocrd: no such file or folder',
        'policies: nopolicy: no such file or folder',
        `changed-since: ${folder.path} is in no Git checkout.`,
        'baseline: nobase.json does not exist.',
        '.drawbridge.yaml:1: ignore must be a list',
      ],
    });
  });

  it('is missing where nothing else is wrong, and told as ever where it is alone', async () => {
    write({ 'a.yaml': config('a') });
    await expect(run({ baseline: ['b.json'] }, ['gone'])).rejects.toMatchObject({
      ...missing,
      hint: 'Give files, folders or globs; put globs in quotes. Write it first with write-baseline.',
      problems: ['gone: no such file or folder', 'baseline: b.json does not exist.'],
    });
    write({ '.drawbridge.yaml': 'ignroe: []\n' });
    await expect(run({}, ['gone'])).rejects.toMatchObject({
      code: 'input',
      problems: [expect.anything(), expect.anything()],
    });
    write({ '.drawbridge.yaml': '' });
    await expect(run({}, ['gone'])).rejects.toThrow(`gone does not exist, seen from ${folder.path}.`);
    await expect(run({ baseline: ['b.json'] })).rejects.toThrow('baseline: b.json does not exist.');
  });

  it.each<[string, string]>([
    ['absent', 'absent does not exist'],
    ['absent/{{.Kind}}.json', 'absent does not exist'],
    ['schemas/deep/x-{{.Kind}}.json', 'schemas/deep does not exist'],
    ['schemas/b.json', 'schemas/b.json does not exist'],
    ['a.yaml', 'a.yaml is no folder'],
  ])('is a schema location that is not there: %s', async (location, problem) => {
    write({ 'a.yaml': config('a'), 'schemas/a.json': '{}' });
    const refused = expect(run({ 'schema-locations': [location] })).rejects;
    await refused.toMatchObject({ ...missing, problems: [`schema-locations: ${problem}`] });
  });

  it.each(['schemas', 'schemas/', 'schemas/{{.Kind}}.json', '{{.Kind}}.json', 'schemas/a.json', 'default'])(
    'is not a schema location that is there: %s',
    async (location) => {
      write({ 'a.yaml': config('a'), 'schemas/a.json': '{}' });
      expect((await run({ 'schema-locations': [location] }, ['a.yaml'])).exitCode).toBe(0);
    },
  );

  it.each(['ftp://example.com/schemas', 'file:///schemas', 'git+https://example.com/x'])(
    'is a schema location that nobody can read: %s',
    async (location) => {
      write({ 'a.yaml': config('a') });
      await expect(run({ 'schema-locations': [location] })).rejects.toMatchObject({
        code: 'input',
        problems: [`schema-locations: ${location} is neither a URL with https nor the path of a folder`],
      });
    },
  );

  it('is told with the other inputs where it is no version at all', async () => {
    await expect(run({ 'kubernetes-version': ['abc,1.34'], 'missing-schema': ['z'] })).rejects.toMatchObject({
      problems: [
        expect.stringContaining('"abc" is no version of Kubernetes, such as 1.34'),
        expect.stringContaining('"z" is not one of'),
      ],
    });
  });
});
