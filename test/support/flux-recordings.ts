import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Relation } from '../../src/forges/forge-client.ts';

// biome-ignore lint/suspicious/noExplicitAny: foreign JSON, read as it was recorded
type Foreign = any;

interface Line {
  /** Milliseconds since the recording began. */
  readonly t: number;
  /** `Kustomization/app`; the first line of a key is the whole object, each later one a merge patch. */
  readonly key?: string;
  readonly patch?: Foreign;
  readonly gone?: string;
  readonly mark?: string;
  readonly commit?: string;
}

interface Commit {
  readonly label: string;
  readonly sha: string;
  readonly parents: readonly string[];
}

/** An object as it was written at a time; without one it was deleted. */
export interface Written {
  readonly t: number;
  readonly key: string;
  readonly object?: Foreign;
}

export interface FluxRecording {
  readonly name: string;
  readonly writes: readonly Written[];
  readonly marks: readonly { readonly t: number; readonly note: string; readonly commit?: string }[];
  readonly commits: readonly Commit[];
  readonly end: number;
  /** The server's clock at the start, milliseconds since 1970. */
  readonly startedAt: number;
  relation(revision: string, wanted: string): Relation;
  /** When a commit was pushed, and which it is. */
  push(label: string): { readonly t: number; readonly sha: string };
  /** Every object as it was at a time. */
  at(t: number): ReadonlyMap<string, Foreign>;
}

const FILE = resolve(import.meta.dirname, '../engines/flux/recordings/recordings.json.gz');
let texts: ReadonlyMap<string, string> | undefined;

function load(): ReadonlyMap<string, string> {
  const lines = gunzipSync(readFileSync(FILE)).toString('utf8').split('\n');
  return new Map(lines.map((line) => [JSON.parse(line).name as string, line]));
}

/** Watches of real controllers, cut down to the objects and the fields that are read. */
export function fluxRecordings(): readonly string[] {
  texts ??= load();
  return [...texts.keys()];
}

/** @param until milliseconds after which nothing happens any more */
export function readFluxRecording(name: string, until = Number.POSITIVE_INFINITY): FluxRecording {
  texts ??= load();
  const { lines, commits } = JSON.parse(texts.get(name) ?? '{}') as { lines: Line[]; commits: Commit[] };
  const writes = unpack(lines).filter(({ t }) => t <= until);
  const relations = new Map<string, Relation>();
  let asked = '';
  const marks = lines.flatMap(({ t, mark, commit }) =>
    mark === undefined ? [] : [{ t, note: mark, ...(commit === undefined ? {} : { commit }) }],
  );
  return {
    name,
    writes,
    marks,
    commits,
    end: Math.min(until, lines.at(-1)?.t ?? 0),
    startedAt: startOf(writes),
    relation(revision, wanted) {
      if (asked !== wanted) relations.clear();
      asked = wanted;
      const known = relations.get(revision) ?? relate(commits, revision, wanted);
      relations.set(revision, known);
      return known;
    },
    push(label) {
      const sha = commits.find((commit) => commit.label.split(' ')[0] === label)?.sha ?? '';
      return { t: marks.find(({ commit }) => commit === sha)?.t ?? 0, sha };
    },
    at: (t) => new Map(writes.filter((write) => write.t <= t).map(({ key, object }) => [key, object])),
  };
}

function unpack(lines: readonly Line[]): readonly Written[] {
  const known = new Map<string, Foreign>();
  return lines.flatMap(({ t, key, patch, gone }): Written[] => {
    if (gone !== undefined) {
      known.delete(gone);
      return [{ t, key: gone }];
    }
    if (key === undefined) return [];
    const object = merge(known.get(key), patch);
    known.set(key, object);
    return [{ t, key, object }];
  });
}

function merge(before: Foreign, patch: Foreign): Foreign {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const isObject = typeof before === 'object' && before !== null && !Array.isArray(before);
  const merged: Record<string, Foreign> = isObject ? { ...before } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = merge(merged[key], value);
  }
  return merged;
}

/** Requests carry the time to the millisecond at which they were made; other times are whole seconds. */
function startOf(writes: readonly Written[]): number {
  const starts = writes.flatMap(({ t, object }) => {
    const asked = object?.metadata?.annotations?.['reconcile.fluxcd.io/requestedAt'];
    return typeof asked === 'string' && !Number.isNaN(Date.parse(asked)) ? [Date.parse(asked) - t] : [];
  });
  const [first] = writes;
  return starts.length > 0 ? Math.max(...starts) : lastTime(first?.object) + 2_000;
}

function lastTime(object: Foreign): number {
  const times = (object?.status?.conditions ?? []).map((one: Foreign) => Date.parse(one.lastTransitionTime));
  return Math.max(0, ...times);
}

function relate(commits: readonly Commit[], revision: string, wanted: string): Relation {
  if (revision === wanted) return 'equal';
  const byName = new Map(commits.map((commit) => [commit.sha, commit]));
  if (!byName.has(revision)) return 'unknown';
  const open = [revision];
  const seen = new Set<string>();
  let reverted = false;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const commit = byName.get(next);
    const label = byName.get(wanted)?.label.split(' ')[0];
    if (commit?.label.endsWith(`reverts ${label}`)) reverted = true;
    open.push(...(commit?.parents ?? []));
  }
  if (!seen.has(wanted)) return 'lacks';
  return reverted ? 'reverted' : 'contains';
}
