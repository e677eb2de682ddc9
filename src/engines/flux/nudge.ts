import type { Host } from '../../host.ts';
import type { Json } from '../api/json.ts';
import type { ActResult } from '../delivery-engine.ts';
import type { Cluster } from '../kubernetes-api/cluster.ts';
import { nameOf } from './flux-object.ts';
import type { ObjectName } from './target-ref.ts';

/** https://fluxcd.io/flux/components/source/gitrepositories/#triggering-a-reconcile */
export const REQUESTED_AT = 'reconcile.fluxcd.io/requestedAt';

/** The object as it was right after the request. */
export type Nudged = { readonly kind: 'done'; readonly object: Json } | Exclude<ActResult, { readonly kind: 'done' }>;

/**
 * Asks an object of Flux to look at once. The only right that it takes is patch on that object. Whether somebody else asks at
 * the same time plays no part: what counts is what comes of it, not whose request was served.
 * @throws ToolError temporary, protocol, denied
 */
export async function nudge(
  cluster: Cluster,
  name: ObjectName,
  host: Pick<Host, 'clock' | 'random'>,
  signal: AbortSignal,
): Promise<Nudged> {
  const type = (await cluster.resources(name.group, signal)).find(({ kind }) => kind === name.kind);
  if (type === undefined) return { kind: 'refused', reason: `the cluster does not serve ${name.kind}` };
  const patch = { metadata: { annotations: { [REQUESTED_AT]: token(host) } } };
  const reading = await cluster.patch(type, { namespace: name.namespace, name: name.name }, patch, signal);
  if (reading.kind === 'found') return { kind: 'done', object: reading.value };
  const reason = `${nameOf(name)} could not be asked to look at once: ${reading.message}`;
  return { kind: reading.status === 409 ? 'busy' : 'refused', reason };
}

/** Two requests are never alike, also within one millisecond. */
function token({ clock, random }: Pick<Host, 'clock' | 'random'>): string {
  const unique = Math.floor(random() * 36 ** 6).toString(36);
  return `${new Date(clock.now()).toISOString()}-${unique}`;
}
