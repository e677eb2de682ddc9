import type { Repository } from './gate.ts';
import { deployment, web } from './manifests.ts';
import { expect, type Scenario } from './scenario.ts';
import { isLiveAt, type Stage } from './stage.ts';

const pushed = async (stage: Stage): Promise<{ repository: Repository; first: string }> => {
  const repository = await stage.begin(web('1.0.0'));
  return { repository, first: repository.head() };
};

/** How the wanted commit and the live one can be related. */
export const HISTORIES: readonly Scenario[] = [
  {
    name: 'stale revision: nobody tells Argo CD of the commit',
    expected: expect('timedOut', { says: /unseen/ }),
    play: async (stage) => {
      const { repository } = await pushed(stage);
      const revision = repository.commit(web('1.1.0'));
      await stage.gate({
        revision,
        repository,
        target: stage.name,
        live: '1.1.0',
        args: ['--refresh=false', '--timeout', '12s'],
      });
    },
  },
  {
    name: 'refresh nudge, instead of the next poll',
    expected: expect('landed', { within: 40 }),
    extra: true,
    play: async (stage) => {
      const { repository } = await pushed(stage);
      const revision = repository.commit(web('1.1.0'));
      await stage.gate({ revision, repository, target: stage.name, live: '1.1.0', args: ['--refresh=true'] });
    },
  },
  {
    name: 'a newer commit that contains it',
    expected: expect('landed'),
    play: async (stage) => {
      const { repository } = await pushed(stage);
      const revision = repository.commit(web('1.1.0'));
      repository.commit({ 'README.md': 'more\n' });
      await stage.gate({ revision, repository, target: stage.name, live: '1.1.0' });
    },
  },
  {
    name: 'squashed: the merged commit is waited for',
    expected: expect('landed'),
    extra: true,
    play: async (stage) => {
      const { repository, first } = await pushed(stage);
      repository.commit(web('1.1.0'), { branch: 'topic', from: first });
      repository.commit({ 'README.md': 'moved on\n' });
      const revision = repository.commit(web('1.1.0'), { message: 'release (#1)' });
      await stage.gate({ revision, repository, target: stage.name, live: '1.1.0' });
    },
  },
  {
    name: 'squashed: the head of the request is waited for',
    expected: expect('timedOut'),
    play: async (stage) => {
      const { repository, first } = await pushed(stage);
      const revision = repository.commit(web('1.1.0'), { branch: 'topic', from: first });
      repository.commit(web('1.1.0'), { message: 'release (#1)' });
      await stage.gate({ revision, repository, target: stage.name, args: ['--timeout', '20s'] });
    },
  },
  {
    name: 'rebased: the head of the request is waited for',
    expected: expect('timedOut'),
    extra: true,
    play: async (stage) => {
      const { repository, first } = await pushed(stage);
      const revision = repository.commit(web('1.1.0'), { branch: 'topic', from: first });
      repository.commit({ 'README.md': 'moved on\n' });
      repository.commit(web('1.1.0'), { message: 'change' });
      await stage.gate({ revision, repository, target: stage.name, args: ['--timeout', '20s'] });
    },
  },
  {
    name: 'reverted before it was seen',
    expected: expect('superseded'),
    play: async (stage) => {
      const { repository } = await pushed(stage);
      const revision = repository.commit(web('1.1.0'));
      repository.commit(web('1.0.0'), { message: 'Revert' });
      await stage.gate({ revision, repository, target: stage.name });
    },
  },
  {
    name: 'reverted during the rollout',
    expected: expect('superseded'),
    play: async (stage) => {
      const { repository } = await pushed(stage);
      const revision = repository.commit(web('1.1.0', { ready: 25, deadline: 60 }));
      const during = async () => {
        await stage.until(
          'it rolls',
          ({ revisions, health }) => revisions.includes(revision) && health === 'Progressing',
          30,
        );
        repository.commit(web('1.0.0'), { message: 'Revert' });
        await stage.refresh();
      };
      await stage.gate({ revision, repository, target: stage.name, during });
    },
  },
  {
    name: 'branch forced to another commit during the rollout',
    expected: expect('superseded'),
    play: async (stage) => {
      const { repository, first } = await pushed(stage);
      const revision = repository.commit(web('1.1.0', { ready: 25, deadline: 60 }));
      const during = async () => {
        await stage.until(
          'it rolls',
          ({ revisions, health }) => revisions.includes(revision) && health === 'Progressing',
          30,
        );
        repository.commit(web('1.2.0'), { from: first, message: 'another way' });
        await stage.refresh();
      };
      await stage.gate({ revision, repository, target: stage.name, during });
    },
  },
  {
    name: 'rolled back in Argo CD during the settling',
    expected: expect('superseded'),
    play: async (stage) => {
      const repository = await stage.begin(web('1.0.0'), { auto: false });
      const sync = (revision: string) =>
        stage.bed.call('POST', `/api/v1/applications/${stage.name}/sync`, { revision });
      await sync(repository.head());
      await stage.until('the first commit is live', isLiveAt(repository.head()));
      const revision = repository.commit(web('1.1.0'));
      await stage.refresh();
      await stage.until('it is seen', ({ revisions }) => revisions.includes(revision));
      await sync(revision);
      const during = async () => {
        await stage.until('it is live', isLiveAt(revision), 40);
        await rollBack(stage);
      };
      await stage.gate({ revision, repository, target: stage.name, during, args: ['--stable-for', '30s'] });
    },
  },
  {
    name: 'two Git sources and the values of a third',
    expected: expect('landed'),
    play: (stage) => severalSources(stage),
  },
];

async function rollBack(stage: Stage): Promise<void> {
  const { body } = await stage.bed.call('GET', `/api/v1/applications/${stage.name}`);
  const { status } = body as { status: { history: readonly { id: number }[] } };
  await stage.bed.call('POST', `/api/v1/applications/${stage.name}/rollback`, { id: status.history[0]?.id ?? 0 });
}

async function severalSources(stage: Stage): Promise<void> {
  const chart = await stage.repository({
    'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 0.1.0\n',
    'chart/values.yaml': 'tag: none\n',
    'chart/templates/web.yaml': deployment('{{ .Values.tag }}'),
  });
  const values = await stage.repository({ 'web.yaml': 'tag: "1.0.0"\n' });
  const extra = await stage.repository({ 'deploy/extra.yaml': deployment('1.0.0', { name: 'extra' }) });
  const sources = [
    { repoURL: chart.url, targetRevision: 'main', path: 'chart', helm: { valueFiles: ['$values/web.yaml'] } },
    { repoURL: values.url, targetRevision: 'main', ref: 'values' },
    { repoURL: extra.url, targetRevision: 'main', path: 'deploy' },
  ];
  await stage.deploy({ sources } as never);
  await stage.until('the first commits are live', isLiveAt(values.head()));
  const revision = values.commit({ 'web.yaml': 'tag: "1.1.0"\n' });
  await stage.gate({ revision, repository: values, target: stage.name, live: '1.1.0' });
}
