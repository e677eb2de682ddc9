import { setTimeout as sleep } from 'node:timers/promises';
import { configMap, deployment, hookJob, IMAGE, service, web } from '../manifests.ts';
import { expect, type Scenario } from '../scenario.ts';
import { gitRepository, kustomization } from './objects.ts';
import { type FluxStage, isTrying, reasonOf } from './stage.ts';

type Deployed = Parameters<typeof deployment>[1];

/** So that the health check of Flux ends before Kubernetes gives up on the rollout. */
const PATIENT: Deployed = { deadline: 600 };

/** Begins at 1.0.0, and waits for a commit that changes the Deployment. */
async function change(
  stage: FluxStage,
  tag: string,
  options: Deployed = {},
  { spec = {}, args = [] }: { readonly spec?: object; readonly args?: readonly string[] } = {},
): Promise<void> {
  const repository = await stage.begin(web('1.0.0', PATIENT), spec);
  const revision = repository.commit(web(tag, options));
  await stage.gate({ revision, repository, target: 'Kustomization/app', live: tag, args });
}

/** A commit that breaks something, beside a good image. */
async function broken(
  stage: FluxStage,
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const repository = await stage.begin({ ...web('1.0.0'), ...before });
  const revision = repository.commit({ ...web('1.1.0'), ...after });
  await stage.gate({ revision, repository, target: 'Kustomization/app' });
}

const kustomize = (...resources: readonly string[]) => ({
  'deploy/kustomization.yaml': JSON.stringify({ resources }),
});

const job = (id: number, tag: string) => ({ 'deploy/job.yaml': migration(id, tag) });

/** A Job with a name of its own for each commit, as its specification cannot be changed. */
function migration(id: number, tag: string): string {
  const { metadata: _, ...rest } = JSON.parse(hookJob(tag));
  return JSON.stringify({ ...rest, metadata: { name: `migrate-${id}` } });
}

export const ROLLOUTS: readonly Scenario<FluxStage>[] = [
  { name: 'good image', expected: expect('landed', { within: 50 }), play: (stage) => change(stage, '1.1.0') },
  {
    name: 'first install: the Kustomization is there before its source',
    expected: expect('landed'),
    extra: true,
    play: async (stage) => {
      const repository = await stage.repository(web('1.0.0'));
      await stage.apply(kustomization(stage.name));
      const during = async () => {
        await sleep(3000);
        await stage.apply(gitRepository(stage.name, repository.url));
      };
      const args = ['--appear-timeout', '30s'];
      const gate = { revision: repository.head(), repository, target: 'Kustomization/app', live: '1.0.0' };
      await stage.gate({ ...gate, during, args });
    },
  },
  {
    name: 'bad image, it never starts',
    expected: expect('failed', { says: /1\.1\.0-bad/ }),
    play: (stage) => change(stage, '1.1.0-bad', PATIENT),
  },
  {
    name: 'pods that never get ready, the health check runs out of time',
    expected: expect('failed', { says: /HealthCheckFailed/ }),
    play: (stage) => change(stage, '1.1.0-never', PATIENT, { spec: { timeout: '30s' } }),
  },
  {
    name: 'a fix that waits for the health check of a bad image',
    expected: expect('landed'),
    play: async (stage) => {
      const repository = await stage.begin(web('1.0.0'), { timeout: '30s' });
      const bad = repository.commit(web('1.1.0-bad', PATIENT));
      await stage.nudge('GitRepository/app');
      await stage.until('Kustomization/app', 'the bad one is tried', isTrying(bad), 30);
      const revision = repository.commit(web('1.2.0'));
      await stage.gate({ revision, repository, target: 'Kustomization/app', live: '1.2.0' });
    },
  },
  {
    name: 'flapping: ready for a second, then it crashes, again and again',
    // Flux looks every 5 s, and may find the pod in a good moment: then nothing of it fails any more.
    expected: expect('failed', { says: /CrashLoopBackOff|HealthCheckFailed/, or: { verdict: 'timedOut', exit: 124 } }),
    play: (stage) => change(stage, '1.1.0-flap', PATIENT, { args: ['--stable-for', '10s', '--degraded-grace', '8s'] }),
  },
  {
    name: 'the container crashes before it is ready',
    expected: expect('failed', { says: /HealthCheckFailed|CrashLoopBackOff/ }),
    play: (stage) => change(stage, '1.1.0-crash', PATIENT, { spec: { timeout: '30s' } }),
  },
  {
    name: 'slow start',
    expected: expect('landed'),
    extra: true,
    play: (stage) => change(stage, '1.1.0', { ready: 15, deadline: 60 }),
  },
  {
    name: 'too slow for the deadline',
    expected: expect('timedOut', { says: /rolling/ }),
    play: (stage) => change(stage, '1.1.0', { ready: 40, deadline: 600 }, { args: ['--timeout', '15s'] }),
  },
  {
    name: 'without a health check of its own (wait: false)',
    expected: expect('landed'),
    play: (stage) => change(stage, '1.1.0', { ready: 12, deadline: 60 }, { spec: { wait: false } }),
  },
  {
    name: 'bad image, without a health check of its own',
    expected: expect('failed', { says: /1\.1\.0-bad/ }),
    play: (stage) => change(stage, '1.1.0-bad', { deadline: 10 }, { spec: { wait: false } }),
  },
  {
    name: 'live already',
    expected: expect('landed', { within: 8 }),
    play: async (stage) => {
      const repository = await stage.begin(web('1.0.0'));
      await sleep(4000);
      await stage.gate({
        revision: repository.head(),
        repository,
        target: 'Kustomization/app',
        live: '1.0.0',
        alone: true,
      });
    },
  },
  {
    name: 'commit that changes nothing for the Kustomization',
    expected: expect('landed', { within: 30 }),
    play: async (stage) => {
      const repository = await stage.begin(web('1.0.0'));
      const revision = repository.commit({ 'README.md': 'changed\n' });
      await stage.gate({ revision, repository, target: 'Kustomization/app', live: '1.0.0' });
    },
  },
  {
    name: 'with the image as second proof',
    expected: expect('landed'),
    extra: true,
    play: (stage) => change(stage, '1.1.0', {}, { args: ['--images', `${IMAGE}:1.1.0`] }),
  },
  {
    name: 'the wanted image is not what the commit says',
    expected: expect('timedOut', { says: /1\.2\.0/ }),
    play: (stage) => change(stage, '1.1.0', {}, { args: ['--images', `${IMAGE}:1.2.0`, '--timeout', '25s'] }),
  },
  {
    name: 'a Job that succeeds',
    expected: expect('landed'),
    play: async (stage) => {
      const repository = await stage.begin({ ...web('1.0.0'), ...job(1, '1.0.0') });
      const revision = repository.commit({ ...web('1.1.0'), ...job(2, '1.1.0') });
      await stage.gate({ revision, repository, target: 'Kustomization/app', live: '1.1.0' });
    },
  },
  {
    name: 'a Job that fails',
    expected: expect('failed', { says: /migrate-2/ }),
    play: (stage) => broken(stage, job(1, '1.0.0'), job(2, '1.1.0-fail')),
  },
  {
    name: 'build fails: a file that does not exist',
    expected: expect('failed', { says: /BuildFailed/, within: 30 }),
    play: (stage) => broken(stage, kustomize('web.yaml'), kustomize('web.yaml', 'absent.yaml')),
  },
  {
    name: 'object that the API server refuses',
    expected: expect('failed', { says: /99999/, within: 30 }),
    play: (stage) => broken(stage, { 'deploy/service.yaml': service(80) }, { 'deploy/service.yaml': service(99999) }),
  },
  {
    name: 'kind that the cluster does not have',
    expected: expect('failed', { says: /no matches for kind/, within: 40 }),
    play: (stage) => broken(stage, {}, { 'deploy/more.yaml': UNKNOWN }),
  },
  {
    name: 'field that cannot be changed',
    expected: expect('failed', { says: /immutable/, within: 30 }),
    extra: true,
    play: (stage) =>
      broken(stage, {}, { 'deploy/web.yaml': deployment('1.1.0').replaceAll('"app": "web"', '"app": "x"') }),
  },
  {
    name: 'missing manifest path',
    expected: expect('failed', { says: /path not found/, within: 40 }),
    play: (stage) => broken(stage, {}, { 'deploy/web.yaml': undefined, 'elsewhere/web.yaml': deployment('1.1.0') }),
  },
  {
    name: 'repaired after a failed build',
    expected: expect('landed'),
    extra: true,
    play: async (stage) => {
      const repository = await stage.begin({ ...web('1.0.0'), ...kustomize('web.yaml') });
      repository.commit({ ...web('1.1.0'), ...kustomize('web.yaml', 'absent.yaml') });
      await stage.nudge('GitRepository/app');
      await stage.until('Kustomization/app', 'the build has failed', (shown) => reasonOf(shown) === 'BuildFailed');
      const revision = repository.commit(kustomize('web.yaml'));
      await stage.gate({ revision, repository, target: 'Kustomization/app', live: '1.1.0' });
    },
  },
  {
    name: 'object pruned',
    expected: expect('landed'),
    extra: true,
    play: async (stage) => {
      const repository = await stage.begin({ ...web('1.0.0'), 'deploy/old.yaml': configMap('old', '1') });
      const revision = repository.commit({ ...web('1.1.0'), 'deploy/old.yaml': undefined });
      await stage.gate({ revision, repository, target: 'Kustomization/app', live: '1.1.0' });
    },
  },
  {
    name: 'the specification changes while a pass of the old one runs',
    expected: expect('landed'),
    play: async (stage) => {
      const repository = await stage.begin(web('1.0.0'));
      const revision = repository.commit(web('1.1.0', { ready: 8, deadline: 60 }));
      const during = async () => {
        await stage.until('Kustomization/app', 'it is tried', isTrying(revision), 40);
        await stage.patch('Kustomization/app', { images: [{ name: IMAGE, newTag: '1.2.0' }] });
      };
      await stage.gate({ revision, repository, target: 'Kustomization/app', live: '1.2.0', during });
    },
  },
];

const UNKNOWN = JSON.stringify({ apiVersion: 'example.com/v1', kind: 'Unknown', metadata: { name: 'web' } });
