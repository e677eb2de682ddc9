import { may, nameOf, type Right } from './accounts.ts';
import { type Answer, failure, json, type Reply, streamFailure } from './answers.ts';
import { type Call, type Context, isAnswer, locate, placeOf } from './context.ts';
import { renderEvents, renderLogs } from './events.ts';
import { isSelected, listItem } from './queries.ts';
import { readMetadata } from './source.ts';
import { stamp } from './times.ts';
import { renderManaged, renderTree } from './tree.ts';
import type { ApplicationState } from './types.ts';

export const VERSION = 'v3.5.7+drawbridge-stand-in';

export function version(): Answer {
  return json({ Version: VERSION });
}

export function userinfo(_: Context, call: Call): Answer {
  return json({ loggedIn: true, username: nameOf(call.account), iss: 'argocd' });
}

export function canI(_: Context, { account, params }: Call): Answer {
  const right = params.resource === 'logs' ? 'logs' : params.action;
  const known = right === 'get' || right === 'sync' || right === 'logs';
  return json({ value: known && may(account, right satisfies Right, params.project ?? '') ? 'yes' : 'no' });
}

export function list(context: Context, { account, query }: Call): Answer {
  const items = [...context.controllers.values()]
    .filter((controller) => may(account, 'get', controller.state().application.project))
    .filter((controller) => isSelected(controller.state(), query))
    .map((controller) => listItem(controller.application(), query.get('fields')));
  const metadata = { resourceVersion: String(context.version()) };
  return json({ metadata, items: items.length === 0 ? null : items });
}

/** With `refresh`, whatever its value is: not before the comparison that it asks for is written. */
export async function application(context: Context, call: Call): Promise<Answer> {
  const found = locate(context, call.account, placeOf(call));
  if (isAnswer(found)) return found;
  const refresh = call.query.get('refresh');
  if (refresh === null) return json(found.application());
  found.send({ kind: 'refresh', level: refresh === 'hard' ? 'hard' : 'normal' });
  return json(await found.refreshed());
}

type Detail = (state: ApplicationState, query: URLSearchParams, now: number) => unknown;

function detail(render: Detail) {
  return (context: Context, call: Call): Answer => {
    const found = locate(context, call.account, placeOf(call));
    return isAnswer(found) ? found : json(render(found.state(), call.query, context.now()));
  };
}

export const resourceTree = detail((state, _, now) => renderTree(state, now));
export const managedResources = detail(renderManaged);
export const events = detail(renderEvents);
export const syncWindows = detail((state) => {
  if (!state.application.windowClosed) return { canSync: true };
  const windows = [{ kind: 'deny', schedule: '* * * * *', duration: '1h', manualSync: false }];
  return { activeWindows: windows, assignedWindows: windows, canSync: false };
});

/** Lines of JSON; without the right, the error of a stream. */
export function logs(context: Context, call: Call): Reply {
  const found = locate(context, call.account, placeOf(call));
  if (isAnswer(found)) return found;
  const { name, project } = found.state().application;
  if (!may(call.account, 'logs', project))
    return streamFailure(7, denied(context, call, 'logs, get', `${project}/${name}`));
  const lines = renderLogs(found.state(), call.query, context.now());
  return { status: 200, contentType: 'application/json', body: lines.join('') };
}

/** The sentence that names right, object and subject. */
export function denied(context: Context, call: Call, right: string, object: string): string {
  const issuedAt = stamp(context.now());
  return `permission denied: ${right}, ${object}, sub: ${nameOf(call.account)}, iat: ${issuedAt}`;
}

export async function revisionMetadata(context: Context, call: Call): Promise<Answer> {
  const found = locate(context, call.account, placeOf(call));
  if (isAnswer(found)) return found;
  const revision = call.params.revision ?? '';
  try {
    const { author, committedAt, message } = await readMetadata(context.host, context.repository, revision);
    return json({ author, date: stamp(committedAt), message });
  } catch (error) {
    return failure(9, error instanceof Error ? error.message : 'unknown revision');
  }
}
