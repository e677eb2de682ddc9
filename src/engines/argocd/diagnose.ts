import { list, record, text } from '../api/json.ts';
import type { Diagnosis, Target } from '../delivery-engine.ts';
import type { Application } from './application.ts';
import { readApplication } from './application.ts';
import { applicationPath, applicationQuery } from './application-ref.ts';
import type { ArgocdClient } from './client.ts';
import { isError, isFailedResult, reasonsOf, short, tellResult } from './reasons.ts';
import { isUnhealthy, readResourceTree, type TreeNode, tellNode } from './resource-tree.ts';
import { blocksAutomation, readSyncWindows, tellWindows } from './sync-windows.ts';

/** One screen: how many of each are shown. */
const NODES = 10;
const ASKED_NODES = 6;
const EVENTS = 8;
const LOGGED_PODS = 2;
const LOG_LINES = 15;

type Section = Diagnosis['sections'][number];

interface Asking {
  readonly client: ArgocdClient;
  readonly target: Target;
  readonly signal: AbortSignal;
}

/** See `DeliveryEngine.diagnose`. Everything but the logs needs no more than `applications, get`; logs need `logs, get`. */
export async function diagnose(client: ArgocdClient, target: Target, signal: AbortSignal): Promise<Diagnosis> {
  const asking: Asking = { client, target, signal };
  const [applicationAnswer, treeAnswer, windowsAnswer] = await Promise.all([
    get(asking, ''),
    get(asking, '/resource-tree'),
    get(asking, '/syncwindows'),
  ]);
  const application = readApplication(applicationAnswer);
  const unhealthy = readResourceTree(treeAnswer).filter(isUnhealthy);
  const [events, logs] = await Promise.all([warningEvents(asking, unhealthy), podLogs(asking, unhealthy)]);
  const sections: readonly Section[] = [
    ...(application === undefined ? [] : applicationSections(application)),
    { title: 'Unhealthy resources', lines: unhealthy.slice(0, NODES).map(tellNode) },
    { title: 'Warning events', lines: events },
    ...logs.sections,
  ];
  const windowHints = windowsAnswer === undefined ? [] : windowHint(windowsAnswer);
  return {
    target,
    sections: sections.filter(({ lines }) => lines.length > 0),
    hints: [...(application === undefined ? [] : applicationHints(application)), ...windowHints, ...logs.hints],
  };
}

/** Undefined for whatever cannot be read. One try: this is told at the end of a wait. */
async function get(
  { client, target, signal }: Asking,
  below: string,
  query: Readonly<Record<string, string | undefined>> = {},
) {
  const options = { query: { ...applicationQuery(target), ...query }, signal, tries: 1, timeout: 3_000 };
  const answer = await client.read(applicationPath(target, below), options).catch(() => undefined);
  return answer?.kind === 'ok' ? answer.value : undefined;
}

function applicationSections(application: Application): readonly Section[] {
  const { conditions, operation } = application;
  const [states = ''] = reasonsOf(application);
  const failed = operation?.results.filter(isFailedResult).map(tellResult) ?? [];
  const message = operation?.message === undefined || operation.phase === 'Succeeded' ? [] : [operation.message];
  return [
    {
      title: 'Application',
      lines: [states, ...conditions.filter(isError).map((one) => `${one.type}: ${one.message}`)],
    },
    { title: 'Sync operation', lines: [...message, ...failed] },
  ];
}

function applicationHints({
  automated,
  skipReconcile,
  operation,
  sync,
  operationPending,
}: Application): readonly string[] {
  const hints: string[] = [];
  if (skipReconcile)
    hints.push('Take the annotation argocd.argoproj.io/skip-reconcile away, so that Argo CD looks at it again.');
  if (!automated && sync?.status !== 'Synced') {
    hints.push(
      'Automatic sync is off: start a sync by hand, or give sync: if-needed and a token with the right to sync.',
    );
  }
  if (operationPending && operation !== undefined && operation.retryCount > 0) {
    hints.push(
      `The operation at ${operation.revisions.map(short).join(', ')} is still being retried (${operation.retryCount} so far); a newer commit waits for its end unless the application has retry.refresh.`,
    );
  }
  if (operation?.phase === 'Failed') hints.push('Argo CD does not retry this commit again: repair it with a new one.');
  return hints;
}

function windowHint(answer: unknown): readonly string[] {
  const windows = readSyncWindows(answer);
  return blocksAutomation(windows) ? [`A sync window keeps automatic sync closed: ${tellWindows(windows)}.`] : [];
}

async function warningEvents(asking: Asking, nodes: readonly TreeNode[]): Promise<readonly string[]> {
  const answers = await Promise.all(
    nodes.slice(0, ASKED_NODES).map(async (node) => {
      const { uid, name, namespace } = node;
      const query = { resourceUID: uid, resourceName: name, resourceNamespace: namespace };
      return list(record(await get(asking, '/events', query)).items).flatMap((event) => tellWarning(event, node));
    }),
  );
  return [...new Set(answers.flat())].slice(0, EVENTS);
}

function tellWarning(value: unknown, { kind, name }: TreeNode): readonly string[] {
  const { type, reason, message, count } = record(value);
  if (type !== 'Warning') return [];
  const times = typeof count === 'number' && count > 1 ? ` (${count} times)` : '';
  return [`${kind} ${name}: ${text(reason) ?? 'Warning'}: ${text(message) ?? ''}${times}`];
}

interface Logs {
  readonly sections: readonly Section[];
  readonly hints: readonly string[];
}

/** Of a container that restarts, what it said before is what tells why. */
async function podLogs(asking: Asking, nodes: readonly TreeNode[]): Promise<Logs> {
  const pods = nodes.filter(({ kind }) => kind === 'Pod').slice(0, LOGGED_PODS);
  const logs = await Promise.all(pods.map((pod) => podLog(asking, pod)));
  const isForbidden = logs.some(({ forbidden }) => forbidden);
  return {
    sections: logs.map(({ section }) => section),
    hints: isForbidden ? ['The token may not read logs: add "logs, get" to its role to see them here.'] : [],
  };
}

async function podLog(
  asking: Asking,
  pod: TreeNode,
): Promise<{ readonly section: Section; readonly forbidden: boolean }> {
  const before = pod.restarts > 0 ? await logLines(asking, pod, 'true') : [];
  const lines = before === undefined || before.length > 0 ? before : await logLines(asking, pod, undefined);
  const title = `Last log lines of ${pod.name}${before !== undefined && before.length > 0 ? ', before its restart' : ''}`;
  return { section: { title, lines: lines ?? [] }, forbidden: lines === undefined };
}

/** Undefined when it is forbidden. JSON lines, which also carry what went wrong while the log was read. */
async function logLines(
  { client, target, signal }: Asking,
  { namespace, name }: TreeNode,
  previous: string | undefined,
): Promise<readonly string[] | undefined> {
  const query = { ...applicationQuery(target), namespace, podName: name, tailLines: String(LOG_LINES), previous };
  const options = { query, signal, timeout: 3_000 };
  const lines = await client.readLines(applicationPath(target, '/logs'), options).catch(() => []);
  return lines?.flatMap(readLogLine).slice(-LOG_LINES);
}

function readLogLine(line: string): readonly string[] {
  try {
    const { content, last } = record(record(JSON.parse(line)).result);
    return last === true ? [] : [text(content) ?? ''].filter((words) => words !== '');
  } catch {
    return [];
  }
}
