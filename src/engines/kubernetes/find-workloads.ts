import { ToolError } from '../../errors.ts';
import { type Json, list, record } from '../api/json.ts';
import type { Target } from '../delivery-engine.ts';
import type { Cluster } from '../kubernetes-api/cluster.ts';
import { keyOf } from '../kubernetes-api/objects.ts';
import { WORKLOADS } from './kinds.ts';
import { targetOf } from './object-ref.ts';

/**
 * The workloads of the namespace with these labels. A Job that a CronJob has made belongs to that.
 * @throws ToolError missing when there are none, input (no selector), denied, temporary, protocol
 */
export async function findWorkloads(cluster: Cluster, labels: string, signal: AbortSignal): Promise<readonly Target[]> {
  const { namespace } = cluster;
  const readings = await Promise.all(WORKLOADS.map((type) => cluster.list({ type, namespace, labels }, signal)));
  const refusals = readings.flatMap((reading, index) =>
    reading.kind === 'found' ? [] : [`${WORKLOADS[index]?.plural}: ${reading.message}`],
  );
  const found = readings.flatMap((reading, index) => {
    const type = WORKLOADS[index];
    if (reading.kind !== 'found' || type === undefined) return [];
    const own = reading.value.items.filter((item) => !isOwned(item));
    return own.map((item) => targetOf({ kind: type.kind, group: type.group, namespace, name: keyOf(item).name }));
  });
  if (refusals.length === WORKLOADS.length) {
    throw new ToolError('denied', `no workloads of namespace ${namespace} may be listed`, { problems: refusals });
  }
  if (found.length > 0) return found;
  const hint = 'It is a label selector as kubectl takes it, such as app=shop, and holds for the workloads themselves.';
  throw new ToolError('missing', `no workload of namespace ${namespace} fulfils ${JSON.stringify(labels)}`, {
    hint,
    problems: refusals,
  });
}

function isOwned(object: Json): boolean {
  return list(record(object.metadata).ownerReferences).some((owner) => record(owner).controller === true);
}
