import { type Account, may, nameOf } from './accounts.ts';
import { type Answer, failure, json, plain } from './answers.ts';
import { type Call, type Context, isAnswer, locate, placeOf } from './context.ts';
import type { Controller } from './controller.ts';
import { isRecord } from './names.ts';
import { listItem } from './queries.ts';
import { denied } from './reads.ts';

type Body = Readonly<Record<string, unknown>>;

export function login(context: Context, call: Call): Answer {
  const body = bodyOf(call);
  const account = context.accounts.find(
    (candidate) =>
      candidate.password !== undefined && nameOf(candidate) === body?.username && candidate.password === body.password,
  );
  if (account === undefined) return failure(16, 'Invalid username or password');
  const headers = { 'set-cookie': `argocd.token=${account.token}; path=/; SameSite=lax; httpOnly` };
  return { ...json({ token: account.token }), headers };
}

/** `POST /sync`. Under auto-sync only the branch itself can be asked for, not even its own commit by its id. */
export async function sync(context: Context, call: Call): Promise<Answer> {
  const body = bodyOf(call);
  if (body === undefined) return failure(3, 'unexpected EOF');
  const found = locateByBody(context, call, body);
  if (isAnswer(found)) return found;
  const { name, project, targetRevision, automated, windowClosed } = found.state().application;
  if (!may(call.account, 'sync', project))
    return failure(7, denied(context, call, 'applications, sync', `${project}/${name}`));
  if (windowClosed) return failure(7, 'cannot sync: blocked by sync window');
  const revision = text(body.revision) || targetRevision;
  const dryRun = body.dryRun === true;
  if (automated && !dryRun && revision !== targetRevision) {
    return failure(9, `Cannot sync to ${revision}: auto-sync currently set to ${targetRevision}`);
  }
  return operate(found, revision, call.account, dryRun);
}

/** `POST /rollback`: only without auto-sync. */
export async function rollback(context: Context, call: Call): Promise<Answer> {
  const body = bodyOf(call);
  if (body === undefined) return failure(3, 'unexpected EOF');
  const found = locateByBody(context, call, body);
  if (isAnswer(found)) return found;
  const { name, project, automated } = found.state().application;
  if (!may(call.account, 'sync', project)) return failure(7, 'permission denied');
  if (automated) return failure(9, 'rollback cannot be initiated when auto-sync is enabled');
  const deployed = found.state().history.find((entry) => entry.id === Number(body.id));
  if (deployed === undefined) {
    return failure(3, `application ${name} does not have deployment id ${body.id} in history`);
  }
  return operate(found, deployed.revision, call.account, false);
}

async function operate(found: Controller, revision: string, account: Account, dryRun: boolean): Promise<Answer> {
  const reading = await found.read(revision);
  if (!reading.ok) return failure(9, reading.problem);
  // The answer of a write has no health of single resources, like an item of the list.
  if (found.state().operation !== undefined) return failure(9, 'another operation is already in progress');
  const { manifests } = reading;
  found.send({
    kind: 'operate',
    operation: { revision: reading.revision, manifests, dryRun, username: nameOf(account) },
  });
  return json(listItem(found.application(), null));
}

/** `DELETE /operation`. */
export function terminate(context: Context, call: Call): Answer {
  const found = locate(context, call.account, placeOf(call));
  if (isAnswer(found)) return found;
  if (!may(call.account, 'sync', found.state().application.project)) return failure(7, 'permission denied');
  if (found.state().operation === undefined) {
    return failure(3, 'Unable to terminate operation. No operation is in progress');
  }
  found.send({ kind: 'terminate' });
  return json({});
}

function locateByBody(context: Context, call: Call, body: Body): Controller | Answer {
  const name = call.params.name ?? '';
  const place = { name, project: text(body.project), appNamespace: text(body.appNamespace) };
  return locate(context, call.account, place);
}

function bodyOf(call: Call): Body | undefined {
  try {
    const body: unknown = call.body === '' ? {} : JSON.parse(call.body);
    return isRecord(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A push of GitHub or GitLab: every application on that repository and branch is refreshed; the answer does not wait. */
export function webhook(context: Context, call: Call): Answer {
  const body = bodyOf(call) ?? {};
  const github = call.headers['x-github-event'];
  const gitlab = call.headers['x-gitlab-event'];
  if (github === undefined && gitlab === undefined) return plain('Unknown webhook event\n', 400);
  const about = github === undefined ? body.project : body.repository;
  const url = isRecord(about) ? text(about[github === undefined ? 'web_url' : 'html_url']) : undefined;
  const branch = text(body.ref)?.replace(/^refs\/heads\//, '');
  for (const controller of context.controllers.values()) {
    const { repoURL, targetRevision } = controller.state().application;
    if (url !== undefined && repositoryKey(url) === repositoryKey(repoURL) && branch === targetRevision) {
      controller.send({ kind: 'refresh', level: 'normal' });
    }
  }
  return { ...plain('', 200) };
}

function repositoryKey(url: string): string {
  return url
    .replace(/^\w+:\/\/([^@/]*@)?/, '')
    .replace(/(\.git)?\/*$/, '')
    .toLowerCase();
}
