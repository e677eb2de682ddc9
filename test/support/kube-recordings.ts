import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Json } from '../../src/engines/api/json.ts';

type Kind = 'deployments' | 'statefulsets' | 'daemonsets' | 'jobs' | 'pods';

/** One change of an object, as the watch of a real API server told it. */
export interface Change {
  /** Milliseconds since the recording began. */
  readonly t: number;
  readonly kind: Kind;
  readonly name: string;
  /** Undefined: it was deleted. */
  readonly object: Json | undefined;
}

export interface KubeRecording {
  readonly name: string;
  readonly changes: readonly Change[];
  /** When something was applied. */
  readonly marks: readonly { readonly t: number; readonly note: string }[];
  readonly end: number;
  /** Of the server, milliseconds since 1970 at the start. */
  readonly serverClock: number;
}

interface Line {
  readonly t: number;
  readonly mark?: string;
  readonly added?: readonly [Kind, string];
  readonly changed?: readonly [Kind, string];
  readonly deleted?: readonly [Kind, string];
  readonly object?: Json;
  readonly patch?: Json;
}

/** The objects are written whole once, and then as JSON merge patches. */
export function readKubeRecording(name: string): KubeRecording {
  const file = resolve(import.meta.dirname, `../engines/kubernetes/recordings/${name}.ndjson`);
  const [head = '{}', ...rest] = readFileSync(file, 'utf8').trim().split('\n');
  const lines = rest.map((line) => JSON.parse(line) as Line);
  const known = new Map<string, Json>();
  const changes = lines.flatMap(({ t, added, changed, deleted, object, patch }): readonly Change[] => {
    const [kind, id] = added ?? changed ?? deleted ?? [];
    if (kind === undefined || id === undefined) return [];
    const key = `${kind}/${id}`;
    const now = deleted !== undefined ? undefined : (object ?? merge(known.get(key) ?? {}, patch ?? {}));
    if (now === undefined) known.delete(key);
    else known.set(key, now);
    return [{ t, kind, name: id, object: now }];
  });
  const marks = lines.flatMap(({ t, mark }) => (mark === undefined ? [] : [{ t, note: mark }]));
  const { serverClock } = JSON.parse(head) as { readonly serverClock: number };
  return { name, changes, marks: marks.slice(0, -1), end: marks.at(-1)?.t ?? 0, serverClock };
}

function merge(before: Json, patch: Json): Json {
  const after: Record<string, unknown> = { ...before };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete after[key];
    else after[key] = isObject(value) && isObject(after[key]) ? merge(after[key], value) : value;
  }
  return after;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a list would have answered at that time. */
export function listAt({ changes }: KubeRecording, t: number, isKind: (kind: Kind) => boolean): readonly Json[] {
  const now = new Map<string, Json | undefined>();
  for (const change of changes) {
    if (change.t <= t && isKind(change.kind)) now.set(`${change.kind}/${change.name}`, change.object);
  }
  return [...now.values()].filter((object) => object !== undefined);
}
