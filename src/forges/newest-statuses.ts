import type { CommitStatus } from './forge-client.ts';

/** Of each kind and context the first one; given newest first, as the forges list them. */
export function newestStatuses(statuses: readonly CommitStatus[]): readonly CommitStatus[] {
  const newest = new Map<string, CommitStatus>();
  for (const status of statuses) {
    const key = `${status.kind} ${status.context}`;
    if (!newest.has(key)) newest.set(key, status);
  }
  return [...newest.values()];
}

/** One line of at most so many characters. */
export function shortLine(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most - 1).trimEnd()}…`;
}
