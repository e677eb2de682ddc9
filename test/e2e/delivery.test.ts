import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { StandIn } from '../../src/demo/stand-in/server.ts';
import { type BareRepository, createBareRepository } from '../support/bare-repository.ts';
import { runCli, startCli, temporaryFolder } from '../support/program.ts';
import { QUICK, settled, startQuickArgoCd } from '../support/stand-in.ts';

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  selector:
    matchLabels: {app: shop}
  template:
    metadata:
      labels: {app: shop}
    spec:
      containers:
        - name: shop
          image: example/shop:1.0.0
`;
const PATCH = `apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec: {replicas: 3}
`;

let repository: BareRepository;
let argocd: StandIn;
beforeEach(async () => {
  repository = createBareRepository({ 'deploy/shop.yaml': DEPLOYMENT, 'notes/patch.yaml': PATCH });
  argocd = await startQuickArgoCd(repository.path, { rollout: { pullable: (image) => !image.endsWith(':bad') } });
  await settled(argocd);
});
afterEach(async () => {
  await argocd.close();
  repository.remove();
});

const place = () => ['--config-repository', repository.path, '--argocd-server', argocd.url, '--targets', 'shop'];
const env = () => ({ ARGOCD_AUTH_TOKEN: argocd.token });

async function ran(command: string, args: readonly string[]) {
  const { stdout, stderr, exitCode } = await runCli([command, '--format', 'json', ...QUICK, ...place(), ...args], {
    env: env(),
  });
  return { ...JSON.parse(stdout), stderr, exitCode };
}

const images = (tag: string) => ['--images', `example/shop:${tag}`];

describe('deliver on a real repository and the stand-in for Argo CD', () => {
  it('ends with 0 when exactly its commit is live and healthy', async () => {
    const { exitCode, outputs, targets } = await ran('deliver', images('2.0.0'));
    expect([exitCode, outputs.verdict, outputs.revision]).toEqual([0, 'landed', repository.head()]);
    expect(targets).toEqual([
      expect.objectContaining({ name: 'shop', verdict: 'landed', revision: repository.head() }),
    ]);
    expect(repository.text('deploy/shop.yaml')).toContain('example/shop:2.0.0');
  });

  it('delivers a value that is set, without any image', async () => {
    const path = 'deploy/shop.yaml#spec.template.spec.containers[name=shop].image';
    const { exitCode, outputs } = await ran('deliver', ['--set', `${path}=example/shop:2.0.0`]);
    expect([exitCode, outputs.verdict, outputs.revision]).toEqual([0, 'landed', repository.head()]);
    const failed = await ran('deliver', ['--set', `${path}=example/shop:bad`, '--on-failure', 'rollback']);
    expect([failed.exitCode, repository.history().length]).toEqual([1, 4]);
    expect(repository.text('deploy/shop.yaml')).toContain('example/shop:2.0.0');
  });

  it('ends with 0 at once, and with no new commit, when it is live already', async () => {
    await ran('deliver', images('2.0.0'));
    const again = await ran('deliver', images('2.0.0'));
    expect([again.exitCode, again.outputs.changed, repository.history().length]).toEqual([0, 'false', 2]);
  });

  it('ends with 1 and the reason when the image cannot be pulled, and leaves the commit unless asked', async () => {
    const { exitCode, targets, result } = await ran('deliver', images('bad'));
    expect([exitCode, result, repository.history().length]).toEqual([1, 'failed', 2]);
    expect(JSON.stringify(targets[0].diagnosis)).toContain('example/shop:bad');
  });

  it('undoes a failed change by a commit, waits for that too, and still ends with 1', async () => {
    const { exitCode } = await ran('deliver', [...images('bad'), '--on-failure', 'rollback']);
    expect([exitCode, repository.history().length]).toEqual([1, 3]);
    expect(`${repository.text('deploy/shop.yaml')}\n`).toBe(DEPLOYMENT);
    expect(repository.git('log', '-1', '--format=%(trailers)', 'main')).toContain(
      `Rolls-Back: ${repository.history()[1]}`,
    );
    expect(argocd.state('shop')?.health?.status).toBe('Healthy');
  });

  it('writes nothing in a dry run, and does not wait', async () => {
    const { exitCode, outputs } = await ran('deliver', [...images('2.0.0'), '--dry-run']);
    expect([exitCode, outputs.changed, repository.history().length]).toEqual([0, 'true', 1]);
  });

  it('tells errors that were there before as warnings, and goes on', async () => {
    repository.commit({
      'deploy/shop.yaml': DEPLOYMENT.replace('spec:\n  selector', 'spec:\n  replicaz: 1\n  selector'),
    });
    const { exitCode, findings } = await ran('deliver', [...images('2.0.0'), '--on-failure', 'fail']);
    expect(findings).toEqual([expect.objectContaining({ ruleId: 'schema/unknown-field', severity: 'warning' })]);
    expect(exitCode).toBe(0);
  });

  it('finds the application by itself when none is named', async () => {
    const { stdout, exitCode } = await runCli(
      [
        'deliver',
        '--format',
        'json',
        ...QUICK,
        '--config-repository',
        repository.path,
        '--argocd-server',
        argocd.url,
        ...images('2.0.0'),
      ],
      { env: env() },
    );
    expect([exitCode, JSON.parse(stdout).targets.map(({ name }: { name: string }) => name)]).toEqual([0, ['shop']]);
  });
});

describe('wait', () => {
  it('accepts a descendant of the revision, and not an older commit that is green', async () => {
    const old = repository.head();
    const wanted = repository.commit({ 'deploy/shop.yaml': DEPLOYMENT.replace('1.0.0', '1.1.0') });
    const newer = repository.commit({ 'notes/patch.yaml': PATCH.replace('3', '4') });
    const { exitCode, targets } = await ran('wait', ['--revision', wanted]);
    expect([exitCode, targets[0].verdict]).toEqual([0, 'landed']);
    expect([newer, wanted]).toContain(targets[0].revision);
    expect(targets[0].revision).not.toBe(old);
  });

  it('calls a reverted change superseded', async () => {
    const wanted = repository.commit({ 'deploy/shop.yaml': DEPLOYMENT.replace('1.0.0', '1.1.0') });
    repository.commit({ 'deploy/shop.yaml': DEPLOYMENT });
    const { exitCode, result } = await ran('wait', ['--revision', wanted]);
    expect([exitCode, result]).toEqual([3, 'superseded']);
  });

  it('names the phase that it died in at the deadline', async () => {
    const args = ['wait', '--format', 'json', ...place(), '--revision', 'f'.repeat(40), '--timeout', '2s'];
    const { stdout, exitCode } = await runCli(args, { env: env() });
    const [target] = JSON.parse(stdout).targets;
    expect([exitCode, target.verdict, target.phase]).toEqual([124, 'timedOut', 'unseen']);
  });

  it('says within seconds that nobody will sync the change', async () => {
    argocd.edit('shop', { automated: false });
    const wanted = repository.commit({ 'deploy/shop.yaml': DEPLOYMENT.replace('1.0.0', '1.1.0') });
    const { exitCode, result } = await ran('wait', ['--revision', wanted]);
    expect([exitCode, result]).toEqual([4, 'blocked']);
  });

  it('tells an application that is missing or forbidden with both readings', async () => {
    const args = [
      'wait',
      '--format',
      'json',
      ...QUICK,
      '--config-repository',
      repository.path,
      '--argocd-server',
      argocd.url,
    ];
    const { stdout, exitCode } = await runCli([...args, '--targets', 'no-such', '--revision', repository.head()], {
      env: env(),
    });
    expect(exitCode).toBe(69);
    expect(JSON.stringify(JSON.parse(stdout).targets[0].reasons)).toMatch(/does not exist|may not/);
  });

  it('ends with 77 for a token that the server does not take', async () => {
    const { stdout, exitCode } = await runCli(
      ['wait', '--format', 'json', ...QUICK, ...place(), '--revision', repository.head()],
      {
        env: { ARGOCD_AUTH_TOKEN: 'not-a-token-of-this-server' },
      },
    );
    expect([exitCode, JSON.parse(stdout).result]).toEqual([77, 'unreachable']);
  });
});

describe('rollback', () => {
  it('undoes the last bump, once', async () => {
    await runCli(['bump', ...images('2.0.0'), '--config-repository', repository.path]);
    const first = await runCli(['rollback', '--format', 'json', '--config-repository', repository.path]);
    expect([first.exitCode, JSON.parse(first.stdout).outputs.changed]).toEqual([0, 'true']);
    expect(`${repository.text('deploy/shop.yaml')}\n`).toBe(DEPLOYMENT);
    const second = await runCli(['rollback', '--format', 'json', '--config-repository', repository.path]);
    expect([second.exitCode, JSON.parse(second.stdout).outputs.changed]).toEqual([0, 'false']);
    expect(repository.history()).toHaveLength(3);
  });

  it('refuses when the value was changed since, and says by what', async () => {
    await runCli(['bump', ...images('2.0.0'), '--config-repository', repository.path]);
    repository.commit({ 'deploy/shop.yaml': DEPLOYMENT.replace('1.0.0', '3.0.0') });
    const { stdout, exitCode } = await runCli(['rollback', '--format', 'json', '--config-repository', repository.path]);
    expect(exitCode).toBe(65);
    expect(JSON.parse(stdout).error.problems.join()).toContain('3.0.0');
  });

  it('keeps what others changed around the value', async () => {
    await runCli(['bump', ...images('2.0.0'), '--config-repository', repository.path]);
    const bumped = DEPLOYMENT.replace('1.0.0', '2.0.0');
    repository.commit({ 'deploy/shop.yaml': `# a new first line\n${bumped}` });
    await runCli(['rollback', '--config-repository', repository.path]);
    expect(`${repository.text('deploy/shop.yaml')}\n`).toBe(`# a new first line\n${DEPLOYMENT}`);
  });

  it('is not fooled by a commit that only claims to be a bump', async () => {
    await runCli(['bump', ...images('2.0.0'), '--config-repository', repository.path]);
    const message = 'chore: bump\n\nImage: example/shop:9.9.9\nPrevious-Image: example/shop:1.0.0';
    repository.commit({ 'notes/patch.yaml': PATCH.replace('3', '5') }, { message });
    const { stdout } = await runCli(['rollback', '--format', 'json', '--config-repository', repository.path]);
    expect(JSON.parse(stdout).edits).toEqual([expect.objectContaining({ path: 'deploy/shop.yaml' })]);
  });
});

describe('a cancelled wait', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends within 5 s of %s with %i, says so, and leaves no temporary folder', async (signal, expected) => {
    using folder = temporaryFolder();
    const args = ['wait', ...place(), '--revision', 'f'.repeat(40), '--timeout', '60s'];
    const running = startCli(args, { env: { ...env(), TMPDIR: folder.path } });
    await running.said(/shop/);
    const started = performance.now();
    running.child.kill(signal);
    const { exitCode, stdout } = await running.ended;
    expect([exitCode, performance.now() - started < 5_000]).toEqual([expected, true]);
    expect(stdout).toContain(signal);
    expect(readdirSync(folder.path)).toEqual([]);
  });
});
