import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ConfigRepository, createConfigRepository } from '../../src/demo/config-repository.ts';
import { imagesOf } from '../../src/demo/stand-in/manifests.ts';
import { readSource } from '../../src/demo/stand-in/source.ts';
import { initialState } from '../../src/demo/stand-in/state.ts';
import { ToolError } from '../../src/errors.ts';
import { git } from '../support/bare-repository.ts';
import { createRealHost, temporaryFolder } from '../support/real-host.ts';

describe('the config repository of the demo', () => {
  const host = createRealHost();
  let folder: ReturnType<typeof temporaryFolder>;
  let repository: ConfigRepository;
  beforeEach(async () => {
    folder = temporaryFolder();
    repository = await createConfigRepository(host, folder.path);
  });
  afterEach(() => folder.remove());

  it('is a sound bare repository with one commit on main, by a fixed author at the time of the clock', async () => {
    expect(git(repository.path, ['fsck', '--strict'])).toBe('');
    expect(git(repository.path, ['rev-parse', '--is-bare-repository'])).toBe('true');
    expect(git(repository.path, ['symbolic-ref', 'HEAD'])).toBe('refs/heads/main');
    expect(git(repository.path, ['log', '--format=%an <%ae> %at %ct'])).toBe(
      'Drawbridge Demo <demo@localhost> 1700000000 1700000000',
    );
    expect(await repository.tip()).toBe(git(repository.path, ['rev-parse', 'HEAD']));
    expect(await repository.log()).toEqual([`${(await repository.tip()).slice(0, 7)} First version of the manifests`]);
  });

  it('is the same every time', async () => {
    const other = temporaryFolder();
    expect(await (await createConfigRepository(host, other.path)).tip()).toBe(await repository.tip());
    other.remove();
  });

  it('holds the classic first example, with comments that an edit must keep', () => {
    const files = git(repository.path, ['ls-tree', '-r', '--name-only', 'main']).split('\n');
    expect(files).toEqual([
      'README.md',
      'kubernetes/kustomization.yaml',
      'kubernetes/manifests/deployment.yaml',
      'kubernetes/manifests/service.yaml',
      'overlays/production/kustomization.yaml',
    ]);
    const deployment = git(repository.path, ['show', 'main:kubernetes/manifests/deployment.yaml']);
    expect(deployment).toMatch(/image: my-app:latest # the pipeline writes here$/m);
  });

  it.each([
    ['kubernetes/manifests', 'Directory', 'my-app', 'my-app:latest'],
    ['kubernetes', 'Kustomize', 'my-app', 'my-app:latest'],
    ['overlays/production', 'Kustomize', 'production', 'my-app:1.0.0'],
  ])('is read by the stand-in at %s', async (path, sourceType, namespace, image) => {
    const { application } = initialState({ name: 'my-app', path }, repository.url, {}, 0);
    const reading = await readSource(host, repository.path, application, repository.branch);
    if (!reading.ok) throw new Error(reading.problem);
    expect(reading.sourceType).toBe(sourceType);
    expect(
      reading.manifests.map((manifest) => [manifest.kind, manifest.namespace, imagesOf(manifest.content)]),
    ).toEqual([
      ['Deployment', namespace, [image]],
      ['Service', namespace, []],
    ]);
  });

  it('can be cloned by its URL and by itself, and a push moves it', async () => {
    const clones = temporaryFolder();
    git(clones.path, ['clone', '--quiet', repository.url, 'by-url']);
    const copy = await repository.clone(`${clones.path}/copy`);
    const pushed = await copy.push('Change the README', {
      'README.md': 'short\n',
      'kubernetes/manifests/service.yaml': undefined,
    });
    expect(await repository.tip()).toBe(pushed);
    expect(await repository.log()).toEqual([
      expect.stringMatching(/ Change the README$/),
      expect.stringMatching(/ First/),
    ]);
    expect(git(repository.path, ['ls-tree', '-r', '--name-only', 'main'])).not.toContain('service.yaml');
    clones.remove();
  });

  it('says so when there is no git', async () => {
    const without = createRealHost({ env: { PATH: '/nonexistent' } });
    const attempt = createConfigRepository(without, folder.path);
    await expect(attempt).rejects.toThrow(ToolError);
    await expect(attempt).rejects.toMatchObject({ code: 'missing' });
  });
});
