import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type BareRepository, createBareRepository } from '../support/bare-repository.ts';
import { runCli } from '../support/program.ts';

const RELEASE = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: shop}
spec:
  chart:
    spec: {chart: shop, version: 1.0.0} # the chart
  values:
    image: {repository: example/shop, tag: 1.0.0}
`;
const KUSTOMIZATION = 'resources:\n- release.yaml\n# the last word\n';

let repository: BareRepository;
beforeEach(() => {
  repository = createBareRepository({
    'apps/release.yaml': RELEASE,
    'apps/kustomization.yaml': KUSTOMIZATION,
    'notes.json': '{"version": "1.0.0"}',
  });
});
afterEach(() => repository.remove());

async function ran(command: string, args: readonly string[]) {
  const all = [command, '--format', 'json', '--config-repository', repository.path, ...args];
  const { stdout, exitCode } = await runCli(all);
  return { ...JSON.parse(stdout), exitCode };
}

const CHART = ['--set', 'apps/release.yaml#spec.chart.spec.version=1.1.0'];

describe('bump with set', () => {
  it('writes the value at the place and no other byte, without any image', async () => {
    const { exitCode, outputs, edits } = await ran('bump', [...CHART, '--set', 'notes.json#version=1.10']);
    expect([exitCode, outputs.revision]).toEqual([0, repository.head()]);
    expect(`${repository.text('apps/release.yaml')}\n`).toBe(RELEASE.replace('version: 1.0.0', 'version: 1.1.0'));
    expect(repository.text('notes.json')).toBe('{"version": "1.10"}');
    expect(edits[0]).toMatchObject({ place: 'spec.chart.spec.version', before: '1.0.0', after: '1.1.0', image: null });
    expect(repository.git('log', '-1', '--format=%(trailers)', 'main')).toContain(
      'Set: apps/release.yaml#spec.chart.spec.version=1.1.0\nSet: notes.json#version=1.10',
    );
  });

  it('does nothing the second time', async () => {
    await ran('bump', CHART);
    const { exitCode, outputs } = await ran('bump', CHART);
    expect([exitCode, outputs.changed, repository.history().length]).toEqual([0, 'false', 2]);
  });

  it('makes one commit with images, also in files that files leaves out for images', async () => {
    const images = ['--images', 'example/shop:2.0.0', '--files', 'apps/**'];
    const { exitCode, edits } = await ran('bump', [...images, '--set', 'notes.json#version=2.0.0']);
    expect([exitCode, edits.length, repository.history().length]).toEqual([0, 2, 2]);
    expect(repository.git('show', '--stat', '--format=', 'main')).toContain('2 files changed');
  });

  it('can be undone byte for byte', async () => {
    const { outputs } = await ran('bump', [...CHART, '--images', 'example/shop:2.0.0']);
    const { exitCode } = await ran('rollback', ['--commit', outputs.revision]);
    expect([exitCode, `${repository.text('apps/release.yaml')}\n`]).toEqual([0, RELEASE]);
  });

  it('ends with 69 where the file or path is not there, and names all of it at once', async () => {
    const wrong = ['--set', 'gone.yaml#a=1', '--set', 'apps/release.yaml#spec.chart.spec.versoin=1'];
    const { exitCode, error } = await ran('bump', [...wrong, ...CHART]);
    expect([exitCode, error.problems.length, repository.history().length]).toEqual([69, 2, 1]);
    expect(error.problems[0]).toContain('the nearest keys there are version');
  });

  it('ends with 65 where it is not clear or not safe, and tells the missing images too', async () => {
    const args = ['--set', 'apps/release.yaml#spec.chart=1', '--images', 'example/other:1'];
    const { exitCode, error } = await ran('bump', args);
    expect([exitCode, error.problems.length]).toEqual([65, 2]);
    expect(error.problems.join()).toContain('example/other:1 is used nowhere');
  });

  it('ends with 64 for what is no path, and without anything to write', async () => {
    const { exitCode, error } = await ran('bump', ['--set', 'a.yaml', '--set', '#a=1', '--set', 'a.yaml#b[=1']);
    expect([exitCode, error.problems.length]).toEqual([64, 3]);
    const nothing = await ran('bump', []);
    expect([nothing.exitCode, nothing.error.problems[0]]).toEqual([64, expect.stringContaining('images is missing')]);
  });

  it('makes a missing key, and an entry for an image that is used nowhere, only when asked', async () => {
    const args = ['--images', 'example/new:1', '--set', 'apps/release.yaml#spec.values.image.digest=x'];
    const refused = await ran('bump', args);
    expect([refused.exitCode, repository.history().length]).toEqual([69, 1]);
    const { exitCode } = await ran('bump', [...args, '--create-missing']);
    expect(exitCode).toBe(0);
    expect(repository.text('apps/kustomization.yaml')).toBe(
      `${KUSTOMIZATION}images:\n- name: example/new\n  newTag: "1"`,
    );
    expect(repository.text('apps/release.yaml')).toContain('tag: 1.0.0, digest: x}');
    await ran('rollback', ['--commit', repository.head()]);
    expect(repository.git('diff', '--stat', 'main~2', 'main')).toBe('');
  });
});

describe('tag-policy', () => {
  it('keeps a tag out that the range does not hold, with 65 and the sentence', async () => {
    const { exitCode, error } = await ran('bump', ['--images', 'example/shop:2.0.0-rc.1', '--tag-policy', '>=2 <3']);
    expect([exitCode, repository.history().length]).toEqual([65, 1]);
    expect(error.problems).toEqual([
      'example/shop:2.0.0-rc.1 is the pre-release rc.1 of a version in >=2 <3, which names no such pre-release',
    ]);
  });

  it('lets others through, judges each image by its own, and names what it cannot read', async () => {
    const policies = ['--tag-policy', 'example/shop=^2', '--tag-policy', 'example/other=regex:never'];
    expect((await ran('bump', ['--images', 'example/shop:2.1.0', ...policies])).exitCode).toBe(0);
    const wrong = await ran('bump', [
      '--images',
      'example/shop:2.1.0',
      '--tag-policy',
      'regex:(',
      '--tag-policy',
      'soon',
    ]);
    expect([wrong.exitCode, wrong.error.problems.length]).toEqual([64, 2]);
  });
});
