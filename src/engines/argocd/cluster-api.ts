import { ToolError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import { type Json, record } from '../api/json.ts';
import type { Refusal, Success } from '../api/retry.ts';
import type { Target } from '../delivery-engine.ts';
import type { Cluster, ObjectKey, Reading } from '../kubernetes-api/cluster.ts';
import type { ArgocdApi, Asking } from './api.ts';
import { applicationName } from './application-ref.ts';
import { actOnObject, markForRefresh } from './cluster-act.ts';
import { belongings, warningsAbout } from './cluster-resources.ts';
import { APPLICATION_SETS, APPLICATIONS, isMarked } from './cluster-types.ts';
import { within } from './follow.ts';

type Machine = Pick<Host, 'clock' | 'log'>;

/** Milliseconds without a byte after which a watch is dead; a bookmark comes every minute. */
const WATCHDOG = 90_000;
/** Milliseconds between two looks at an Application that is being compared, where it cannot be watched. */
const LOOK = 1_000;

const HINTS: ArgocdApi['hints'] = {
  list: 'Name the targets, or allow get, list and watch on applications.argoproj.io in that namespace.',
  nothing: 'There is no application in that namespace; give another one as application-namespace.',
  logs: 'Logs may not be read: allow get on pods/log in the namespace of the pods to see them here.',
};

/** Only the API server of Argo CD computes these. */
const UNAVAILABLE: Refusal = { kind: 'refused', status: 404, message: 'not kept in the cluster' };

/**
 * Argo CD by the objects that its controllers read and write, for where its API server cannot be reached. Rights: get, list and
 * watch on applications.argoproj.io; patch for a refresh. The rights of Argo CD's own users play no part.
 */
export function clusterApi(cluster: Cluster, host: Machine): ArgocdApi {
  const get = (target: Target, asking: Asking) =>
    limited(host, asking, async (signal) => answerOf(await cluster.get(APPLICATIONS, keyOf(target), signal)));
  const compared = refresher(cluster, host);
  return {
    location: cluster.location,
    hints: HINTS,
    forbidden: 'may not be read, and may not exist either (Kubernetes tells that only with the right to get it)',
    application: (target, { refresh, ...asking }) =>
      refresh === true
        ? limited(host, asking, async (signal) => answerOf(await compared(target, signal)))
        : get(target, asking),
    applications: ({ project, applicationNamespace }, asking) =>
      limited(host, asking, async (signal) => {
        const scope = { type: APPLICATIONS, ...(applicationNamespace && { namespace: applicationNamespace }) };
        const reading = await cluster.list(scope, signal);
        if (reading.kind !== 'found') return answerOf(reading);
        const items = reading.value.items.filter((item) => isOf(project, item));
        return answerOf({ ...reading, value: { items } });
      }),
    applicationSet: (target, asking) =>
      limited(host, asking, async (signal) => answerOf(await cluster.get(APPLICATION_SETS, keyOf(target), signal))),
    syncWindows: async () => UNAVAILABLE,
    managedApplications: async () => UNAVAILABLE,
    async resourceTree(target, asking) {
      const application = await get(target, asking);
      if (application.kind !== 'ok') return [];
      return limited(host, asking, (signal) => belongings(cluster, record(application.value), signal));
    },
    events: (_target, node, asking) => limited(host, asking, (signal) => warningsAbout(cluster, node, signal)),
    logs: (_target, { name, namespace }, which, asking) =>
      limited(host, asking, async (signal) => {
        const reading = await cluster.logs({ name, ...(namespace && { namespace }) }, which, signal);
        if (reading.kind === 'found') return reading.value;
        return reading.kind === 'forbidden' ? undefined : [];
      }),
    follow: ({ name, namespace, project }, signal, onChange) =>
      watchObjects(
        cluster,
        host,
        { type: APPLICATIONS, ...(namespace && { namespace }), ...(name && { name }) },
        signal,
        (type, application) => {
          if (isOf(project, application)) onChange(type, application);
        },
      ),
    act: (target, action, revision, signal) => actOnObject(cluster, keyOf(target), action, revision, signal),
  };
}

function keyOf(target: Target): ObjectKey {
  const { namespace } = target;
  return { name: applicationName(target), ...(namespace && { namespace }) };
}

function isOf(project: string | undefined, application: Json): boolean {
  return project === undefined || record(application.spec).project === project;
}

function answerOf(reading: Reading<unknown>): Success | Refusal {
  if (reading.kind !== 'found') return { kind: 'refused', status: reading.status, message: reading.message };
  const { value, serverNow } = reading;
  return { kind: 'ok', value, ...(serverNow === undefined ? {} : { serverNow }) };
}

/** Within the time that is given, if any is. */
async function limited<T>(
  { clock }: Machine,
  { signal, timeout }: Asking,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (timeout === undefined) return work(signal);
  const limit = new AbortController();
  try {
    return await within(clock, timeout, work(AbortSignal.any([signal, limit.signal])), signal);
  } finally {
    limit.abort(new ToolError('temporary', `no answer within ${timeout / 1000} s`));
  }
}

/**
 * Asks for a comparison and waits for its end, as the API server does: Argo CD takes the annotation away with the status that
 * it writes. Without the right to patch there is none, which is told once; the reads go on.
 */
function refresher(cluster: Cluster, { clock, log }: Machine) {
  let isTold = false;
  return async (target: Target, signal: AbortSignal): Promise<Reading<Json>> => {
    const marked = await markForRefresh(cluster, keyOf(target), signal);
    if (marked.kind === 'absent') return marked;
    if (marked.kind !== 'found') {
      if (!isTold) log.warning(`Argo CD cannot be asked to look at once, only at its next poll: ${marked.message}`);
      isTold = true;
      throw new ToolError('missing', `${target.name} may not be refreshed: ${marked.message}`);
    }
    const seen = await comparedObject(cluster, target, marked.value, signal);
    if (seen !== undefined) return { kind: 'found', value: seen };
    for (;;) {
      await clock.sleep(LOOK, signal);
      const reading = await cluster.get(APPLICATIONS, keyOf(target), signal);
      if (reading.kind !== 'found' || !isMarked(reading.value)) return reading;
    }
  };
}

/** The first state without the mark; undefined when it could not be watched until then. */
async function comparedObject(
  cluster: Cluster,
  target: Target,
  marked: Json,
  signal: AbortSignal,
): Promise<Json | undefined> {
  const { resourceVersion } = record(marked.metadata);
  const scope = { type: APPLICATIONS, ...keyOf(target) };
  const opened = await cluster.watch(scope, String(resourceVersion), signal).catch(() => undefined);
  if (opened?.kind !== 'found') return undefined;
  try {
    for await (const event of opened.value.events) {
      if (event.kind === 'changed' && !isMarked(event.object)) return event.object;
      if (event.kind === 'deleted' || event.kind === 'error') return undefined;
    }
  } catch {
    signal.throwIfAborted();
  } finally {
    opened.value.close();
  }
  return undefined;
}

/** From the newest state that the server has in hand, each object once, then what changes. Never throws. */
async function watchObjects(
  cluster: Cluster,
  { clock }: Machine,
  scope: Parameters<Cluster['watch']>[0],
  signal: AbortSignal,
  onChange: (type: string, object: Json) => void,
): Promise<string> {
  try {
    const opened = await cluster.watch(scope, '0', signal);
    if (opened.kind !== 'found') return `HTTP ${opened.status}: ${opened.message}`;
    try {
      const events = opened.value.events[Symbol.asyncIterator]();
      for (;;) {
        const step = await within(clock, WATCHDOG, events.next(), signal);
        if (step.done === true) return 'the server closed it';
        const event = step.value;
        if (event.kind === 'error') return event.message;
        if (event.kind !== 'bookmark') onChange(event.kind === 'deleted' ? 'DELETED' : 'MODIFIED', event.object);
      }
    } finally {
      opened.value.close();
    }
  } catch (error) {
    return error instanceof ToolError ? error.message : String(error);
  }
}
