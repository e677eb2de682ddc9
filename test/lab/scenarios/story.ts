import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Bed, PROJECT } from './bed.ts';
import { expect, type Scenario } from './scenario.ts';
import { applyObject, isLiveAt, type Stage } from './stage.ts';

/** A manifest as people write it. */
const manifest = (tag: string) => `# The shop.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  progressDeadlineSeconds: 10
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: registry.example/shop/web:${tag} # changed by the pipeline
`;

/** From the pull request to the rollback, on a real forge. */
export const STORY: readonly Scenario[] = [
  {
    name: 'the whole story',
    expected: expect('landed'),
    needs: 'gitea',
    play: async (stage) => {
      const repository = await openOnGitea(stage);
      await proposed(stage, repository);
      await failedAndRolledBack(stage, repository);
    },
  },
];

interface Hosted {
  readonly url: string;
  api(method: string, path: string, body?: object): Promise<unknown>;
}

/** A private repository with the first commit, read by Argo CD with a password, and live. */
async function openOnGitea(stage: Stage): Promise<Hosted> {
  const { bed, name } = stage;
  const own = `config-${randomUUID().slice(0, 8)}`;
  const { login } = (await askGitea(bed, 'GET', '/user')) as { login: string };
  await askGitea(bed, 'POST', '/user/repos', { name: own, private: true, default_branch: 'main', auto_init: true });
  const path = `/repos/${login}/${own}`;
  const content = Buffer.from(manifest('1.0.0')).toString('base64');
  await askGitea(bed, 'POST', `${path}/contents/apps/shop/web.yaml`, { content, message: 'first', branch: 'main' });
  const url = `${bed.gitea?.url}/${login}/${own}.git`;
  await applyObject(bed, credentials(bed, name, url, login));
  await stage.deploy({ source: { repoURL: url, targetRevision: 'main', path: 'apps/shop' } } as never);
  const api: Hosted['api'] = (method, rest, body) => askGitea(bed, method, `${path}${rest}`, body);
  await firstLive(stage, await headOf({ url, api }));
  return { url, api };
}

/** A repo-server that does not know the password yet shows an error, which only another look takes away. */
export async function firstLive(stage: Stage, head: string): Promise<void> {
  for (let tries = 0; tries < 5; tries++) {
    const isLive = await stage.until('the first commit is live', isLiveAt(head), 15).then(
      () => true,
      () => false,
    );
    if (isLive) return;
    await stage.refresh();
  }
  await stage.until('the first commit is live', isLiveAt(head), 15);
}

export function credentials(bed: Bed, name: string, url: string, username: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: bed.namespace, labels: { 'argocd.argoproj.io/secret-type': 'repository' } },
    stringData: { type: 'git', url, username, password: bed.gitea?.token },
  };
}

async function headOf({ api }: Hosted): Promise<string> {
  const { commit } = (await api('GET', '/branches/main')) as { commit: { id: string } };
  return commit.id;
}

/** `deliver` opens a pull request; a person merges it; it is synced, and waited for. */
async function proposed(stage: Stage, repository: Hosted): Promise<void> {
  const during = async () => {
    for (let tries = 0; tries < 120; tries++) {
      const open = (await repository.api('GET', '/pulls?state=open')) as readonly { number: number }[];
      const [first] = open;
      if (first !== undefined) return merge(repository, first.number);
      await sleep(500);
    }
    throw new Error('no pull request was opened');
  };
  await stage.gate({
    title: 'the whole story: pull request on Gitea, merged, synced, live',
    ...deliver(stage, repository, '1.1.0', ['--strategy', 'pull-request']),
    during,
    live: '1.1.0',
  });
}

async function merge({ api }: Hosted, number: number): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    // Gitea answers 405 until it has found out whether the request can be merged.
    const done = await api('POST', `/pulls/${number}/merge`, { Do: 'squash' }).then(
      () => true,
      () => false,
    );
    if (done) return;
    await sleep(500);
  }
  throw new Error(`pull request ${number} could not be merged`);
}

/** `deliver` of an image that never starts: told, undone by a commit, healthy again, and still a failure. */
async function failedAndRolledBack(stage: Stage, repository: Hosted): Promise<void> {
  await stage.gate({
    title: 'the whole story: bad image, its diagnosis, rolled back',
    ...deliver(stage, repository, '1.2.0-bad', ['--strategy', 'commit', '--on-failure', 'rollback']),
    expected: expect('failed', { says: /1\.2\.0-bad/ }),
    check: async () => {
      const file = (await repository.api('GET', '/contents/apps/shop/web.yaml')) as { content: string };
      if (Buffer.from(file.content, 'base64').toString() !== manifest('1.1.0')) return 'the manifest was not put back';
      await stage.until('it is healthy again', isLiveAt(await headOf(repository)), 5);
      return '';
    },
  });
}

function deliver({ bed, name }: Stage, { url }: Hosted, tag: string, more: readonly string[]) {
  const what = ['--images', `registry.example/shop/web:${tag}`, '--config-repository', url, '--files', 'apps/shop/**'];
  const where = [
    '--forge',
    'gitea',
    '--forge-url',
    bed.gitea?.url ?? '',
    '--targets',
    name,
    '--argocd-project',
    PROJECT,
  ];
  const env = { DRAWBRIDGE_TOKEN: bed.gitea?.token ?? '' };
  return { revision: '', target: name, command: ['deliver', ...what, ...where, ...more], env };
}

/** @throws Error with Gitea's answer */
export async function askGitea(
  { gitea }: Pick<Bed, 'gitea'>,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const headers = { authorization: `token ${gitea?.token}`, 'content-type': 'application/json' };
  const init = { method, headers, signal: AbortSignal.timeout(30_000) };
  const response = await fetch(
    `${gitea?.url}/api/v1${path}`,
    body === undefined ? init : { ...init, body: JSON.stringify(body) },
  );
  const text = await response.text();
  if (!response.ok) throw new Error(`Gitea: ${method} ${path}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
