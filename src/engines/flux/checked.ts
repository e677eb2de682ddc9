import { text } from '../api/json.ts';
import type { Memory } from './finding.ts';
import type { FluxObject } from './flux-object.ts';

/** `Running health checks for revision <x> with a timeout of <t>`: then all of that revision is applied. */
const CHECKING = /Running health checks for revision (\S+)(?: with a timeout of (\S+))?/;

/** The health check that a Kustomization is at. */
export function checkOf({
  reconciling,
}: FluxObject): { readonly revision: string; readonly timeout: string } | undefined {
  const [, revision, timeout = 'its timeout'] = CHECKING.exec(reconciling?.message ?? '') ?? [];
  return revision === undefined ? undefined : { revision, timeout };
}

/** The revision of which all is applied, as far as the Kustomization says so at this moment. */
export function checkedNow(kustomization: FluxObject): string | undefined {
  const { ready, status } = kustomization;
  const isOver = ready?.status === 'False' && /^HealthCheck/.test(ready.reason);
  return checkOf(kustomization)?.revision ?? (isOver ? text(status.lastAttemptedRevision) : undefined);
}

/**
 * Keeps which revision was all applied while `lastAppliedRevision` does not tell. That is written only at the end of a pass that did
 * well: for a moment after a check that has passed, and for long after one that was broken off, it names what was there before.
 */
export function noteChecked(memory: Memory, kustomization: FluxObject | undefined): Memory {
  const { checked: before, ...rest } = memory;
  const { lastAppliedRevision, lastAttemptedRevision: attempted } = kustomization?.status ?? {};
  if (kustomization === undefined || lastAppliedRevision === attempted) return rest;
  const over = text(lastAppliedRevision);
  const now = checkedNow(kustomization);
  const kept = before !== undefined && before.over === over ? before.revision : undefined;
  const revision = now !== undefined && now === attempted ? now : kept;
  return revision === undefined ? rest : { ...rest, checked: { revision, over } };
}
