import { execFile, spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { load } from 'js-yaml';
import { interpolate, readComponent } from '../support/component.ts';
import { readXml } from '../support/xml.ts';

/**
 * The components as a pipeline runs them: gitlab-ci-local includes them from a checkout, checks their inputs and GitLab's
 * schema, and starts the jobs with a shell. In place of Drawbridge runs a script that says what it was given.
 */
const run = promisify(execFile);

const hasRsync = spawnSync('rsync', ['--version']).status === 0;
const whenRsync = hasRsync ? describe : describe.skip;

const STAND_IN = `
import { writeFileSync } from 'node:fs';
const argv = process.argv.slice(2);
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('DRAWBRIDGE_')));
console.log('SEEN ' + JSON.stringify({ argv, env, folder: process.cwd() }));
writeFileSync(argv[argv.indexOf('--output') + 1], 'DRAWBRIDGE_OUT_CHANGED=true\\nDRAWBRIDGE_OUT_REVISION=4f2a9c\\n');
process.exitCode = env.DRAWBRIDGE_LOG_LEVEL === 'error' ? 1 : 0;
`;

interface Seen {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
}

interface Pipeline {
  readonly code: number;
  readonly output: string;
  readonly seen: (job: string) => Promise<Seen>;
}

whenRsync(
  hasRsync
    ? 'components in a pipeline'
    : 'components in a pipeline (skipped: rsync is not installed, which gitlab-ci-local needs)',
  () => {
    let folder: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'components-'));
      await cp('templates', join(folder, 'templates'), { recursive: true });
      await writeFile(join(folder, 'stand-in.mjs'), STAND_IN);
      await writeFile(join(folder, '.gitlab-ci.yml'), '');
      await prepareCheckout();
    });

    afterAll(() => rm(folder, { recursive: true, force: true }));

    async function git(...args: string[]): Promise<void> {
      const env = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
      await run('git', ['-c', 'user.name=a', '-c', 'user.email=a@localhost', ...args], { cwd: folder, env });
    }

    /** gitlab-ci-local reads project and default branch from the remote, which it never contacts. */
    async function prepareCheckout(): Promise<void> {
      await git('init', '--quiet', '--initial-branch=main');
      await git('add', '--all');
      await git('commit', '--quiet', '--message=first');
      await git('remote', 'add', 'origin', 'git@gitlab.example.test:acme/config.git');
      await git('update-ref', 'refs/remotes/origin/main', 'HEAD');
      await git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main');
    }

    async function pipeline(yaml: string, ...args: string[]): Promise<Pipeline> {
      await writeFile(join(folder, '.gitlab-ci.yml'), yaml);
      const options = [
        '--force-shell-executor',
        '--shell-isolation',
        '--variable',
        'GITLAB_CI=true',
        '--ignore-predefined-vars',
        'GITLAB_CI',
      ];
      const command = [resolve('node_modules/.bin/gitlab-ci-local'), ...options, ...args];
      const env = { PATH: `${resolve('node_modules/.bin')}:${process.env.PATH}`, HOME: folder };
      const { code, stdout, stderr } = await run(process.execPath, command, { cwd: folder, env }).then(
        (result) => ({ code: 0, ...result }),
        (error: { code: number; stdout: string; stderr: string }) => error,
      );
      return { code, output: stdout + stderr, seen };
    }

    async function seen(job: string): Promise<Seen> {
      const log = await readFile(join(folder, '.gitlab-ci-local/output', `${job}.log`), 'utf8');
      return JSON.parse(log.slice(log.indexOf('SEEN ') + 5).split('\n')[0] ?? '') as Seen;
    }

    const include = (command: string, inputs: string) => `
  - component: $CI_SERVER_FQDN/$CI_PROJECT_PATH/${command}@$CI_COMMIT_SHA
    inputs:
      drawbridge: node ./stand-in.mjs
${inputs.replace(/^/gm, '      ')}`;

    it('hand lists, variables and booleans to the program, and its outputs to the next component', async () => {
      const bump = `images: |
  ghcr.io/acme/api:1.10
  $CI_REGISTRY_IMAGE:$CI_COMMIT_REF_NAME
dry-run: true
commit-message: 'chore: to $CI_COMMIT_REF_NAME; it is 1 # no comment'`;
      const wait = `stage: after
revision: $DRAWBRIDGE_OUT_REVISION
argocd-server: argocd.example.com
timeout: 1h30m`;
      const yaml = `
stages: [deploy, after]
include:${include('bump', bump)}${include('wait', wait)}
report:
  stage: after
  needs: [drawbridge-bump]
  script: ['echo "changed is $DRAWBRIDGE_OUT_CHANGED"']
`;
      const { code, output, seen } = await pipeline(yaml, '--variable', 'DRAWBRIDGE_TOKEN=masked-in-gitlab');
      expect([code, output]).toEqual([0, expect.stringContaining('changed is true')]);
      const first = await seen('drawbridge-bump');
      expect(first.argv).toEqual(['bump', '--output', join(first.folder, 'drawbridge.env')]);
      expect(first.env).toMatchObject({
        DRAWBRIDGE_DRY_RUN: 'true',
        DRAWBRIDGE_STRATEGY: 'commit',
        DRAWBRIDGE_COMMIT_MESSAGE: 'chore: to main; it is 1 # no comment',
        DRAWBRIDGE_BASE_BRANCH: '',
        DRAWBRIDGE_TOKEN: 'masked-in-gitlab',
      });
      expect(first.env.DRAWBRIDGE_IMAGES?.trim().split('\n')).toEqual([
        'ghcr.io/acme/api:1.10',
        expect.stringMatching(/acme\/config:main$/),
      ]);
      expect((await seen('drawbridge-wait')).env).toMatchObject({
        DRAWBRIDGE_REVISION: '4f2a9c',
        DRAWBRIDGE_TIMEOUT: '1h30m',
      });
    });

    it('can be included twice, under names of their own, and keep their outputs when they fail', async () => {
      const one = 'job-name: check-apps\npaths: apps';
      const two = 'job-name: check-clusters\nstage: deploy\npaths: clusters\nlog-level: error';
      const yaml = `
stages: [test, deploy]
include:${include('validate', one)}${include('validate', two)}
`;
      const { code, output, seen } = await pipeline(yaml);
      expect([code, output]).toEqual([1, expect.stringMatching(/FAIL.*check-clusters/)]);
      expect((await seen('check-apps')).env.DRAWBRIDGE_PATHS).toBe('apps');
      expect((await seen('check-clusters')).env.DRAWBRIDGE_PATHS).toBe('clusters');
      expect(await readFile(join(folder, '.gitlab-ci-local/builds/check-clusters/drawbridge.env'), 'utf8')).toContain(
        'CHANGED=true',
      );
    });

    it('hand findings to GitLab as Code Quality and JUnit, whatever the working directory, and more where asked', async () => {
      await mkdir(join(folder, 'config/apps'), { recursive: true });
      await writeFile(
        join(folder, 'config/apps/bad.yaml'),
        'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndta: {}\n',
      );
      await git('add', '--all');
      const inputs = 'paths: apps\nworking-directory: config\nreports: sarif=drawbridge.sarif';
      const real = include('validate', inputs).replace('node ./stand-in.mjs', `node ${resolve('src/cli.ts')}`);
      const { code, output } = await pipeline(`\nstages: [test]\ninclude:${real}\n`);
      expect([code, output]).toEqual([1, expect.stringContaining('dta is not a field of the object.')]);
      // Of reports it collects dotenv alone; so the others are read where the job's artifacts say that they are.
      const build = join(folder, '.gitlab-ci-local/builds/drawbridge-validate');
      const [job] = Object.values(
        interpolate(readComponent(await readFile('templates/validate.yml', 'utf8')), { paths: '.' }),
      );
      const { reports = {} } = { ...(job?.artifacts as { reports?: Readonly<Record<string, string>> }) };
      const report = (kind: string) => readFile(join(build, reports[kind] ?? ''), 'utf8');
      expect(JSON.parse(await report('codequality'))).toMatchObject([
        { check_name: 'schema/unknown-field', location: { path: 'config/apps/bad.yaml', lines: { begin: 5 } } },
      ]);
      expect(readXml(await report('junit')).children).toHaveLength(1);
      expect(JSON.parse(await readFile(join(build, 'drawbridge.sarif'), 'utf8'))).toHaveProperty('version', '2.1.0');
    });

    it('are a deployment with a dashboard, which is in GitLab’s schema, where that is asked for', async () => {
      const dashboard = `dashboard-agent: acme/agents:$CI_COMMIT_REF_NAME
dashboard-namespace: shop
dashboard-flux-resource: kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations/shop`;
      const wait = `revision: abc\nenvironment: production\n${dashboard}`;
      const plain = 'job-name: plain\nrevision: abc\nenvironment: staging';
      const none = 'job-name: none\nrevision: abc';
      const includes = [wait, plain, none].map((inputs) => include('wait', inputs));
      const { code, output } = await pipeline(`\nstages: [test, deploy]\ninclude:${includes.join('')}\n`, '--preview');
      expect([code, output]).toEqual([0, expect.anything()]);
      const [text = ''] = output.slice(output.indexOf('---')).split('\nUsing fallback');
      const jobs = load(text) as Readonly<Record<string, { environment?: unknown }>>;
      expect(jobs['drawbridge-wait']?.environment).toMatchObject({
        name: 'production',
        kubernetes: {
          agent: expect.stringMatching(/^acme\/agents:/),
          dashboard: { namespace: 'shop', flux_resource_path: expect.stringMatching(/kustomizations\/shop$/) },
        },
      });
      expect(jobs.plain?.environment).toBe('staging');
      expect(jobs.none?.environment || 'none').toBe('none');
    });

    it.each([
      ['a missing required input', 'validate', 'strict: true', /paths/],
      ['a text that would leave its quotes', 'bump', `images: 'a:1"; curl https://evil.example'`, /images/],
      ['a line break where there is no list', 'wait', 'revision: "a\\nb"', /revision/],
      ['an unknown choice', 'wait', 'revision: abc\nsync: always', /sync/],
      ['a boolean that is none', 'validate', 'paths: .\nstrict: "maybe"', /strict/],
    ])('refuse %s before any job starts', async (_, command, inputs, place) => {
      const { code, output } = await pipeline(`\nstages: [test, deploy]\ninclude:${include(command, inputs)}\n`);
      expect([code, output]).toEqual([1, expect.stringMatching(place)]);
      expect(output).not.toContain('SEEN');
    });

    it('all pass GitLab’s own schema of pipelines', async () => {
      const required = { validate: 'paths: .', bump: 'images: a:1', wait: 'revision: abc', deliver: 'images: a:1' };
      const includes = Object.entries(required).map(([command, inputs]) => include(command, inputs));
      const { code, output } = await pipeline(`\nstages: [test, deploy]\ninclude:${includes.join('')}\n`, '--preview');
      for (const command of Object.keys(required))
        expect([code, output]).toEqual([0, expect.stringContaining(`drawbridge-${command}:`)]);
    });
  },
);
