import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type BareRepository, createBareRepository } from '../support/bare-repository.ts';
import { runCli } from '../support/program.ts';

const STAGING = `images:
  - name: shop
    newName: example/shop
    newTag: 2.0.0
  - name: example/tools
    newTag: "7"
`;
const PRODUCTION = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop}
spec:
  source:
    helm:
      values: |
        image:
          repository: docker.io/example/shop
          tag: 1.0.0 # kept
        workerImage: example/worker:1.0.0
`;

let repository: BareRepository;
beforeEach(() => {
  repository = createBareRepository({
    'envs/staging/kustomization.yaml': STAGING,
    'envs/staging/worker.yaml': 'image: {repository: example/worker, tag: 2.0.0}\n',
    'envs/production/app.yaml': PRODUCTION,
    'envs/other/values.yaml': 'image: example/shop:0.1.0\n',
  });
});
afterEach(() => repository.remove());

async function promoted(args: readonly string[] = []) {
  const sides = ['--from', 'envs/staging', '--to', 'envs/production'];
  const all = ['promote', '--format', 'json', '--config-repository', repository.path, ...sides, ...args];
  const { stdout, exitCode } = await runCli(all);
  return { ...JSON.parse(stdout), exitCode };
}

describe('promote', () => {
  it('copies what both sides use, across formats, in one commit, and touches nothing else', async () => {
    const { exitCode, outputs } = await promoted();
    expect([exitCode, outputs.changed, outputs.revision]).toEqual([0, 'true', repository.head()]);
    expect(`${repository.text('envs/production/app.yaml')}\n`).toBe(
      PRODUCTION.replace('tag: 1.0.0', 'tag: 2.0.0').replace('worker:1.0.0', 'worker:2.0.0'),
    );
    expect(repository.git('show', '--name-only', '--format=', 'main')).toBe('envs/production/app.yaml');
    expect(repository.git('log', '-1', '--format=%(trailers)', 'main')).toContain(
      'Image: docker.io/example/shop:2.0.0',
    );
  });

  it('has nothing to do the second time, and can be undone', async () => {
    await promoted();
    const again = await promoted();
    expect([again.exitCode, again.outputs.changed]).toEqual([0, 'false']);
    const { exitCode } = await runCli(['rollback', '--config-repository', repository.path]);
    expect([exitCode, `${repository.text('envs/production/app.yaml')}\n`]).toEqual([0, PRODUCTION]);
  });

  it('takes only the images that are named, and is strict about these', async () => {
    const { exitCode } = await promoted(['--images', 'example/worker']);
    expect([exitCode, repository.text('envs/production/app.yaml').includes('tag: 1.0.0')]).toEqual([0, true]);
    const unused = await promoted(['--images', 'example/tools']);
    expect([unused.exitCode, unused.error.problems[0]]).toEqual([69, expect.stringContaining('example/tools:7')]);
    const unknown = await promoted(['--images', 'example/unknown']);
    expect([unknown.exitCode, unknown.error.message]).toEqual([69, expect.stringContaining('example/unknown')]);
  });

  it('names both places where the source has two values of one image', async () => {
    repository.commit({ 'envs/staging/job.yaml': 'image: example/shop:2.1.0\n' });
    const { exitCode, error } = await promoted();
    expect([exitCode, repository.history().length]).toEqual([65, 2]);
    expect(error.problems).toEqual([
      'envs/staging/job.yaml:1 image: example/shop:2.1.0 is to be promoted, and so is example/shop:2.0.0 in envs/staging/kustomization.yaml:4',
    ]);
  });

  it('keeps the guards of a bump', async () => {
    repository.commit({ 'envs/production/app.yaml': PRODUCTION.replace('tag: 1.0.0', 'tag: 3.0.0') });
    expect((await promoted()).exitCode).toBe(65);
    expect((await promoted(['--allow-downgrade', '--dry-run'])).outputs.changed).toBe('true');
    expect((await promoted(['--allow-downgrade', '--tag-policy', 'regex:v.*'])).exitCode).toBe(65);
    expect(repository.history()).toHaveLength(2);
  });

  it('ends with 69 where nothing is to be promoted at all', async () => {
    const all = ['promote', '--format', 'json', '--config-repository', repository.path, '--to', 'envs/production'];
    const { exitCode, stdout } = await runCli([...all, '--from', 'envs/nowhere']);
    expect([exitCode, JSON.parse(stdout).error.message]).toEqual([69, expect.stringContaining('No file of from')]);
  });
});
