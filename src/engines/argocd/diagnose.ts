import { record, text } from '../api/json.ts';
import type { Diagnosis, Target } from '../delivery-engine.ts';
import type { ArgocdApi, Asking } from './api.ts';
import type { Application } from './application.ts';
import { readApplication } from './application.ts';
import { applicationsOfSet } from './discover.ts';
import { isError, isFailedResult, reasonsOf, short, tellResult } from './reasons.ts';
import { isUnhealthy, type TreeNode, tellNode } from './resource-tree.ts';
import { blocksAutomation, readSyncWindows, tellWindows } from './sync-windows.ts';

/** One screen: how many of each are shown. */
const NODES = 10;
const ASKED_NODES = 6;
const EVENTS = 8;
const LOGGED_PODS = 2;
const LOG_LINES = 15;

type Section = Diagnosis['sections'][number];

interface Patient {
  readonly api: ArgocdApi;
  readonly target: Target;
  readonly asking: Asking;
}

/** See `DeliveryEngine.diagnose`. At an API server everything but the logs needs no more than `applications, get`. */
export async function diagnose(api: ArgocdApi, target: Target, signal: AbortSignal): Promise<Diagnosis> {
  if (target.kind === 'ApplicationSet') return diagnoseSet(api, target, signal);
  // One try: this is told at the end of a wait.
  const patient: Patient = { api, target, asking: { signal, tries: 1, timeout: 3_000 } };
  const [applicationAnswer, tree, windowsAnswer] = await Promise.all([
    optional(api.application(target, patient.asking)),
    api.resourceTree(target, patient.asking).catch(() => []),
    optional(api.syncWindows(target, patient.asking)),
  ]);
  const application = readApplication(applicationAnswer);
  const unhealthy = tree.filter(isUnhealthy);
  const [events, logs] = await Promise.all([warningEvents(patient, unhealthy), podLogs(patient, unhealthy)]);
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

/** Each of its Applications has a diagnosis of its own; here is how they stand side by side. */
async function diagnoseSet(api: ArgocdApi, target: Target, signal: AbortSignal): Promise<Diagnosis> {
  const applications = await applicationsOfSet(api, target, signal).catch(() => []);
  const lines = applications.slice(0, NODES).map((one) => `${one.name}: ${reasonsOf(one)[0] ?? ''}`);
  const rest = applications.length > NODES ? [`and ${applications.length - NODES} more`] : [];
  const sections = lines.length === 0 ? [] : [{ title: 'Applications of the set', lines: [...lines, ...rest] }];
  return { target, sections, hints: [] };
}

/** Undefined for whatever cannot be read. */
async function optional(asked: ReturnType<ArgocdApi['application']>): Promise<unknown> {
  const answer = await asked.catch(() => undefined);
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

async function warningEvents({ api, target, asking }: Patient, nodes: readonly TreeNode[]): Promise<readonly string[]> {
  const answers = await Promise.all(
    nodes.slice(0, ASKED_NODES).map(async (node) => {
      const events = await api.events(target, node, asking).catch(() => []);
      return events.flatMap((event) => tellWarning(event, node));
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
async function podLogs(patient: Patient, nodes: readonly TreeNode[]): Promise<Logs> {
  const pods = nodes.filter(({ kind }) => kind === 'Pod').slice(0, LOGGED_PODS);
  const logs = await Promise.all(pods.map((pod) => podLog(patient, pod)));
  const isForbidden = logs.some(({ forbidden }) => forbidden);
  return {
    sections: logs.map(({ section }) => section),
    hints: isForbidden ? [patient.api.hints.logs] : [],
  };
}

async function podLog(
  { api, target, asking }: Patient,
  pod: TreeNode,
): Promise<{ readonly section: Section; readonly forbidden: boolean }> {
  const ask = (previous: boolean) =>
    api.logs(target, pod, { lines: LOG_LINES, previous }, asking).catch((): readonly string[] => []);
  const before = pod.restarts > 0 ? await ask(true) : [];
  const lines = before === undefined || before.length > 0 ? before : await ask(false);
  const title = `Last log lines of ${pod.name}${before !== undefined && before.length > 0 ? ', before its restart' : ''}`;
  return { section: { title, lines: lines ?? [] }, forbidden: lines === undefined };
}
