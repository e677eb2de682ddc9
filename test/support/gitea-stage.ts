import { setTimeout as sleepReally } from 'node:timers/promises';
import type { Clock } from '../../src/host.ts';
import type { Onlooker, RequestsStage, SeenRequest, Stage, StatusesStage, Way } from '../forges/contract-stage.ts';
import { createBareRepository } from './bare-repository.ts';
import { createGiteaRepository } from './gitea-served.ts';
import { skippingClock } from './real-host.ts';

/** Where one is, with a token of all rights and one that may only read. */
const { GITEA_URL = '', GITEA_TOKEN = '', GITEA_READER_TOKEN = '' } = process.env;
/** Milliseconds that its background work gets at most for each pause of ours. */
const LONGEST_PAUSE = 500;

export const isGiteaThere = GITEA_URL !== '';

type Api = (
  method: string,
  path: string,
  body?: object,
) => Promise<{ readonly status: number; readonly json: unknown }>;

/** Calls of the API as its administrator. */
const api: Api = async (method, path, body) => {
  const answer = await fetch(`${GITEA_URL}/api/v1${path}`, {
    method,
    headers: { authorization: `token ${GITEA_TOKEN}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, json: await answer.json().catch(() => undefined) };
};

async function change(method: string, path: string, body: object): Promise<void> {
  const { status, json } = await api(method, path, body);
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(json)}`);
}

/** A repository of its own on the real server. */
export async function createGiteaStage(files: Readonly<Record<string, string>>): Promise<Stage> {
  const name = await createGiteaRepository({ url: GITEA_URL, token: GITEA_TOKEN }, files);
  const path = `/repos/lab/${name}`;
  const bare = createBareRepository();
  const repository = remote(bare, `${GITEA_URL.replace('://', `://lab:${GITEA_TOKEN}@`)}/lab/${name}.git`);
  await change('POST', `${path}/labels`, { name: 'bump', color: '#00ff00' });
  await api('PUT', `${path}/collaborators/reader`, { permission: 'read' });
  return {
    forge: 'gitea',
    url: `${GITEA_URL}/lab/${name}.git`,
    repository,
    tokens: { writer: GITEA_TOKEN, reader: GITEA_READER_TOKEN, nobody: 'f'.repeat(40) },
    protect: async () => {
      await change('POST', `${path}/branch_protections`, { rule_name: 'main', enable_push: false });
      return /not allowed to push to protected branch main/i;
    },
    requests: requestsOf(path),
    statuses: statusesOf(path),
    clock: patientClock,
    end: async () => {
      await api('DELETE', path);
      bare.remove();
      return [];
    },
  };
}

/** A token of the owner that may do no more than its scopes say. */
export async function scopedToken(scopes: readonly string[]): Promise<string> {
  const login = Buffer.from('lab:only-for-tests').toString('base64');
  const answer = await fetch(`${GITEA_URL}/api/v1/users/lab/tokens`, {
    method: 'POST',
    headers: { authorization: `Basic ${login}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: `scoped ${scopes} ${Date.now()}`, scopes }),
  });
  const { sha1 } = (await answer.json()) as { readonly sha1: string };
  return sha1;
}

/** As the bare repository, but the branches are those of the server: fetched before, pushed after. */
function remote(bare: ReturnType<typeof createBareRepository>, url: string): Onlooker {
  bare.git('remote', 'add', 'origin', url);
  const fetched = <Args extends unknown[], T>(look: (...args: Args) => T) => {
    return (...args: Args): T => {
      bare.git('fetch', '--quiet', '--prune', 'origin', '+refs/heads/*:refs/heads/*');
      return look(...args);
    };
  };
  return {
    git: fetched(bare.git),
    head: fetched(bare.head),
    history: fetched(bare.history),
    text: fetched(bare.text),
    commit: fetched((files, options = {}) => {
      const made = bare.commit(files, options);
      bare.git('push', '--quiet', 'origin', options.branch ?? 'main');
      return made;
    }),
    move: (branch, revision) =>
      void bare.git('push', '--quiet', '--force', 'origin', `${revision ?? ''}:refs/heads/${branch}`),
  };
}

/** Ours goes on by the whole pause, the server's by a part of it. */
function patientClock(): Clock {
  const clock = skippingClock();
  return {
    ...clock,
    sleep: async (milliseconds, signal) => {
      await sleepReally(Math.min(milliseconds, LONGEST_PAUSE));
      await clock.sleep(milliseconds, signal);
    },
  };
}

const STYLES: Readonly<Record<Way, string>> = {
  merge: 'merge',
  squash: 'squash',
  rebase: 'rebase',
  'fast-forward': 'fast-forward-only',
};

function requestsOf(path: string): RequestsStage {
  let isProtected = false;
  return {
    colleague: 'reader',
    all: async () => {
      const { json } = await api('GET', `${path}/pulls?state=all`);
      const pulls = (json as readonly PullJson[]).toSorted((a, b) => a.number - b.number);
      return Promise.all(pulls.map((pull) => seen(path, pull)));
    },
    close: (number) => change('PATCH', `${path}/pulls/${number}`, { state: 'closed' }),
    merge: async (number, way) => {
      await change('PATCH', path, { allow_fast_forward_only_merge: true });
      await untilTaken('POST', `${path}/pulls/${number}/merge`, { Do: STYLES[way] });
    },
    checks: async (state) => {
      if (state === 'pending') {
        isProtected = true;
        const checks = { enable_status_check: true, status_check_contexts: ['ci'] };
        await change('POST', `${path}/branch_protections`, { rule_name: 'main', enable_push: true, ...checks });
      }
      if (state === 'passed' && isProtected) await passCi(path);
    },
    forbid: async () => {
      await change('PATCH', path, { allow_squash_merge: false, default_merge_style: 'merge' });
      return /squash|not allowed|style/i;
    },
    fastForwardOnly: async () => {
      const others = {
        allow_merge_commits: false,
        allow_rebase: false,
        allow_rebase_explicit: false,
        allow_squash_merge: false,
      };
      const only = { allow_fast_forward_only_merge: true, default_merge_style: 'fast-forward-only' };
      await change('PATCH', path, { ...others, ...only });
    },
  };
}

function statusesOf(path: string): StatusesStage {
  return {
    many: 60,
    all: async (revision) => {
      const { json } = await api('GET', `${path}/commits/${revision}/statuses`);
      return json as readonly { readonly context: string; readonly description: string }[];
    },
    byOthers: (revision, context, state) => change('POST', `${path}/statuses/${revision}`, { context, state }),
  };
}

async function passCi(path: string): Promise<void> {
  const { json } = await api('GET', `${path}/pulls?state=open`);
  for (const { head } of json as readonly PullJson[]) {
    await change('POST', `${path}/statuses/${head.sha}`, { context: 'ci', state: 'success' });
  }
}

/** Whether it can be merged is found out in the background. */
async function untilTaken(method: string, path: string, body: object): Promise<void> {
  for (let tries = 0; ; tries++) {
    const { status, json } = await api(method, path, body);
    if (status < 300) return;
    if (tries === 40) throw new Error(`${status} ${JSON.stringify(json)}`);
    await sleepReally(100);
  }
}

interface PullJson {
  readonly number: number;
  readonly state: 'open' | 'closed';
  readonly merged: boolean;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
  readonly head: { readonly ref: string; readonly sha: string };
  readonly labels: readonly { readonly name: string }[];
  readonly requested_reviewers: readonly { readonly login: string }[] | null;
  readonly assignees: readonly { readonly login: string }[] | null;
}

async function seen(path: string, pull: PullJson): Promise<SeenRequest> {
  const { number, title, body, draft, head } = pull;
  const { json } = await api('GET', `${path}/issues/${number}/comments`);
  return {
    ...{ number, title: title.replace(/^WIP: /, ''), body, draft, branch: head.ref },
    state: pull.merged ? 'merged' : pull.state,
    labels: pull.labels.map((label) => label.name),
    reviewers: (pull.requested_reviewers ?? []).map(({ login }) => login),
    assignees: (pull.assignees ?? []).map(({ login }) => login),
    comments: (json as readonly { readonly body: string }[]).map((comment) => comment.body),
  };
}
