import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Relation } from '../../src/forges/forge-client.ts';

/** Full recordings of real servers are not part of this repository; the small ones under test/engines/argocd/timelines are. */
const RECORDINGS = process.env.DRAWBRIDGE_RECORDINGS ?? resolve(import.meta.dirname, '../../../shared/recordings');

export interface Line {
  /** Milliseconds since the recording began. */
  readonly t: number;
  readonly via: 'stream' | 'get' | 'mark' | 'http';
  readonly app?: string;
  readonly type?: string;
  readonly status?: number;
  readonly same?: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: foreign JSON, read as it was recorded
  readonly object?: any;
}

export interface Push {
  readonly t: number;
  readonly sha: string;
  readonly repository: string;
}

export interface Recording {
  readonly name: string;
  readonly lines: readonly Line[];
  readonly pushes: readonly Push[];
  /** The server's clock at the start, milliseconds since 1970. */
  readonly startedAt: number;
  /** Ancestry as the pushes tell it. A revert is a commit whose message begins with "Revert". */
  relation(revision: string, wanted: string): Relation;
}

export function hasRecording(name: string): boolean {
  return existsSync(resolve(RECORDINGS, 'argocd', `${name}.ndjson`));
}

export function readRecording(name: string): Recording {
  return parseRecording(name, readFileSync(resolve(RECORDINGS, 'argocd', `${name}.ndjson`), 'utf8'));
}

/** A recording that is part of this repository: cut down to what is read of it. */
export function readTimeline(name: string): Recording {
  return parseRecording(
    name,
    readFileSync(resolve(import.meta.dirname, `../engines/argocd/timelines/${name}.ndjson`), 'utf8'),
  );
}

function parseRecording(name: string, text: string): Recording {
  const lines = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
  const pushed = lines.filter(({ via, object }) => via === 'mark' && Array.isArray(object?.parents));
  const commits = new Map(pushed.map(({ object }) => [object.sha as string, object]));
  const relations = new Map<string, Map<string, Relation>>();
  const startedAt = Date.parse(lines[0]?.object?.at ?? '');
  return {
    name,
    lines,
    pushes: pushed.map(({ t, object }) => ({ t, sha: object.sha, repository: object.repo })),
    startedAt,
    relation(revision, wanted) {
      const ofWanted = relations.get(wanted) ?? new Map<string, Relation>();
      relations.set(wanted, ofWanted);
      const known = ofWanted.get(revision) ?? relate(commits, revision, wanted);
      ofWanted.set(revision, known);
      return known;
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: foreign JSON, read as it was recorded
function relate(commits: ReadonlyMap<string, any>, revision: string, wanted: string): Relation {
  if (revision === wanted) return 'equal';
  if (!/^[0-9a-f]{40}$/.test(revision)) return /^[0-9a-f]{40}$/.test(wanted) ? 'unknown' : 'lacks';
  if (!commits.has(revision)) return 'unknown';
  const open = [revision];
  const seen = new Set<string>();
  let reverted = false;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const commit = commits.get(next);
    const parents: readonly string[] = commit?.parents ?? [];
    if (/^revert/i.test(commit?.message ?? '') && parents.includes(wanted)) reverted = true;
    open.push(...parents);
  }
  if (!seen.has(wanted)) return 'lacks';
  return reverted ? 'reverted' : 'contains';
}
