import { setTimeout as sleep } from 'node:timers/promises';
import type { Repository } from '../gate.ts';
import { deployment, web } from '../manifests.ts';
import { expect, type Scenario } from '../scenario.ts';
import { kustomization } from './objects.ts';
import { type FluxStage, isLiveAt, isTrying } from './stage.ts';

const APP = 'Kustomization/app';

async function pushed(stage: FluxStage): Promise<{ repository: Repository; first: string }> {
  const repository = await stage.begin(web('1.0.0'));
  return { repository, first: repository.head() };
}

/** Something happens in the repository while the wanted commit rolls out. */
async function overtaken(
  stage: FluxStage,
  then: (repository: Repository, first: string) => void,
  ready = 20,
): Promise<void> {
  const { repository, first } = await pushed(stage);
  const revision = repository.commit(web('1.1.0', { ready, deadline: 60 }));
  const during = async () => {
    await stage.until(APP, 'it is tried', isTrying(revision), 40);
    then(repository, first);
    await stage.nudge('GitRepository/app');
  };
  await stage.gate({ revision, repository, target: APP, during });
}

/** How the wanted commit and the live one can be related, and what keeps a change away. */
export const HISTORIES: readonly Scenario<FluxStage>[] = [
  {
    name: 'nobody but the gate tells Flux of the commit',
    expected: expect('landed', { within: 40 }),
    play: async (stage) => {
      const { repository } = await pushed(stage);
      const revision = repository.commit(web('1.1.0'));
      await stage.gate({ revision, repository, target: APP, live: '1.1.0', alone: true });
    },
  },
  {
    name: 'nobody tells Flux of the commit',
    expected: expect('timedOut', { says: /unseen/ }),
    play: async (stage) => {
      const { repository } = await pushed(stage);
      const revision = repository.commit(web('1.1.0'));
      const args = ['--refresh=false', '--timeout', '12s'];
      await stage.gate({ revision, repository, target: APP, args, alone: true });
    },
  },
  {
    name: 'no target is named: it is found by the changed file',
    expected: expect('landed'),
    play: async (stage) => {
      const { repository } = await pushed(stage);
      const revision = repository.commit(web('1.1.0'));
      await stage.gate({ revision, repository, live: '1.1.0' });
    },
  },
  {
    name: 'two commits in a row: the first is waited for',
    expected: expect('landed'),
    play: async (stage) => {
      const { repository } = await pushed(stage);
      const revision = repository.commit(web('1.1.0'));
      const during = async () => {
        await stage.until(APP, 'the first is tried', isTrying(revision), 40);
        repository.commit({ 'deploy/more.yaml': deployment('1.0.0', { name: 'more' }) });
        await stage.nudge('GitRepository/app');
      };
      await stage.gate({ revision, repository, target: APP, live: '1.1.0', during });
    },
  },
  {
    name: 'two commits in one push: the first is waited for',
    expected: expect('landed'),
    extra: true,
    play: async (stage) => {
      const { repository } = await pushed(stage);
      const revision = repository.commit(web('1.1.0'));
      repository.commit({ 'README.md': 'more\n' });
      await stage.gate({ revision, repository, target: APP, live: '1.1.0' });
    },
  },
  {
    name: 'squashed: the head of the request is waited for',
    expected: expect('timedOut'),
    extra: true,
    play: async (stage) => {
      const { repository, first } = await pushed(stage);
      const revision = repository.commit(web('1.1.0'), { branch: 'topic', from: first });
      repository.commit(web('1.1.0'), { message: 'release (#1)' });
      await stage.gate({ revision, repository, target: APP, args: ['--timeout', '25s'] });
    },
  },
  {
    name: 'reverted before it was seen',
    expected: expect('superseded'),
    play: async (stage) => {
      const { repository } = await pushed(stage);
      const revision = repository.commit(web('1.1.0'));
      repository.commit(web('1.0.0'), { message: 'Revert' });
      await stage.gate({ revision, repository, target: APP });
    },
  },
  {
    name: 'reverted during the rollout',
    expected: expect('superseded'),
    play: (stage) => overtaken(stage, (repository) => void repository.commit(web('1.0.0'), { message: 'Revert' })),
  },
  {
    name: 'branch forced to another commit during the rollout',
    expected: expect('superseded'),
    play: (stage) =>
      overtaken(stage, (repository, first) => void repository.commit(web('1.2.0'), { from: first, message: 'other' })),
  },
  {
    name: 'branch forced to another commit with the same content',
    expected: expect('superseded'),
    extra: true,
    play: (stage) =>
      overtaken(stage, (repository, first) => {
        repository.commit(web('1.1.0', { ready: 20, deadline: 60 }), { from: first, message: 'other' });
      }),
  },
  {
    name: 'Kustomization is suspended',
    expected: expect('blocked', { says: /suspended/, within: 20 }),
    play: (stage) => suspended(stage, APP),
  },
  {
    name: 'source is suspended',
    expected: expect('blocked', { says: /suspended/, within: 20 }),
    play: (stage) => suspended(stage, 'GitRepository/app'),
  },
  {
    name: 'the source follows a branch that is gone',
    expected: expect('blocked', { says: /absent/, within: 40 }),
    play: async (stage) => {
      const { repository } = await pushed(stage);
      await stage.patch('GitRepository/app', { ref: { branch: 'absent' } });
      const revision = repository.commit(web('1.1.0'));
      await stage.gate({ revision, repository, target: APP });
    },
  },
  {
    name: 'the Git server fails for a while',
    expected: expect('landed'),
    play: async (stage) => {
      const { repository } = await pushed(stage);
      const revision = repository.commit(web('1.1.0'));
      repository.fault({ when: /info\/refs/, times: 3, status: 503 });
      await stage.gate({ revision, repository, target: APP, live: '1.1.0' });
    },
  },
  {
    name: 'a specification that Flux refuses',
    expected: expect('failed', { says: /CEL/ }),
    play: async (stage) => {
      const { repository } = await pushed(stage);
      const healthCheckExprs = [{ apiVersion: 'apps/v1', kind: 'Deployment', current: 'this is not CEL (' }];
      const during = async () => {
        await sleep(3000);
        await stage.patch(APP, { healthCheckExprs });
      };
      const args = ['--stable-for', '30s'];
      await stage.gate({ revision: repository.head(), repository, target: APP, during, args });
    },
  },
  {
    name: 'its dependency fails',
    expected: expect('failed', { says: /infra/ }),
    play: async (stage) => {
      const { repository } = await dependent(stage);
      const revision = repository.commit({ ...web('1.1.0'), ...infra('1.1.0-bad') });
      await stage.gate({ revision, repository, target: APP });
    },
  },
  {
    name: 'its dependency takes its time',
    expected: expect('landed'),
    play: async (stage) => {
      const { repository } = await dependent(stage);
      const revision = repository.commit({ ...web('1.1.0'), ...infra('1.1.0') });
      await stage.gate({ revision, repository, target: APP, live: '1.1.0' });
    },
  },
  {
    name: 'a Kustomization that applies another',
    expected: expect('landed'),
    play: (stage) => nested(stage, '1.1.0'),
  },
  {
    name: 'a Kustomization that applies another, whose image is bad',
    expected: expect('failed', { says: /1\.1\.0-bad/ }),
    play: (stage) => nested(stage, '1.1.0-bad'),
  },
];

async function suspended(stage: FluxStage, object: string): Promise<void> {
  const { repository } = await pushed(stage);
  await stage.patch(object, { suspend: true });
  const revision = repository.commit(web('1.1.0'));
  await stage.gate({ revision, repository, target: APP });
}

const infra = (tag: string) => ({ 'infra/infra.yaml': deployment(tag, { name: 'infra' }) });

/** `app` depends on `infra`, of the same repository. */
async function dependent(stage: FluxStage): Promise<{ repository: Repository }> {
  const infrastructure = kustomization(stage.name, { path: './infra', timeout: '30s' }, 'infra');
  await stage.apply(infrastructure);
  return { repository: await stage.begin({ ...web('1.0.0'), ...infra('1.0.0') }, { dependsOn: [{ name: 'infra' }] }) };
}

/** `app` applies the Kustomization `child`, and does not check its health itself. */
async function nested(stage: FluxStage, tag: string): Promise<void> {
  const child = JSON.stringify(kustomization(stage.name, {}, 'child'));
  const spec = { path: './cluster', wait: false };
  const repository = await stage.begin({ ...web('1.0.0'), 'cluster/child.yaml': child }, spec);
  await stage.until('Kustomization/child', 'the first commit is live', isLiveAt(repository.head()));
  const revision = repository.commit(web(tag));
  await stage.gate({ revision, repository, target: APP, live: tag });
}
