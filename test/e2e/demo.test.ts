import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { git } from '../support/bare-repository.ts';
import { violations } from '../support/json-schema.ts';
import { ROOT, runCli } from '../support/program.ts';

describe('the demo', () => {
  it('plays its three acts with real commits, shows them, and leaves nothing behind', async () => {
    const { stdout, stderr, exitCode } = await runCli(['demo']);
    expect([exitCode, stdout.split('\n')[0]]).toEqual([0, expect.stringContaining('went as told')]);
    for (const act of ['Act 1  A good change lands', 'Act 2  A mistake is stopped', 'Act 3  A bad image'])
      expect(stderr).toContain(act);
    expect(stderr).toMatch(/kubernetes\/manifests\/deployment\.yaml:9:13 error .*\[schema\/type\]/);
    expect(stderr).toMatch(/Rolled back by commit [0-9a-f]{12}: [0-9a-f]{12} is live and healthy/);
    expect(stderr.match(/^ {4}[0-9a-f]{7} /gm)).toHaveLength(4);
    const [, folder = ''] = /(\/\S*drawbridge-demo-\w+)\//.exec(stderr) ?? [];
    expect([folder !== '', existsSync(folder)]).toEqual([true, false]);
  }, 60_000);

  it('plays the same with Flux, and explains the image that cannot be pulled', async () => {
    const { stdout, stderr, exitCode } = await runCli(['demo', '--engine', 'flux']);
    expect([exitCode, stdout.split('\n')[0]]).toEqual([0, expect.stringContaining('went as told')]);
    expect(stderr).toContain('Flux and the cluster are a stand-in on 127.0.0.1');
    expect(stderr).toMatch(/[0-9a-f]{12} is live and healthy on Kustomization\/flux-system\/my-app/);
    expect(stderr).toMatch(/Pod my-app-\S+: Failed: Failed to pull image "my-app:2\.0\.0"/);
    expect(stderr).toMatch(/Rolled back by commit [0-9a-f]{12}: [0-9a-f]{12} is live and healthy/);
    expect(stderr.match(/^ {4}[0-9a-f]{7} /gm)).toHaveLength(4);
    const [, folder = ''] = /(\/\S*drawbridge-demo-\w+)\//.exec(stderr) ?? [];
    expect([folder !== '', existsSync(folder)]).toEqual([true, false]);
  }, 60_000);

  it('has no stand-in for an engine that delivers to no cluster', async () => {
    const { stderr, stdout, exitCode } = await runCli(['demo', '--engine', 'commit-status']);
    expect(exitCode).toBe(64);
    expect(stdout + stderr).toContain('demo has no stand-in for engine commit-status');
  });

  it('gives the standard JSON document, and keeps the repository when asked', async () => {
    const { stdout, exitCode } = await runCli(['demo', '--keep', '--format', 'json', '--log-level', 'error']);
    const document = JSON.parse(stdout);
    const repository = document.outputs.repository;
    try {
      expect(violations(JSON.parse(readFileSync(join(ROOT, 'docs', 'outcome.schema.json'), 'utf8')), document)).toEqual(
        [],
      );
      expect([exitCode, document.command, document.result]).toEqual([0, 'demo', 'ok']);
      expect(document.targets.map(({ verdict }: { verdict: string }) => verdict)).toEqual(['landed', 'failed']);
      expect(git(repository, ['log', '--format=%s', 'main']).split('\n')).toEqual([
        expect.stringMatching(/^revert: /),
        expect.stringContaining('my-app to 2.0.0'),
        expect.stringContaining('my-app to 1.1.0'),
        'First version of the manifests',
      ]);
    } finally {
      rmSync(dirname(repository), { recursive: true, force: true });
    }
  }, 60_000);
});
