import { execFile, spawnSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect } from '@jest/globals';
import type { StandIn } from '../../src/demo/stand-in/server.ts';
import { type BareRepository, createBareRepository, git } from '../support/bare-repository.ts';
import { type Example, exampleText } from '../support/example.ts';
import { deployment, type Scene, scenes } from '../support/example-scene.ts';
import { type GitlabServer, startGitlabServer } from '../support/gitlab-server.ts';
import { CLI, ROOT, runCli } from '../support/program.ts';
import { startQuickArgoCd } from '../support/stand-in.ts';
import { tellTogether } from '../support/stories.ts';

/**
 * The examples as a pipeline runs them: gitlab-ci-local includes the components, runs the jobs with a shell, and hands dotenv
 * reports on. In place of the published program runs the one that was built here; docker does
 * nothing, and needs no service.
 */
const hasRsync = spawnSync('rsync', ['--version']).status === 0;
const whenRsync = hasRsync ? describe : describe.skip;
const run = promisify(execFile);

/** Milliseconds: several run at once, on a machine that may be busy. */
const PATIENCE = 600_000;
const TOKEN = 'glpat-canary-0123456789';
const REGISTRY = 'registry.example.test/acme/';
const SCENES = scenes(REGISTRY);
const BAD = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndta: {}\n';
const PUBLISHED = /npx --yes drawbridge@[\d.]+/g;

interface World {
  readonly repository: BareRepository;
  readonly gitlab: GitlabServer;
  readonly argocd: StandIn;
  readonly run: (example: Example, options?: RunOptions) => Promise<Pipeline>;
}

interface RunOptions {
  readonly variables?: Readonly<Record<string, string>>;
  readonly manual?: readonly string[];
  readonly replace?: readonly (readonly [string, string])[];
  /** What the checkout of the pipeline holds. */
  readonly files?: Readonly<Record<string, string>>;
}

interface Pipeline {
  readonly code: number;
  readonly output: string;
  /** The short commit id that images are tagged with. */
  readonly tag: string;
  /** Files that the jobs left in their folders, by their names. */
  readonly left: (name: string) => Promise<string>;
}

/** GitLab with the config repository, and Argo CD that deploys from it; gone when `body` ends. */
async function inWorld(
  { files, branches = [], applications }: Scene,
  body: (world: World) => Promise<void>,
): Promise<void> {
  const repository = createBareRepository(files);
  for (const branch of branches) repository.git('branch', branch, 'main');
  const gitlab = await startGitlabServer({ repository });
  gitlab.token(TOKEN);
  const own = applications.map((application) => ({ ...application, repoURL: gitlab.url }));
  const argocd = await startQuickArgoCd(repository.path, { applications: own });
  const folders: string[] = [];
  const surroundings = { origin: gitlab.web, argocd, folders };
  try {
    await body({ repository, gitlab, argocd, run: (...given) => runPipeline(surroundings, ...given) });
    expect(gitlab.problems()).toEqual([]);
  } finally {
    await argocd.close();
    await gitlab.close();
    repository.remove();
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  }
}

interface PipelineSurroundings {
  readonly origin: string;
  readonly argocd: StandIn;
  readonly folders: string[];
}

async function runPipeline(
  { origin, argocd, folders }: PipelineSurroundings,
  example: Example,
  { variables = {}, manual = [], replace = [], files = {} }: RunOptions = {},
): Promise<Pipeline> {
  const folder = await mkdtemp(join(tmpdir(), 'example-'));
  folders.push(folder);
  const text = replace.reduce((part, [from, to]) => part.replaceAll(from, to), exampleText(example, 'gitlab.yml'));
  await fill(folder, text, files);
  const project = example === 'same-repository' || example === 'validate' ? 'acme/platform/config' : 'acme/shop';
  const tag = checkOut(folder, `${origin}/${project}.git`);
  const given = { ...variablesOf(argocd), ...variables };
  const args = [
    '--force-shell-executor',
    '--shell-isolation',
    ...Object.entries(given).flatMap(([name, value]) => ['--variable', `${name}=${value}`]),
    '--ignore-predefined-vars=GITLAB_CI,CI_REGISTRY_IMAGE,CI_PIPELINE_SOURCE',
    ...manual.flatMap((job) => ['--manual', job]),
  ];
  const env = { PATH: `${folder}/bin:${resolve('node_modules/.bin')}:${process.env.PATH}`, HOME: folder };
  const { code, stdout, stderr } = await run(
    process.execPath,
    [resolve('node_modules/.bin/gitlab-ci-local'), ...args],
    { cwd: folder, env },
  ).then(
    (result) => ({ code: 0, ...result }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
  return { code, output: stdout + stderr, tag, left: (name) => leftBy(folder, name) };
}

/** Does nothing, but reads the password that it is sent: without a reader `echo` would end with SIGPIPE. */
const DOCKER = '#!/bin/sh\nif [ "$1" = login ]; then cat >/dev/null; fi\n';

/** The pipeline, the components with the program of here, and a docker that does nothing. */
async function fill(folder: string, pipeline: string, files: Readonly<Record<string, string>>): Promise<void> {
  await cp(join(ROOT, 'templates'), join(folder, 'templates'), { recursive: true });
  for (const name of await readdir(join(folder, 'templates'))) {
    const path = join(folder, 'templates', name);
    await writeFile(path, (await readFile(path, 'utf8')).replace(PUBLISHED, `node ${CLI}`));
  }
  const text = pipeline
    .replaceAll(/drawbridge\/drawbridge\/(\w+)@[\d.]+/g, '$CI_PROJECT_PATH/$1@$CI_COMMIT_SHA')
    .replaceAll(PUBLISHED, `node ${CLI}`)
    .replace(/^ {2}services: .*\n/m, '');
  for (const [path, content] of Object.entries({ '.gitlab-ci.yml': text, 'bin/docker': DOCKER, ...files })) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  await chmod(join(folder, 'bin/docker'), 0o755);
}

/** gitlab-ci-local reads server, project and default branch from the remote, which it never contacts. */
function checkOut(folder: string, remote: string): string {
  git(folder, ['init', '--quiet', '--initial-branch=main']);
  git(folder, ['add', '--all']);
  git(folder, ['commit', '--quiet', '--message=first']);
  git(folder, ['remote', 'add', 'origin', remote]);
  git(folder, ['update-ref', 'refs/remotes/origin/main', 'HEAD']);
  git(folder, ['symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main']);
  return git(folder, ['rev-parse', '--short=8', 'HEAD']);
}

function variablesOf(argocd: StandIn): Readonly<Record<string, string>> {
  return {
    GITLAB_CI: 'true',
    CI_REGISTRY_IMAGE: `${REGISTRY}shop`,
    DRAWBRIDGE_TOKEN: TOKEN,
    ARGOCD_SERVER: argocd.url,
    ARGOCD_AUTH_TOKEN: argocd.token,
    DRAWBRIDGE_STABLE_FOR: '1s',
    DRAWBRIDGE_DEGRADED_GRACE: '1s',
    DRAWBRIDGE_TIMEOUT: '2m',
  };
}

async function leftBy(folder: string, name: string): Promise<string> {
  const builds = join(folder, '.gitlab-ci-local/builds');
  const found = (await readdir(builds, { recursive: true })).find((path) => path.endsWith(name));
  if (found === undefined) throw new Error(`no job left ${name}`);
  return readFile(join(builds, found), 'utf8');
}

const shop = (repository: BareRepository, path: string, branch?: string) => `${repository.text(path, branch)}\n`;
const shown = (pipeline: Pipeline) => [pipeline.code, pipeline.code === 0 ? '' : pipeline.output];
const GOOD = [0, ''];

whenRsync(
  hasRsync ? 'the examples for GitLab' : 'the examples for GitLab (skipped: rsync is not installed, which they need)',
  () => {
    tellTogether(
      {
        'config-repository: one commit, live': () =>
          inWorld(SCENES.single, async ({ run, repository }) => {
            const before = repository.head();
            const first = await run('config-repository');
            expect(shown(first)).toEqual(GOOD);
            expect(shop(repository, 'apps/shop/shop.yaml')).toBe(deployment(`${REGISTRY}shop:${first.tag}`));
            expect(repository.history()[1]).toBe(before);
          }),

        'pull-request: a merge request, merged, and its commit waited for by the next job': () =>
          inWorld(SCENES.single, async ({ run, repository, gitlab }) => {
            expect(shown(await run('pull-request'))).toEqual(GOOD);
            expect(gitlab.merges).toMatchObject([{ state: 'merged', labels: ['deployment'] }]);
            expect(repository.text('apps/shop/shop.yaml')).not.toContain(':old');
          }),

        'same-repository: the commit tells GitLab to start no pipeline': () =>
          inWorld(SCENES.beside, async ({ run, repository }) => {
            expect(shown(await run('same-repository'))).toEqual(GOOD);
            expect(repository.git('log', '-1', '--format=%b', 'main')).toMatch(/^\[skip ci\]$/m);
            expect(repository.git('show', '--name-only', '--format=', 'main')).toBe('deploy/shop.yaml');
          }),

        'monorepo: three images in one commit, their applications found and waited for': () =>
          inWorld(SCENES.monorepo, async ({ run, repository }) => {
            const before = repository.head();
            const variables = { CI_REGISTRY_IMAGE: REGISTRY.replace(/\/$/, '') };
            expect(shown(await run('monorepo', { variables }))).toEqual(GOOD);
            expect(repository.history()[1]).toBe(before);
            expect(repository.git('diff', '--name-only', `${before}..main`).split('\n')).toHaveLength(3);
          }),

        'environment-folders: production gets what staging has, and not by itself': () =>
          inWorld(SCENES.folders, async ({ run, repository }) => {
            const pipeline = await run('environment-folders', { manual: ['production'] });
            expect(shown(pipeline)).toEqual(GOOD);
            const wanted = deployment(`${REGISTRY}shop:${pipeline.tag}`);
            for (const name of ['staging', 'production'])
              expect(shop(repository, `envs/${name}/shop.yaml`)).toBe(wanted);
          }),

        'environment-branches: a commit on each branch': () =>
          inWorld(SCENES.branches, async ({ run, repository }) => {
            const pipeline = await run('environment-branches', { manual: ['production'] });
            expect(shown(pipeline)).toEqual(GOOD);
            const wanted = deployment(`${REGISTRY}shop:${pipeline.tag}`);
            for (const name of ['staging', 'production'])
              expect(shop(repository, 'apps/shop/shop.yaml', name)).toBe(wanted);
          }),

        'environment-repositories: each job its own repository': () =>
          inWorld(SCENES.repositories('staging'), async (staging) => {
            const { files, applications } = SCENES.repositories('production');
            const production = createBareRepository(files);
            const argocd = await startQuickArgoCd(production.path, { applications });
            try {
              const pipeline = await staging.run('environment-repositories', {
                manual: ['production'],
                replace: [
                  ['acme/platform/config-staging', 'acme/platform/config'],
                  ['acme/platform/config-production', production.path],
                  [
                    'shop-production\n      argocd-server: $ARGOCD_SERVER',
                    `shop-production\n      argocd-server: ${argocd.url}`,
                  ],
                ],
                variables: { ARGOCD_AUTH_TOKEN: staging.argocd.token },
              });
              const wanted = deployment(`${REGISTRY}shop:${pipeline.tag}`);
              for (const repository of [staging.repository, production])
                expect(shop(repository, 'apps/shop/shop.yaml')).toBe(wanted);
            } finally {
              await argocd.close();
              production.remove();
            }
          }),

        'validate: findings are in the Code Quality report, and the job fails': () =>
          inWorld({ files: {}, applications: [] }, async ({ run }) => {
            const variables = { CI_PIPELINE_SOURCE: 'merge_request_event', CI_MERGE_REQUEST_DIFF_BASE_SHA: '' };
            const { code, output, left } = await run('validate', { variables, files: { 'kubernetes/new.yaml': BAD } });
            expect([code, output]).toEqual([1, expect.stringContaining('dta is not a field of the object.')]);
            expect(JSON.parse(await left('codequality.json'))).toMatchObject([
              { check_name: 'schema/unknown-field', location: { path: 'kubernetes/new.yaml' } },
            ]);
          }),

        'rollback: the last bump is undone and waited for, and the history shown': () =>
          inWorld(SCENES.single, async ({ run, repository }) => {
            const before = repository.text('apps/shop/shop.yaml');
            const images = `${REGISTRY}shop:2.0.0`;
            expect((await runCli(['bump', '--config-repository', repository.path, '--images', images])).exitCode).toBe(
              0,
            );
            const pipeline = await run('rollback', { variables: { CI_PIPELINE_SOURCE: 'web' } });
            expect(shown(pipeline)).toEqual(GOOD);
            expect(pipeline.output).toContain('2 bumps on main');
            expect(repository.text('apps/shop/shop.yaml')).toBe(before);
          }),
      },
      PATIENCE,
    );
  },
);
