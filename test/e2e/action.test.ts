import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import type { StandIn } from '../../src/demo/stand-in/server.ts';
import { runStep } from '../support/action-step.ts';
import { type BareRepository, createBareRepository } from '../support/bare-repository.ts';
import { ROOT } from '../support/program.ts';
import { settled, startQuickArgoCd } from '../support/stand-in.ts';

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n';
const BAD = `${CONFIG_MAP}dta: {}\n`;
const DECLARED = Object.keys(parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')).outputs);

describe('the Action, started as the runner starts it', () => {
  it('checks the workspace, and annotates the line of a mistake', async () => {
    const step = await runStep({
      with: { command: 'validate', paths: 'manifests' },
      files: { 'manifests/bad.yaml': BAD },
    });
    expect(step.exitCode).toBe(1);
    expect(step.outputs).toMatchObject({ result: 'failed', errors: '1', warnings: '0', documents: '1' });
    expect(step.commands.filter(({ name }) => name === 'error')).toEqual([
      expect.objectContaining({
        properties: expect.objectContaining({ file: 'manifests/bad.yaml', line: '5', col: '1' }),
      }),
    ]);
    expect(step.summary).toContain('manifests/bad.yaml');
  });

  it('declares every output that it sets', async () => {
    const step = await runStep({ with: { command: 'validate', paths: '.' }, files: { 'a.yaml': CONFIG_MAP } });
    expect(step.exitCode).toBe(0);
    expect(DECLARED).toEqual(expect.arrayContaining(Object.keys(step.outputs)));
  });

  it('takes annotations from the working directory to the root of the repository', async () => {
    const step = await runStep({
      with: { command: 'validate', paths: 'bad.yaml', 'working-directory': 'config' },
      files: { 'config/bad.yaml': BAD },
    });
    expect(step.commands.find(({ name }) => name === 'error')?.properties.file).toBe('config/bad.yaml');
  });

  it('names every wrong input at once, in the log and in the summary', async () => {
    const step = await runStep({ with: { command: 'deliver', engine: 'argocd', timeout: 'soon', sync: 'maybe' } });
    expect([step.exitCode, step.outputs.result]).toEqual([64, 'error']);
    for (const part of ['timeout', 'sync', 'images is missing', 'argocd-server is missing']) {
      expect(step.summary).toContain(part);
      expect(step.stdout).toContain(part);
    }
  });

  it('says so when the command is none', async () => {
    const step = await runStep({ with: { command: 'deplyo' } });
    expect(step.exitCode).toBe(64);
    expect(step.commands).toEqual([
      expect.objectContaining({ name: 'error', data: expect.stringContaining('deplyo') }),
    ]);
  });

  it('lets no foreign text become a command, by either grammar', async () => {
    const hostile = '##[add-mask]1 %0A::set-output name=x::y';
    const files = {
      'a.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: "${hostile}"\n"::error::${hostile}": {}\n`,
      'b ##[error]x.yaml': BAD,
    };
    const step = await runStep({ with: { command: 'validate', paths: '.' }, files });
    const names = [...new Set(step.commands.map(({ name }) => name))];
    expect(
      names.filter((name) => !['error', 'warning', 'notice', 'group', 'endgroup', 'debug'].includes(name)),
    ).toEqual([]);
    expect(step.commands.every(({ grammar }) => grammar === '::')).toBe(true);
    expect(Object.keys(step.outputs)).not.toContain('x');
  });

  it('refuses to use a token for an event that a stranger can cause', async () => {
    const step = await runStep({
      with: {
        command: 'bump',
        images: 'example/shop:2.0.0',
        'config-repository': '/nowhere',
        token: 'canary-token-0123456789',
      },
      env: { GITHUB_EVENT_NAME: 'pull_request_target' },
    });
    expect([step.exitCode, step.stdout.includes('pull_request_target')]).toEqual([77, true]);
  });
});

describe('the Action delivers', () => {
  let repository: BareRepository;
  let argocd: StandIn;
  beforeEach(async () => {
    const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec: {containers: [{name: shop, image: "example/shop:1.0.0"}]}
`;
    repository = createBareRepository({ 'deploy/shop.yaml': deployment });
    argocd = await startQuickArgoCd(repository.path, { rollout: { pullable: (image) => !image.endsWith(':bad') } });
    await settled(argocd);
  });
  afterEach(async () => {
    await argocd.close();
    repository.remove();
  });

  const step = (images: string) =>
    runStep({
      with: {
        command: 'deliver',
        images,
        'config-repository': repository.path,
        'argocd-server': argocd.url,
        'argocd-token': argocd.token,
        targets: 'shop',
        'stable-for': '1s',
        'degraded-grace': '1s',
      },
    });

  it('with the revision as output and a summary that shows the rollout', async () => {
    const { exitCode, outputs, summary, commands } = await step('example/shop:2.0.0');
    expect([exitCode, outputs.verdict, outputs.revision]).toEqual([0, 'landed', repository.head()]);
    expect(summary).toContain('```mermaid');
    expect(summary).toContain('example/shop:2.0.0');
    expect(commands.some(({ name }) => name === 'group')).toBe(true);
    expect(commands.some(({ name, data }) => name === 'add-mask' && data === argocd.token)).toBe(true);
    expect(DECLARED).toEqual(expect.arrayContaining(Object.keys(outputs)));
  });

  it('and fails with the reason when the image cannot be pulled', async () => {
    const { exitCode, outputs, summary } = await step('example/shop:bad');
    expect([exitCode, outputs.result]).toEqual([1, 'failed']);
    expect(summary).toContain('example/shop:bad');
    expect(summary).not.toContain(argocd.token);
  });
});
