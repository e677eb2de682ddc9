import { randomUUID } from 'node:crypto';
import { web } from '../manifests.ts';
import { expect, type Scenario } from '../scenario.ts';
import { askGitea } from '../story.ts';
import { gitRepository, kustomization } from './objects.ts';
import { type FluxStage, isLiveAt } from './stage.ts';

const NOTIFICATION = 'notification.toolkit.fluxcd.io/v1beta3';

/** Flux tells the forge, and the gate, which has no access to the cluster, reads it there. */
export const COMMIT_STATUS: readonly Scenario<FluxStage>[] = [
  {
    name: 'commit status on Gitea: good image, no access to the cluster',
    expected: expect('landed'),
    needs: 'gitea',
    play: (stage) => told(stage, '1.1.0'),
  },
  {
    name: 'commit status on Gitea: bad image, no access to the cluster',
    expected: expect('failed', { says: /health check failed/ }),
    needs: 'gitea',
    play: (stage) => told(stage, '1.1.0-bad'),
  },
  {
    name: 'commit status on Gitea: a Receiver is called, so that Flux looks at once',
    expected: expect('landed', { within: 60 }),
    needs: 'gitea',
    play: async (stage) => told(stage, '1.1.0', await receiver(stage)),
  },
];

const KEY = 'only-for-the-lab';

/** The flags to call a Receiver with, which asks the source of the stage to look. */
async function receiver(stage: FluxStage): Promise<readonly string[]> {
  const { bed, name } = stage;
  if (bed.receiver === undefined) throw new Error('LAB_FLUX_RECEIVER does not say where Receivers are called');
  const metadata = { name: 'push', namespace: name };
  await stage.apply({ apiVersion: 'v1', kind: 'Secret', metadata, stringData: { token: KEY } });
  const resources = [{ apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'GitRepository', name: 'app' }];
  const spec = { type: 'generic-hmac', secretRef: { name: 'push' }, resources };
  await stage.apply({ apiVersion: 'notification.toolkit.fluxcd.io/v1', kind: 'Receiver', metadata, spec });
  let path = '';
  await stage.until('Receiver/push', 'it has an address', ({ status }) => {
    path = status?.webhookPath ?? '';
    return path !== '';
  });
  return ['--flux-receiver', `${bed.receiver}${path}`];
}

async function told(stage: FluxStage, tag: string, call?: readonly string[]): Promise<void> {
  const { url, commit } = await hosted(stage, '1.0.0');
  const revision = await commit(tag);
  if (call === undefined) await stage.nudge('GitRepository/app');
  const command = ['wait', '--engine', 'commit-status', '--contexts', 'kustomization/app/*', '--revision', revision];
  const where = ['--config-repository', url, '--forge', 'gitea'];
  const env = { DRAWBRIDGE_TOKEN: stage.bed.gitea?.token ?? '', FLUX_RECEIVER_KEY: KEY };
  await stage.gate({ revision, command: [...command, ...where, ...(call ?? [])], env, live: tag });
}

export interface Hosted {
  readonly url: string;
  /** In the API of Gitea. */
  readonly path: string;
  /** Changes the tag. Returns the commit. */
  commit(tag: string): Promise<string>;
}

/** A private repository on Gitea that Flux reads with a password, live at its first commit, and told of what comes of it. */
export async function hosted({ bed, apply, until, name }: FluxStage, tag: string): Promise<Hosted> {
  const own = `config-${randomUUID().slice(0, 8)}`;
  const { login } = (await askGitea(bed, 'GET', '/user')) as { login: string };
  await askGitea(bed, 'POST', '/user/repos', { name: own, private: true, default_branch: 'main', auto_init: true });
  const address = `${bed.gitea?.url}/${login}/${own}`;
  const path = `/repos/${login}/${own}`;
  const commit: Hosted['commit'] = async (next) => write(bed, `${path}/contents`, web(next));
  const head = await commit(tag);
  for (const object of secrets(name, login, bed.gitea?.token ?? '')) await apply(object);
  for (const object of notifications(name, address)) await apply(object);
  await apply(gitRepository(name, `${address}.git`, { secretRef: { name: 'git' } }));
  await apply(kustomization(name, { timeout: '30s' }));
  await until('Kustomization/app', 'the first commit is live', isLiveAt(head));
  return { url: `${address}.git`, path, commit };
}

/** One commit with those files, new or changed. */
async function write(bed: FluxStage['bed'], path: string, contents: Readonly<Record<string, string>>): Promise<string> {
  const files = Object.entries(contents).map(([file, text]) => ({
    ...{ operation: 'upload', path: file, content: Buffer.from(text).toString('base64') },
  }));
  const made = await askGitea(bed, 'POST', path, { branch: 'main', message: 'change', files });
  return (made as { commit: { sha: string } }).commit.sha;
}

function secrets(namespace: string, username: string, token: string): readonly object[] {
  const secret = (name: string, stringData: object) => ({
    ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, stringData },
  });
  return [secret('git', { username, password: token }), secret('forge', { token })];
}

/** https://fluxcd.io/flux/components/notification/providers/#gitea */
function notifications(namespace: string, address: string): readonly object[] {
  const metadata = { name: 'gitea', namespace };
  const provider = { type: 'gitea', address, secretRef: { name: 'forge' } };
  const eventSources = [{ kind: 'Kustomization', name: '*' }];
  return [
    { apiVersion: NOTIFICATION, kind: 'Provider', metadata, spec: provider },
    {
      apiVersion: NOTIFICATION,
      kind: 'Alert',
      metadata,
      spec: { providerRef: { name: 'gitea' }, eventSeverity: 'info', eventSources },
    },
  ];
}
