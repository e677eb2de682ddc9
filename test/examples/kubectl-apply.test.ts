import { execFile, spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { git } from '../support/bare-repository.ts';
import { exampleText, runWorkflow, stepsOf } from '../support/example.ts';
import { type KubeServer, startKubeServer } from '../support/kube-server.ts';
import { KUBECTL_STAND_IN, kubeconfigFor } from '../support/kubectl-stand-in.ts';
import { CLI, ROOT, temporaryFolder } from '../support/program.ts';

const run = promisify(execFile);
const PATIENCE = 120_000;
const SHA = '0123456789abcdef0123456789abcdef01234567';
const QUICK = { DRAWBRIDGE_STABLE_FOR: '1s', DRAWBRIDGE_DEGRADED_GRACE: '1s', DRAWBRIDGE_TIMEOUT: '1m' };

function manifests(image: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: 1
  selector:
    matchLabels:
      app: shop
  template:
    metadata:
      labels:
        app: shop
    spec:
      containers:
        - name: shop
          image: ${image}
`;
}

let server: KubeServer;
const bin = temporaryFolder();

beforeAll(async () => {
  server = await startKubeServer();
  writeFileSync(join(bin.path, 'kubectl'), KUBECTL_STAND_IN);
  chmodSync(join(bin.path, 'kubectl'), 0o755);
});
afterAll(async () => {
  await server.close();
  bin[Symbol.dispose]();
});

async function onGithub(image: string, applies = true) {
  using temp = temporaryFolder();
  const env = { RUNNER_TEMP: temp.path, PATH: `${bin.path}:${process.env.PATH}` };
  const workflow = await runWorkflow(exampleText('kubectl-apply', 'github.yml'), {
    values: {
      github: { sha: SHA },
      runner: { temp: temp.path },
      secrets: { KUBECONFIG: kubeconfigFor(server.url, 'lab') },
    },
    env: { ...QUICK, GITHUB_SHA: SHA },
    checkout: (workspace) => {
      mkdirSync(join(workspace, 'kubernetes/manifests'), { recursive: true });
      writeFileSync(join(workspace, 'kubernetes/manifests/shop.yaml'), manifests(image));
    },
    script: (text, cwd, own) => {
      const script = applies ? text : text.replace(/^kubectl .*$/m, '');
      return run('bash', ['-e', '-c', script], { cwd, env: { ...env, ...own } });
    },
  });
  return stepsOf(workflow).map(({ command, step }) => ({ end: [command, step.exitCode], ...step }));
}

describe('kubectl-apply, for GitHub', () => {
  it('is green when what was applied is live', async () => {
    const steps = await onGithub('ghcr.io/acme/shop:1.0.0');
    expect(steps.map(({ end }) => end)).toEqual([
      ['validate', 0],
      ['wait', 0],
    ]);
    expect(steps[1]?.outputs).toMatchObject({ verdict: 'landed', revision: SHA });
    expect(server.images()).toEqual({ 'shop/shop': 'ghcr.io/acme/shop:1.0.0' });
  }, 60_000);

  it('is red when it does not start, with why', async () => {
    const [, wait] = await onGithub('ghcr.io/acme/shop:2.0.0-bad');
    expect(wait?.end).toEqual(['wait', 1]);
    expect(wait?.summary).toContain('ImagePullBackOff');
  }, 60_000);

  it('is never green when nothing was applied', async () => {
    await onGithub('ghcr.io/acme/shop:1.0.0');
    const [, wait] = await onGithub('ghcr.io/acme/shop:3.0.0', false);
    expect(wait?.end).toEqual(['wait', 4]);
    expect(wait?.outputs.verdict).toBe('blocked');
  }, 60_000);
});

const hasRsync = spawnSync('rsync', ['--version']).status === 0;
const whenRsync = hasRsync ? it : it.skip;
const PUBLISHED = /npx --yes drawbridge@[\d.]+/g;

/** The pipeline as gitlab-ci-local runs it, with the components and the program of here. */
async function onGitlab(image: string) {
  using folder = temporaryFolder();
  const { path } = folder;
  const write = (name: string, text: string) => {
    mkdirSync(join(path, name, '..'), { recursive: true });
    writeFileSync(join(path, name), text);
  };
  cpSync(join(ROOT, 'templates'), join(path, 'templates'), { recursive: true });
  for (const name of readdirSync(join(path, 'templates'))) {
    const text = readFileSync(join(path, 'templates', name), 'utf8');
    write(`templates/${name}`, text.replace(PUBLISHED, `node ${CLI}`));
  }
  const pipeline = exampleText('kubectl-apply', 'gitlab.yml');
  write(
    '.gitlab-ci.yml',
    pipeline.replaceAll(/drawbridge\/drawbridge\/(\w+)@[\d.]+/g, '$CI_PROJECT_PATH/$1@$CI_COMMIT_SHA'),
  );
  write('kubernetes/manifests/shop.yaml', manifests(image));
  git(path, ['init', '--quiet', '--initial-branch=main']);
  git(path, ['add', '--all']);
  git(path, ['commit', '--quiet', '--message=first']);
  git(path, ['remote', 'add', 'origin', 'https://gitlab.example.com/acme/platform/config.git']);
  git(path, ['update-ref', 'refs/remotes/origin/main', 'HEAD']);
  git(path, ['symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main']);
  using secrets = temporaryFolder();
  const kubeconfig = join(secrets.path, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigFor(server.url, 'acme/platform/agents:production'));
  return await runPipeline(path, { ...QUICK, GITLAB_CI: 'true', KUBECONFIG: kubeconfig });
}

function runPipeline(cwd: string, variables: Readonly<Record<string, string>>) {
  const args = [
    '--force-shell-executor',
    '--shell-isolation',
    ...Object.entries(variables).flatMap(([name, value]) => ['--variable', `${name}=${value}`]),
    '--ignore-predefined-vars=GITLAB_CI',
  ];
  const env = { PATH: `${bin.path}:${resolve('node_modules/.bin')}:${process.env.PATH}`, HOME: cwd };
  return new Promise<{ readonly code: number | null; readonly output: string }>((settle) => {
    const program = join(ROOT, 'node_modules/.bin/gitlab-ci-local');
    const child = spawn(process.execPath, [program, ...args], { cwd, env });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('close', (code) => settle({ code, output }));
  });
}

describe('kubectl-apply, for GitLab', () => {
  whenRsync(
    hasRsync ? 'is green when it is live, and red with why when not' : 'runs (skipped: rsync is not installed)',
    async () => {
      const good = await onGitlab('ghcr.io/acme/shop:4.0.0');
      expect([good.code, good.code === 0 ? '' : good.output]).toEqual([0, '']);
      expect(server.images()).toEqual({ 'shop/shop': 'ghcr.io/acme/shop:4.0.0' });
      const bad = await onGitlab('ghcr.io/acme/shop:5.0.0-bad');
      expect(bad.code).toBe(1);
      expect(bad.output).toContain('ImagePullBackOff');
    },
    PATIENCE,
  );
});
