import { setTimeout as sleep } from 'node:timers/promises';
import { startServer, startTlsServer } from '../argocd.ts';
import { isAlive, stop } from '../processes.ts';
import { PROJECT, project, roleToken } from './bed.ts';
import { web } from './manifests.ts';
import { expect, type Scenario, unreachable } from './scenario.ts';
import { applyObject, isLiveAt, type Stage } from './stage.ts';

/** Who may do what, and what keeps a change away. */
export const ACCESS: readonly Scenario[] = [
  {
    name: 'least rights: applications, get and nothing else',
    expected: expect('landed'),
    play: async (stage) => {
      const repository = await stage.begin(web('1.0.0'));
      const sync = await stage.bed.call('POST', `/api/v1/applications/${stage.name}/sync`, {}, stage.bed.gateToken);
      if (sync.status !== 403) throw new Error(`the role may sync: ${sync.status}`);
      const revision = repository.commit(web('1.1.0'));
      await stage.gate({ revision, repository, target: stage.name, live: '1.1.0' });
    },
  },
  {
    name: 'missing application',
    expected: unreachable(69),
    play: async (stage) => {
      const repository = await stage.repository(web('1.0.0'));
      await stage.gate({ revision: repository.head(), repository, target: `${stage.name}-typo` });
    },
  },
  {
    name: 'application of a project that the role cannot see',
    // Argo CD tells a missing application and a forbidden one alike, so both readings are named.
    expected: unreachable(69, /does not exist, or the token may not read it/),
    play: async (stage) => {
      const other = `${PROJECT}-other`;
      await applyObject(stage.bed, project(stage.bed.namespace, other));
      const repository = await stage.repository(web('1.0.0'));
      const source = { repoURL: repository.url, targetRevision: 'main', path: 'deploy' };
      await stage.deploy({ source, project: other } as never);
      const command = ['wait', '--revision', repository.head(), '--targets', stage.name];
      await stage.gate({ revision: repository.head(), target: stage.name, command });
    },
  },
  {
    name: 'application that appears late',
    expected: expect('landed'),
    play: async (stage) => {
      const repository = await stage.repository(web('1.0.0'));
      const source = { repoURL: repository.url, targetRevision: 'main', path: 'deploy' };
      const during = async () => {
        await sleep(4000);
        await stage.deploy({ source } as never);
      };
      const args = ['--appear-timeout', '30s'];
      await stage.gate({ revision: repository.head(), repository, target: stage.name, during, live: '1.0.0', args });
    },
  },
  {
    name: 'application in another namespace',
    expected: expect('landed'),
    needs: 'namespaces',
    play: async (stage) => {
      const namespace = 'lab-team-a';
      await applyObject(stage.bed, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
      const repository = await stage.begin(web('1.0.0'), { namespace });
      const revision = repository.commit(web('1.1.0'));
      const args = ['--application-namespace', namespace];
      await stage.gate({ revision, repository, target: stage.name, live: '1.1.0', args });
    },
  },
  {
    name: 'out of sync, automatic sync is off',
    expected: expect('blocked', { says: /automatic sync|auto-sync/i, within: 20 }),
    play: (stage) => manual(stage, []),
  },
  {
    name: 'out of sync, automatic sync is off, sync: if-needed',
    expected: expect('landed'),
    play: (stage) => manual(stage, ['--sync', 'if-needed']),
  },
  {
    name: 'closed sync window',
    expected: expect('blocked', { says: /window/i, within: 20 }),
    play: async (stage) => {
      const own = stage.name;
      const roles = [{ name: 'gate', policies: [`p, proj:${own}:gate, applications, get, ${own}/*, allow`] }];
      await applyObject(stage.bed, project(stage.bed.namespace, own, { roles }));
      const repository = await beginIn(stage, own);
      const syncWindows = [{ kind: 'deny', schedule: '* * * * *', duration: '1h', applications: ['*'] }];
      await applyObject(stage.bed, project(stage.bed.namespace, own, { roles, syncWindows }));
      const revision = repository.commit(web('1.1.0'));
      const command = ['wait', '--revision', revision, '--targets', own, '--argocd-project', own];
      await stage.gate({ revision, target: own, command, token: stage.bed.token });
    },
  },
  {
    name: 'reconciliation switched off by its annotation',
    expected: expect('blocked', { says: /skip-reconcile/, within: 20 }),
    play: async (stage) => {
      const repository = await stage.begin(web('1.0.0'));
      const note = 'argocd.argoproj.io/skip-reconcile=true';
      await stage.bed.kubectl(['annotate', 'applications.argoproj.io', stage.name, '-n', stage.bed.namespace, note]);
      const revision = repository.commit(web('1.1.0'));
      await stage.gate({ revision, repository, target: stage.name });
    },
  },
  {
    name: 'token that expires during the wait',
    expected: unreachable(77, /expired/i),
    play: async (stage) => {
      const repository = await stage.begin(web('1.0.0'));
      const token = await roleToken(stage.bed, 'gate', 15);
      const revision = repository.commit(web('1.1.0', { ready: 60, deadline: 120 }));
      await stage.gate({ revision, repository, target: stage.name, token });
    },
  },
  {
    name: 'server with a private authority, below a path',
    expected: expect('landed'),
    needs: 'lab',
    play: async (stage) => {
      const { place } = stage.bed;
      if (place === undefined) throw new Error('only a lab of ours has a second server');
      const { url, authority } = await startTlsServer(place, '/argocd');
      const repository = await stage.begin(web('1.0.0'));
      const revision = repository.commit(web('1.1.0'));
      const command = ['wait', '--revision', revision, '--targets', stage.name, '--argocd-project', PROJECT];
      const args = ['--ca-certificate', authority];
      await stage.gate({ revision, target: stage.name, live: '1.1.0', command, server: url, args });
    },
  },
  {
    name: 'restart of the API server during the wait',
    expected: expect('landed'),
    alone: true,
    needs: 'lab',
    play: async (stage) => {
      const repository = await stage.begin(web('1.0.0'));
      const revision = repository.commit(web('1.1.0', { ready: 12, deadline: 60 }));
      const during = async () => {
        await stage.until(
          'it rolls',
          ({ revisions, health }) => revisions.includes(revision) && health === 'Progressing',
          30,
        );
        await restartServer(stage);
      };
      await stage.gate({ revision, repository, target: stage.name, live: '1.1.0', during });
    },
  },
];

/** Ends the API server of Argo CD, leaves it away for some seconds, and starts it again. */
export async function restartServer({ bed: { place } }: Pick<Stage, 'bed'>): Promise<void> {
  if (place === undefined) throw new Error('only a lab of ours can be restarted');
  await stop(place, ['argocd-server'], 2);
  await sleep(3000);
  if (!isAlive(place, 'argocd-server')) await startServer(place);
}

async function manual(stage: Stage, args: readonly string[]): Promise<void> {
  const repository = await stage.begin(web('1.0.0'), { auto: false });
  await stage.bed.call('POST', `/api/v1/applications/${stage.name}/sync`, {});
  await stage.until('the first commit is live', isLiveAt(repository.head()));
  const revision = repository.commit(web('1.1.0'));
  await stage.gate({ revision, repository, target: stage.name, live: '1.1.0', args, token: stage.bed.deployerToken });
}

/** The same as `stage.begin`, in a project that the gate's role is not part of. */
async function beginIn(stage: Stage, own: string) {
  const repository = await stage.repository(web('1.0.0'));
  await stage.deploy({
    source: { repoURL: repository.url, targetRevision: 'main', path: 'deploy' },
    project: own,
  } as never);
  for (let tries = 0; tries < 120; tries++) {
    const { body } = await stage.bed.call('GET', `/api/v1/applications/${own}`);
    const { health, sync } = (body.status ?? {}) as { health?: { status?: string }; sync?: { status?: string } };
    if (health?.status === 'Healthy' && sync?.status === 'Synced') return repository;
    await sleep(500);
  }
  throw new Error(`${own} did not become healthy`);
}
