import { list, record, text } from '../api/json.ts';

export interface SyncWindow {
  readonly kind: string;
  readonly schedule: string;
  readonly duration: string;
}

export interface SyncWindows {
  readonly active: readonly SyncWindow[];
  readonly assigned: readonly SyncWindow[];
}

export function readSyncWindows(value: unknown): SyncWindows {
  const { activeWindows, assignedWindows } = record(value);
  return { active: list(activeWindows).map(readWindow), assigned: list(assignedWindows).map(readWindow) };
}

function readWindow(value: unknown): SyncWindow {
  const { kind, schedule, duration } = record(value);
  return { kind: text(kind) ?? '', schedule: text(schedule) ?? '?', duration: text(duration) ?? '?' };
}

/**
 * Whether automatic sync is kept from starting. `canSync` of the answer is not asked: it is about a person, whom a window can
 * allow what it denies to automation (https://argo-cd.readthedocs.io/en/stable/user-guide/sync_windows/).
 */
export function blocksAutomation({ active, assigned }: SyncWindows): boolean {
  if (active.some(({ kind }) => kind === 'deny')) return true;
  return assigned.some(({ kind }) => kind === 'allow') && !active.some(({ kind }) => kind === 'allow');
}

export function tellWindows({ active, assigned }: SyncWindows): string {
  const windows = active.some(({ kind }) => kind === 'deny') ? active.filter(({ kind }) => kind === 'deny') : assigned;
  return windows.map(({ kind, schedule, duration }) => `${kind} "${schedule}" for ${duration}`).join(', ');
}
