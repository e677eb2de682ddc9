import { generateKeyPairSync } from 'node:crypto';
import { describe, expect } from '@jest/globals';
import type { StandIn } from '../../src/demo/stand-in/server.ts';
import { type BareRepository, createBareRepository, git } from '../support/bare-repository.ts';
import {
  type Example,
  exampleText,
  runWorkflow,
  type Surroundings,
  stepsOf,
  type WorkflowRun,
} from '../support/example.ts';
import { deployment, type Scene, SHA, scenes } from '../support/example-scene.ts';
import type { Values } from '../support/expression.ts';
import { type GithubServer, type GithubServerOptions, startGithubServer, TOKEN } from '../support/github-server.ts';
import { startQuickArgoCd } from '../support/stand-in.ts';
import { tellTogether } from '../support/stories.ts';

const REGISTRY = 'ghcr.io/acme/';
const SCENES = scenes(REGISTRY);
/** Milliseconds: several run at once, on a machine that may be busy. */
const PATIENCE = 600_000;
const BAD = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndta: {}\n';

interface World {
  readonly github: GithubServer;
  readonly argocd: StandIn;
  readonly repository: BareRepository;
  readonly run: (example: Example, changes?: Changes) => Promise<WorkflowRun>;
}

interface Changes extends Partial<Surroundings> {
  readonly replace?: readonly (readonly [string, string])[];
}

/** GitHub with the config repository, and Argo CD that deploys from it; gone when `body` ends. */
async function inWorld(
  { files, branches = [], applications }: Scene,
  body: (world: World) => Promise<void>,
  app?: GithubServerOptions['app'],
): Promise<void> {
  const github = await startGithubServer({ files, ...(app === undefined ? {} : { app }) });
  const { repository } = github;
  for (const branch of branches) repository.git('branch', branch, 'main');
  const own = applications.map((application) => ({ ...application, repoURL: github.url }));
  const argocd = await startQuickArgoCd(repository.path, { applications: own });
  const env = {
    GITHUB_SERVER_URL: github.origin,
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_SHA: SHA,
    GITHUB_RUN_ID: '17',
    DRAWBRIDGE_STABLE_FOR: '1s',
    DRAWBRIDGE_DEGRADED_GRACE: '1s',
    DRAWBRIDGE_TIMEOUT: '2m',
  };
  const run = (example: Example, { replace = [], ...changes }: Changes = {}) => {
    const text = replace.reduce((part, [from, to]) => part.replaceAll(from, to), exampleText(example, 'github.yml'));
    return runWorkflow(text, { values: values(argocd), ...changes, env: { ...env, ...changes.env } });
  };
  try {
    await body({ github, argocd, repository, run });
    expect(github.problems()).toEqual([]);
  } finally {
    await argocd.close();
    await github.close();
  }
}

function values(argocd: StandIn): Values {
  return {
    github: { sha: SHA, token: TOKEN, base_ref: 'main', event: {} },
    vars: { ARGOCD_SERVER: argocd.url },
    secrets: { CONFIG_TOKEN: TOKEN, ARGOCD_TOKEN: argocd.token },
    matrix: { application: 'shop' },
    inputs: { commit: '', images: '' },
  };
}

/** Exit code, and whether anything was written, of each step of Drawbridge. */
function ends(run: WorkflowRun): readonly string[] {
  return stepsOf(run).map(({ command, step }) => {
    const { verdict, changed } = step.outputs;
    const words = [changed === undefined ? [] : changed === 'true' ? 'changed' : 'unchanged', verdict ?? []].flat();
    const failure = step.exitCode === 0 ? [] : [`${step.exitCode}`, step.stdout + step.stderr];
    return [command, ...words, ...failure].join(' ');
  });
}

function summaries(run: WorkflowRun): string {
  return stepsOf(run)
    .map(({ step }) => step.summary)
    .join('\n');
}

const shop = (repository: BareRepository, path: string, branch?: string) => `${repository.text(path, branch)}\n`;
const NEW = deployment(`${REGISTRY}shop:${SHA}`);

describe('the examples for GitHub', () => {
  tellTogether(
    {
      'config-repository: one commit, live; and nothing the second time': () =>
        inWorld(SCENES.single, async ({ run, repository, github }) => {
          const before = repository.head();
          const first = await run('config-repository');
          expect(ends(first)).toEqual(['deliver changed landed']);
          expect(shop(repository, 'apps/shop/shop.yaml')).toBe(NEW);
          expect(repository.history()[1]).toBe(before);
          const head = repository.head();
          for (const page of [`/blob/${head}/apps/shop/shop.yaml#L12)`, `/commit/${head})`])
            expect(summaries(first)).toContain(`](${github.origin}/acme/config${page}`);
          expect(ends(await run('config-repository'))).toEqual(['deliver unchanged landed']);
          expect(repository.head()).toBe(head);
        }),

      'pull-request: a request of the app, merged, and its commit waited for': () => {
        const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
        const app = { id: '4242', key: publicKey, lifetime: 3_600_000, now: Date.now };
        return inWorld(
          SCENES.single,
          async ({ run, repository, argocd, github }) => {
            const base = values(argocd);
            const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
            const withApp = {
              ...base,
              vars: { ...(base.vars as Values), BUMP_APP_ID: '4242' },
              secrets: { BUMP_APP_PRIVATE_KEY: key, ARGOCD_TOKEN: argocd.token },
            };
            const first = await run('pull-request', { values: withApp });
            expect(ends(first)).toEqual(['bump changed', 'wait landed']);
            expect(github.state.pulls).toMatchObject([{ labels: ['deployment'], mergeCommit: repository.head() }]);
            expect(shop(repository, 'apps/shop/shop.yaml')).toBe(NEW);
            expect(summaries(first)).toContain(`[Request 1](${github.origin}/acme/config/pull/1)`);
            expect(ends(await run('pull-request', { values: withApp }))).toEqual(['bump unchanged', 'wait landed']);
            expect(github.state.pulls).toHaveLength(1);
          },
          app,
        );
      },

      'same-repository: the commit tells GitHub to start no run': () =>
        inWorld(SCENES.beside, async ({ run, repository, github }) => {
          const checkout = (workspace: string) => {
            git(workspace, ['clone', '--quiet', '--depth=1', `file://${repository.path}`, '.']);
            git(workspace, ['remote', 'set-url', 'origin', github.url]);
          };
          const replace = [['ghcr.io/acme/config', 'ghcr.io/acme/shop']] as const;
          expect(ends(await run('same-repository', { checkout, replace }))).toEqual(['deliver changed landed']);
          expect(repository.git('log', '-1', '--format=%b', 'main')).toMatch(/^\[skip ci\]$/m);
          expect(repository.git('show', '--name-only', '--format=', 'main')).toBe('deploy/shop.yaml');
        }),

      'monorepo: three images in one commit, their applications found and waited for': () =>
        inWorld(SCENES.monorepo, async ({ run, repository }) => {
          const before = repository.head();
          const first = await run('monorepo');
          expect(ends(first)).toEqual(['deliver changed landed']);
          expect(repository.git('diff', '--name-only', `${before}..main`).split('\n')).toEqual(
            ['cart', 'shop', 'worker'].map((name) => `apps/${name}/${name}.yaml`),
          );
          expect(repository.history()[1]).toBe(before);
          const targets = JSON.parse(stepsOf(first)[0]?.step.outputs.targets ?? '[]') as { name: string }[];
          expect(targets.map(({ name }) => name.replace(/.*\//, '')).sort()).toEqual(['cart', 'shop', 'worker']);
        }),

      'environment-folders: production gets what staging has': () =>
        inWorld(SCENES.folders, async ({ run, repository }) => {
          expect(ends(await run('environment-folders'))).toEqual([
            'deliver changed landed',
            'promote changed',
            'wait landed',
          ]);
          for (const name of ['staging', 'production']) expect(shop(repository, `envs/${name}/shop.yaml`)).toBe(NEW);
          expect(repository.history()).toHaveLength(3);
        }),

      'environment-folders: production is left alone when staging fails': () =>
        inWorld(SCENES.folders, async ({ run, repository, argocd }) => {
          argocd.edit('shop-staging', { path: 'nowhere' });
          const stopped = await run('environment-folders', {
            env: { DRAWBRIDGE_TIMEOUT: '3s' },
          });
          expect([stopped.failed, stepsOf(stopped).length]).toEqual([true, 1]);
          expect(shop(repository, 'envs/production/shop.yaml')).not.toBe(NEW);
        }),

      'environment-branches: a commit on each branch, and none on main': () =>
        inWorld(SCENES.branches, async ({ run, repository }) => {
          const before = repository.head();
          expect(ends(await run('environment-branches'))).toEqual(['deliver changed landed', 'deliver changed landed']);
          for (const name of ['staging', 'production']) expect(shop(repository, 'apps/shop/shop.yaml', name)).toBe(NEW);
          expect(repository.head()).toBe(before);
        }),

      'environment-repositories: each job its own repository, server and secrets': () =>
        inWorld(SCENES.repositories('staging'), async (staging) => {
          const { files, applications } = SCENES.repositories('production');
          const production = createBareRepository(files);
          const argocd = await startQuickArgoCd(production.path, { applications });
          try {
            const replace = [
              ['acme/config-staging', staging.github.url],
              ['acme/config-production', production.path],
            ] as const;
            const run = await staging.run('environment-repositories', {
              replace,
              valuesOf: { production: values(argocd) },
            });
            expect(ends(run)).toEqual(['deliver changed landed', 'deliver changed landed']);
            for (const repository of [staging.repository, production])
              expect(shop(repository, 'apps/shop/shop.yaml')).toBe(NEW);
          } finally {
            await argocd.close();
            production.remove();
          }
        }),

      'validate: what the pull request brings is annotated and uploaded, even though the job fails': () =>
        inWorld({ files: { 'kubernetes/old.yaml': BAD }, applications: [] }, async ({ run, repository, argocd }) => {
          repository.commit({ 'kubernetes/new.yaml': BAD }, { branch: 'proposal', from: 'main' });
          const checkout = (workspace: string) =>
            void git(workspace, ['clone', '--quiet', '--branch=proposal', repository.path, '.']);
          const env = { GITHUB_EVENT_NAME: 'pull_request' };
          const own = await run('validate', { checkout, env });
          const [step] = stepsOf(own);
          expect(step?.step).toMatchObject({ exitCode: 1, outputs: { errors: '1' } });
          expect(step?.step.commands).toEqual([
            expect.objectContaining({
              name: 'error',
              properties: expect.objectContaining({ file: 'kubernetes/new.yaml' }),
            }),
          ]);
          const upload = own.ran.find(
            (one) => 'uses' in one && one.uses.startsWith('github/codeql-action/upload-sarif@'),
          );
          expect(upload).toMatchObject({
            files: { 'drawbridge.sarif': expect.stringContaining('kubernetes/new.yaml') },
          });
          const event = { pull_request: { head: { repo: { fork: true } } } };
          const forked = { ...values(argocd), github: { base_ref: 'main', event } };
          const fromFork = await run('validate', { checkout, env, values: forked });
          expect(fromFork.ran.filter((one) => 'uses' in one)).toHaveLength(1);
        }),

      'rollback: the last bump is undone and waited for, and the history shown': () =>
        inWorld(SCENES.single, async ({ run, repository, github }) => {
          const before = repository.text('apps/shop/shop.yaml');
          await run('config-repository');
          const bump = repository.head();
          const first = await run('rollback');
          expect(ends(first)).toEqual(['rollback changed', 'wait landed', 'history']);
          expect(repository.text('apps/shop/shop.yaml')).toBe(before);
          expect(repository.history()[1]).toBe(bump);
          const { summary = '' } = stepsOf(first)[2]?.step ?? {};
          expect(summary).toContain('### Bumps');
          for (const revision of [bump, repository.head()])
            expect(summary).toContain(`(${github.origin}/acme/config/commit/${revision})`);
        }),
    },
    PATIENCE,
  );
});
