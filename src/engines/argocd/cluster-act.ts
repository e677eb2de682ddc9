import { type Json, list, record, text } from '../api/json.ts';
import type { ActResult } from '../delivery-engine.ts';
import type { Cluster, ObjectKey, Reading } from '../kubernetes-api/cluster.ts';
import { resourceVersionOf } from '../kubernetes-api/objects.ts';
import { APPLICATIONS, REFRESH } from './cluster-types.ts';

/** Times that a write is made anew because somebody else wrote between; nothing of it was done then. */
const CONFLICTS = 3;
const BUSY = 'another operation is already in progress';

export function markForRefresh(cluster: Cluster, key: ObjectKey, signal: AbortSignal): Promise<Reading<Json>> {
  return cluster.patch(APPLICATIONS, key, { metadata: { annotations: { [REFRESH]: 'normal' } } }, signal);
}

/**
 * Acts as the API server of Argo CD would, by writing what it writes. Its checks of rights and of sync windows that forbid a
 * manual sync are passed by; the controller looks at the windows itself. Needs the right to patch applications.argoproj.io.
 */
export async function actOnObject(
  cluster: Cluster,
  key: ObjectKey,
  action: 'refresh' | 'sync' | 'terminate',
  revision: string | undefined,
  signal: AbortSignal,
): Promise<ActResult> {
  if (action === 'refresh') return resultOf(await markForRefresh(cluster, key, signal));
  for (let attempt = 1; ; attempt++) {
    const reading = await cluster.get(APPLICATIONS, key, signal);
    if (reading.kind !== 'found') return resultOf(reading);
    const wish = action === 'sync' ? startOf(reading.value, revision) : endOf(reading.value);
    if ('kind' in wish) return wish;
    // With the version, so that an operation that somebody has just started is not written over.
    const metadata = { resourceVersion: resourceVersionOf(reading.value) };
    const written = await cluster.patch(APPLICATIONS, key, { metadata, ...wish.patch }, signal);
    if (written.kind !== 'refused' || written.status !== 409 || attempt === CONFLICTS) return resultOf(written);
  }
}

type Wish = { readonly patch: Json } | ActResult;

/** https://github.com/argoproj/argo-cd/blob/master/server/application/application.go (Sync). */
function startOf(application: Json, revision: string | undefined): Wish {
  const { metadata, spec, operation } = application;
  if (operation !== undefined && operation !== null) return { kind: 'busy', reason: BUSY };
  if (record(metadata).deletionTimestamp !== undefined) return { kind: 'refused', reason: 'application is deleting' };
  const { syncPolicy, sources } = record(spec);
  const { syncOptions, retry } = record(syncPolicy);
  // For several sources it follows what the spec says.
  const isSingle = list(sources).length === 0;
  return {
    patch: {
      operation: {
        initiatedBy: { username: 'drawbridge' },
        sync: {
          ...(revision === undefined || !isSingle ? {} : { revision }),
          ...(syncOptions === undefined ? {} : { syncOptions }),
        },
        ...(retry === undefined ? {} : { retry }),
      },
      // What became of the operation before this one.
      status: { operationState: null },
    },
  };
}

/** The controller ends an operation whose phase is this one (TerminateOperation in the same file). */
function endOf({ operation, status }: Json): Wish {
  const phase = text(record(record(status).operationState).phase);
  if (operation === undefined || operation === null || phase === undefined) return { kind: 'done' };
  return { patch: { status: { operationState: { phase: 'Terminating' } } } };
}

function resultOf(reading: Reading<unknown>): ActResult {
  if (reading.kind === 'found') return { kind: 'done' };
  return { kind: reading.status === 409 ? 'busy' : 'refused', reason: reading.message };
}
