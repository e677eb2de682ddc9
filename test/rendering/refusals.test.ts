import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createRepository, type Repository } from '../support/rendering.ts';

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n';

let repository: Repository | undefined;
afterEach(() => repository?.remove());

/** Why each unit was not rendered, and which programs ran beyond telling their version. */
async function refusals(files: Readonly<Record<string, string>>, prepare: (path: string) => void = () => {}) {
  repository = createRepository(files);
  prepare(repository.path);
  const { rendered } = await repository.render('auto');
  const runs = repository.host.started.filter(({ args }) => args[0] !== 'version');
  const reasons = rendered.units.map(({ outcome }) => (outcome.state === 'rendered' ? 'rendered' : outcome.reason));
  return { reasons: [...reasons, ...rendered.undone.map(({ reason }) => reason)], runs };
}

describe('what never reaches kustomize', () => {
  it.each([
    ['a remote base', 'resources: ["https://git.example.com/a.git//x?ref=v1"]', 'is not in this repository'],
    [
      'an option in place of a revision',
      'resources: ["git@host.example:a/b?ref=--upload-pack=touch /tmp/x"]',
      'is not in this repository',
    ],
    ['a host without a scheme', 'resources: [github.com/acme/base]', 'is not in this repository'],
    ['a file to fetch', 'resources: [http://127.0.0.1/x.yaml]', 'is not in this repository'],
    ['data to fetch', 'configMapGenerator: [{name: a, files: ["a=http://127.0.0.1/x"]}]', 'is not in this repository'],
    ['a patch to fetch', 'patches: [{path: "http://127.0.0.1/x.yaml"}]', 'is not in this repository'],
    ['a path out of the repository', 'resources: [../../../etc]', 'leads out of the repository'],
    ['an absolute path', 'resources: [/etc/passwd]', 'leads out of the repository'],
    ['a name in another case', 'Resources: [/etc/passwd]', 'leads out of the repository'],
    ['a file that is not there', 'resources: [none.yaml]', 'does not exist'],
    [
      'a chart',
      'helmCharts: [{name: x, repo: "https://charts.example.com"}]',
      'has helmCharts, which is never enabled here',
    ],
    [
      'a plugin in the text',
      'generators: ["apiVersion: x/v1\\nkind: Exec\\nmetadata: {name: x}\\n"]',
      'has a plugin in its text',
    ],
    ['a plugin that runs a program', 'generators: [plugin.yaml]', 'uses the plugin Exec'],
    ['a plugin that reads files', 'transformers: [reader.yaml]', 'has a plugin that reads files (path)'],
  ])('%s', async (_, content, reason) => {
    const { reasons, runs } = await refusals({
      'kustomization.yaml': `${content}\n`,
      'plugin.yaml': 'apiVersion: example.com/v1\nkind: Exec\nmetadata:\n  name: x\n',
      'reader.yaml': 'apiVersion: builtin\nkind: PatchTransformer\nmetadata:\n  name: x\npath: /etc/passwd\n',
    });
    expect(reasons).toEqual([expect.stringContaining(reason)]);
    expect(runs).toEqual([]);
  });

  it('a symbolic link, and what lies below one', async () => {
    const files = {
      'a/kustomization.yaml': 'resources: [link.yaml]\n',
      'b/kustomization.yaml': 'resources: [etc/hosts]\n',
    };
    const { reasons, runs } = await refusals(files, (path) => {
      symlinkSync('/etc/hosts', join(path, 'a/link.yaml'));
      symlinkSync('/etc', join(path, 'b/etc'));
    });
    expect(reasons).toEqual(['link.yaml is a symbolic link', 'etc/hosts is a symbolic link']);
    expect(runs).toEqual([]);
  });

  it('something remote in a base, told at its line', async () => {
    const files = {
      'base/kustomization.yaml': 'resources:\n  - a.yaml\n  - https://git.example.com/a.git\n',
      'base/a.yaml': CONFIG_MAP,
      'prod/kustomization.yaml': 'resources: [../base]\n',
    };
    repository = createRepository(files);
    const { rendered } = await repository.render('kustomize');
    const [unit] = rendered.units;
    expect(rendered.units).toHaveLength(1);
    expect(unit?.outcome).toMatchObject({ state: 'refused', place: { path: 'base/kustomization.yaml', line: 3 } });
  });

  it('a loop of kustomizations is looked through once', async () => {
    repository = createRepository({
      'a/kustomization.yaml': 'resources: [../b]\n',
      'b/kustomization.yaml': 'resources: [../a]\n',
    });
    const { rendered } = await repository.render('kustomize');
    expect(rendered.units).toEqual([]);
  });
});

const CHART = 'apiVersion: v2\nname: demo\nversion: 1.0.0\n';

describe('what never reaches Helm', () => {
  it.each([
    [
      'a dependency that is not vendored',
      `${CHART}dependencies: [{name: db, version: 1.x, repository: "https://charts.example.com"}]\n`,
      'the chart db of https://charts.example.com, which chart depends on, is not vendored in its charts/',
    ],
    [
      'a local dependency out of the repository',
      `${CHART}dependencies: [{name: db, version: 1.x, repository: "file://../../../etc"}]\n`,
      'is no folder of this repository',
    ],
    [
      'a chart that depends on itself',
      `${CHART}dependencies: [{name: db, version: 1.x, repository: "file://../chart"}]\n`,
      'depends on too many charts in a row',
    ],
    ['a library', `${CHART}type: library\n`, 'is a library chart'],
  ])('%s', async (_, chart, reason) => {
    const { reasons, runs } = await refusals({ 'chart/Chart.yaml': chart });
    expect(reasons).toEqual([
      expect.stringMatching(new RegExp(`${reason.replace(/[.()]/g, '\\$&')}|helm is not on PATH`)),
    ]);
    expect(runs).toEqual([]);
  });

  it('a chart with a symbolic link in it, and one with an archive that unpacks to too much', async () => {
    const { reasons, runs } = await refusals(
      { 'a/Chart.yaml': CHART, 'b/Chart.yaml': CHART, 'b/charts/README': '' },
      (path) => {
        symlinkSync('/etc/passwd', join(path, 'a/Chart.lock'));
        writeFileSync(join(path, 'b/charts/bomb.tgz'), gzipSync(Buffer.alloc(65 << 20)));
      },
    );
    expect(reasons).toEqual([
      expect.stringMatching(/a\/Chart.lock is a symbolic link|not on PATH/),
      expect.stringMatching(/b\/charts\/bomb.tgz is no archive, or unpacks to more than 64 MiB|not on PATH/),
    ]);
    expect(runs).toEqual([]);
  });

  it.each(['-x', '--post-renderer=sh', 'UPPER', 'a b', ''])('the release name %j', async (releaseName) => {
    const release = {
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata: { name: 'X', namespace: 'web' },
    };
    const sourceRef = { kind: 'GitRepository', name: 'flux-system' };
    const spec = { releaseName, chart: { spec: { chart: './chart', sourceRef } } };
    const { reasons, runs } = await refusals({
      'chart/templates/x.txt': '',
      'chart/Chart.yaml': `${CHART}type: library\n`,
      'r.yaml': JSON.stringify({ ...release, spec }),
    });
    expect(reasons[0]).toMatch(/cannot be the name of a release|not on PATH/);
    expect(runs).toEqual([]);
  });
});
