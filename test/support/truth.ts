import type { Recording } from './recordings.ts';

/**
 * Whether an Application, as it was recorded, can be called live at the wanted revision. Written without a look at the code
 * that is tested: the status at the revision or a descendant, nothing under way, healthy, nothing of it older than that.
 */
// biome-ignore lint/suspicious/noExplicitAny: foreign JSON, read as it was recorded
export function isTrulyLive(object: any, { relation }: Recording, wanted: string): boolean {
  const { sync, health, operationState: state, resources = [], reconciledAt } = object?.status ?? {};
  const own = [sync?.revision, ...(sync?.revisions ?? [])].some((revision) => holds(relation(revision ?? '', wanted)));
  // biome-ignore lint/suspicious/noExplicitAny: foreign JSON, read as it was recorded
  const differing = resources.filter(({ status }: any) => status !== 'Synced');
  // biome-ignore lint/suspicious/noExplicitAny: foreign JSON, read as it was recorded
  const onlyPruning = differing.length > 0 && differing.every((one: any) => one.requiresPruning === true);
  const equal = sync?.status === 'Synced' || (sync?.status === 'OutOfSync' && onlyPruning);
  const deployed = [state?.syncResult?.revision, ...(state?.syncResult?.revisions ?? [])];
  const byOperation =
    state?.phase === 'Succeeded' && deployed.some((revision) => holds(relation(revision ?? '', wanted)));
  const withoutOperation = state?.finishedAt !== undefined && reconciledAt > state.finishedAt;
  return (
    own && equal && object.operation === undefined && health?.status === 'Healthy' && (byOperation || withoutOperation)
  );
}

function holds(relation: string): boolean {
  return relation === 'equal' || relation === 'contains';
}
