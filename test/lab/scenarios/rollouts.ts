import type { Repository } from './gate.ts';
import { configMap, deployment, hookJob, service, web } from './manifests.ts';
import { expect, type Scenario } from './scenario.ts';
import { type Stage, sourceOf } from './stage.ts';

/** Begins at 1.0.0, and waits for a commit that changes the Deployment. */
async function change(
  stage: Stage,
  tag: string,
  options: Parameters<typeof deployment>[1] = {},
  args: string[] = [],
): Promise<void> {
  const repository = await stage.begin(web('1.0.0'));
  const revision = repository.commit(web(tag, options));
  await stage.gate({ revision, repository, target: stage.name, live: tag, args });
}

const RETRIES = { limit: 2, backoff: { duration: '2s', factor: 2, maxDuration: '10s' } };

/** What a rollout can come to. */
export const ROLLOUTS: readonly Scenario[] = [
  { name: 'good image', expected: expect('landed', { within: 40 }), play: (stage) => change(stage, '1.1.0') },
  {
    name: 'bad image, it never starts',
    expected: expect('failed', { says: /1\.1\.0-bad|progress deadline/ }),
    play: (stage) => change(stage, '1.1.0-bad'),
  },
  {
    name: 'degraded: the container crashes',
    expected: expect('failed', { says: /degraded/i }),
    play: (stage) => change(stage, '1.1.0-crash'),
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
    play: (stage) => change(stage, '1.1.0', { ready: 40, deadline: 60 }, ['--timeout', '15s']),
  },
  {
    name: 'degraded before, repaired by the commit',
    expected: expect('landed'),
    play: async (stage) => {
      const repository = await stage.repository(web('0.9.0-bad'));
      await stage.deploy({ source: sourceOf(repository) } as never);
      await stage.until('it is degraded', ({ health }) => health === 'Degraded');
      const revision = repository.commit(web('1.0.0'));
      await stage.gate({ revision, repository, target: stage.name, live: '1.0.0' });
    },
  },
  {
    name: 'live already',
    expected: expect('landed', { within: 6 }),
    play: async (stage) => {
      const repository = await stage.begin(web('1.0.0'));
      await new Promise((done) => setTimeout(done, 4000));
      await stage.gate({ revision: repository.head(), repository, target: stage.name, live: '1.0.0' });
    },
  },
  {
    name: 'commit that changes nothing for the application',
    expected: expect('landed', { within: 20 }),
    play: async (stage) => {
      const repository = await stage.begin(web('1.0.0'));
      const revision = repository.commit({ 'README.md': 'changed\n' });
      await stage.gate({ revision, repository, target: stage.name, live: '1.0.0' });
    },
  },
  {
    name: 'with the image as second proof',
    expected: expect('landed'),
    extra: true,
    play: (stage) => change(stage, '1.1.0', {}, ['--images', 'registry.example/shop/web:1.1.0']),
  },
  {
    name: 'the wanted image is not what the commit says',
    expected: expect('timedOut', { says: /1\.2\.0/ }),
    play: (stage) => change(stage, '1.1.0', {}, ['--images', 'registry.example/shop/web:1.2.0', '--timeout', '20s']),
  },
  {
    name: 'missing manifest path',
    expected: expect('failed', { says: /path/ }),
    play: async (stage) => {
      const repository = await stage.begin(web('1.0.0'));
      const revision = repository.commit({ 'deploy/web.yaml': undefined, 'elsewhere/web.yaml': deployment('1.1.0') });
      await stage.gate({ revision, repository, target: stage.name });
    },
  },
  {
    name: 'manifest that cannot be read',
    expected: expect('failed', { says: /manifest|yaml|json/i }),
    play: async (stage) => {
      const repository = await stage.begin(web('1.0.0'));
      const revision = repository.commit({ 'deploy/web.yaml': `${deployment('1.1.0')}: [\n` });
      await stage.gate({ revision, repository, target: stage.name });
    },
  },
  {
    name: 'object that the API server refuses',
    expected: expect('failed', { says: /99999/, within: 30 }),
    play: async (stage) => {
      const repository = await stage.begin({ ...web('1.0.0'), 'deploy/service.yaml': service(80) });
      const revision = repository.commit({ ...web('1.1.0'), 'deploy/service.yaml': service(99999) });
      await stage.gate({ revision, repository, target: stage.name });
    },
  },
  {
    name: 'retries of an older commit hold the fix back',
    expected: expect('landed'),
    play: async (stage) => {
      const repository = await refused(stage, RETRIES);
      const revision = repository.commit({ ...web('1.1.0'), 'deploy/service.yaml': service(81) });
      await stage.gate({ revision, repository, target: stage.name, live: '1.1.0' });
    },
  },
  {
    name: 'endless retries of an older commit hold the fix back',
    expected: expect('blocked', { says: /blocked by retries/, within: 30 }),
    play: async (stage) => {
      const repository = await refused(stage, { ...RETRIES, limit: -1 });
      const revision = repository.commit({ ...web('1.1.0'), 'deploy/service.yaml': service(81) });
      await stage.gate({ revision, repository, target: stage.name });
    },
  },
  {
    name: 'hook job that succeeds',
    expected: expect('landed'),
    extra: true,
    play: (stage) => hook(stage, '1.1.0'),
  },
  {
    name: 'hook job that fails',
    expected: expect('failed', { says: /migrate/ }),
    play: (stage) => hook(stage, '1.1.0-fail'),
  },
  {
    name: 'object pruned',
    expected: expect('landed'),
    extra: true,
    play: (stage) => removal(stage, true),
  },
  {
    name: 'object left over, prune is off',
    expected: expect('landed', { says: /to be pruned/ }),
    play: (stage) => removal(stage, false),
  },
  {
    name: 'operation terminated by hand',
    expected: expect('failed', { says: /terminated/i }),
    play: async (stage) => {
      const repository = await stage.begin({ ...web('1.0.0'), 'deploy/job.yaml': hookJob('1.0.0') });
      // A Job that never ends: the operation waits for it.
      const revision = repository.commit({ ...web('1.1.0'), 'deploy/job.yaml': hookJob('1.1.0-bad') });
      const during = async () => {
        await stage.until(
          'it is syncing',
          ({ phase, revisions }) => phase === 'Running' && revisions.includes(revision),
          30,
        );
        await stage.bed.call('DELETE', `/api/v1/applications/${stage.name}/operation`);
      };
      await stage.gate({ revision, repository, target: stage.name, during });
    },
  },
];

/** An application whose newest commit the API server refuses, in its first retry. */
async function refused(stage: Stage, retry: object): Promise<Repository> {
  const repository = await stage.begin({ ...web('1.0.0'), 'deploy/service.yaml': service(80) }, { retry });
  repository.commit({ 'deploy/service.yaml': service(99999) });
  await stage.refresh();
  await stage.until('it is tried again', ({ retries }) => retries > 0, 40);
  return repository;
}

async function hook(stage: Stage, tag: string): Promise<void> {
  const files = (image: string, migration: string) => ({ ...web(image), 'deploy/job.yaml': hookJob(migration) });
  const repository = await stage.begin(files('1.0.0', '1.0.0'), { retry: { ...RETRIES, limit: 1 } });
  const revision = repository.commit(files('1.1.0', tag));
  await stage.gate({ revision, repository, target: stage.name, live: '1.1.0' });
}

async function removal(stage: Stage, prune: boolean): Promise<void> {
  const repository = await stage.begin({ ...web('1.0.0'), 'deploy/old.yaml': configMap('old', '1') }, { prune });
  const revision = repository.commit({ ...web('1.1.0'), 'deploy/old.yaml': undefined });
  await stage.gate({ revision, repository, target: stage.name, live: '1.1.0' });
}
