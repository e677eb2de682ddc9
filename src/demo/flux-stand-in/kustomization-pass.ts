import { canonical, digest, isRecord } from '../stand-in/names.ts';
import { stamp } from '../stand-in/times.ts';
import type { Manifest } from '../stand-in/types.ts';
import { type Condition, conditionsOf, handled, withConditions, withoutConditions, withStatus } from './conditions.ts';
import { type Look, sentence } from './health-check.ts';
import type { Json, KubeObject, Step } from './types.ts';

/** A pass over one revision. https://fluxcd.io/flux/components/kustomize/kustomizations/#conditions */
export interface Pass {
  readonly revision: string;
  /** Milliseconds for the health check. */
  readonly timeout: number;
}

/** Until the attempt is taken note of: so far nothing in the cluster has changed. */
export function begun(pass: Pass): readonly Step[] {
  const note = (object: KubeObject) => withStatus(object, { lastAttemptedRevision: pass.revision });
  return [
    progress(5, 'Fetching manifests', pass),
    progress(30, 'Building manifests', pass),
    { after: 12, change: note },
  ];
}

export function comparing(pass: Pass): readonly Step[] {
  return [progress(310, 'Detecting drift', pass)];
}

/** Right after everything was applied. */
export function checking(pass: Pass, manifests: readonly Manifest[]): readonly Step[] {
  const message = doing('Running health checks', pass);
  const healthy: Condition = { type: 'Healthy', status: 'Unknown', reason: 'Progressing', message };
  return [
    {
      after: 3,
      change: (object, now) =>
        withStatus(withConditions(inProgress(object, message, now), [healthy], now), {
          inventory: inventory(manifests),
        }),
    },
  ];
}

/** The revision is written last, some milliseconds after Ready=True. */
export function succeeded(pass: Pass, manifests: readonly Manifest[], took: number): readonly Step[] {
  const { revision } = pass;
  const healthy: Condition = {
    type: 'Healthy',
    status: 'True',
    reason: 'Succeeded',
    message: `Health check passed in ${goDuration(took)}`,
  };
  const ready: Condition = {
    type: 'Ready',
    status: 'True',
    reason: 'ReconciliationSucceeded',
    message: `Applied revision: ${revision}`,
  };
  return [
    { after: 2, change: (object, now) => withConditions(object, [healthy], now) },
    {
      after: 9,
      change: (object, now) => withConditions(withoutConditions(object, ['Reconciling']), [ready], now),
    },
    {
      after: 6,
      change: (object, now) =>
        withStatus(object, {
          lastAppliedRevision: revision,
          history: history(object, pass, 'ReconciliationSucceeded', manifests, now),
          observedGeneration: object.metadata.generation,
          ...handled(object),
        }),
    },
  ];
}

export function unhealthy(
  pass: Pass,
  manifests: readonly Manifest[],
  look: Exclude<Look, { kind: 'current' }>,
  took: number,
): readonly Step[] {
  const said = sentence(look);
  const message = `health check failed after ${goDuration(took)}: ${said}`;
  const failed = { status: 'False', reason: 'HealthCheckFailed' } as const;
  return [
    {
      after: 2,
      change: (object, now) =>
        withConditions(
          object,
          [
            retrying(doing('Running health checks', pass)),
            { ...failed, type: 'Ready', message },
            { ...failed, type: 'Healthy', message: said },
          ],
          now,
        ),
    },
    {
      after: 25,
      change: (object, now) =>
        withStatus(object, { history: history(object, pass, 'HealthCheckFailed', manifests, now), ...handled(object) }),
    },
  ];
}

/** The files of the revision make no objects: nothing of it is applied, and the history does not know of it. */
export function notBuilt(pass: Pass, problem: string): readonly Step[] {
  const failed: Condition = { type: 'Ready', status: 'False', reason: 'BuildFailed', message: problem };
  const change = (object: KubeObject, now: number) =>
    withStatus(withConditions(object, [retrying(doing('Building manifests', pass)), failed], now), handled(object));
  return [{ after: 60, change }];
}

function progress(after: number, what: string, pass: Pass): Step {
  return { after, change: (object, now) => inProgress(object, doing(what, pass), now) };
}

function doing(what: string, { revision, timeout }: Pass): string {
  return `${what} for revision ${revision} with a timeout of ${goDuration(timeout)}`;
}

function inProgress(object: KubeObject, message: string, now: number): KubeObject {
  return withConditions(
    object,
    [
      { type: 'Reconciling', status: 'True', reason: 'Progressing', message },
      { type: 'Ready', status: 'Unknown', reason: 'Progressing', message: 'Reconciliation in progress' },
    ],
    now,
  );
}

function retrying(message: string): Condition {
  return { type: 'Reconciling', status: 'True', reason: 'ProgressingWithRetry', message };
}

/** https://github.com/fluxcd/cli-utils/blob/main/pkg/object/objmetadata.go */
function inventory(manifests: readonly Manifest[]): Json {
  const entries = manifests.map(({ namespace = '', name, group, kind, version }) => ({
    id: [namespace, name, group, kind].join('_'),
    v: version,
  }));
  return { entries };
}

/** The newest of five entries first; another revision that makes the same objects takes over the entry of the one before. */
function history(object: KubeObject, { revision }: Pass, status: string, manifests: readonly Manifest[], now: number) {
  const entries = Array.isArray(object.status?.history) ? object.status.history.filter(isRecord) : [];
  const built = digestOf(manifests);
  const old = entries.find((entry) => entry.digest === built && entry.lastReconciledStatus === status);
  const entry = {
    digest: built,
    firstReconciled: old?.firstReconciled ?? stamp(now),
    lastReconciled: stamp(now),
    lastReconciledStatus: status,
    metadata: { revision },
    totalReconciliations: Number(old?.totalReconciliations ?? 0) + 1,
  };
  return [entry, ...entries.filter((other) => other !== old)].slice(0, 5);
}

function digestOf(manifests: readonly Manifest[]): string {
  const text = canonical(manifests.map(({ content }) => content));
  return `sha256:${digest(text)}${digest(`${text} `)}`;
}

/** As Go prints a duration: https://pkg.go.dev/time#Duration.String */
function goDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds * 1000) / 1000}ms`;
  const minutes = Math.floor(milliseconds / 60_000);
  const seconds = Math.round(milliseconds % 60_000) / 1000;
  return minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`;
}

/** What it says at the end of a pass. */
export function readyMessage(object: KubeObject | undefined): string {
  const ready = object === undefined ? undefined : conditionsOf(object).find(({ type }) => type === 'Ready');
  return ready?.message ?? '';
}
