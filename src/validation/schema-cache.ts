import { createHash } from 'node:crypto';
import type { Host } from '../host.ts';
import { isObject } from './scalars.ts';

/** What a URL answered: the text of a schema, or that there is none. */
export type CachedAnswer = { readonly kind: 'schema'; readonly text: string } | { readonly kind: 'none' };

export interface SchemaCache {
  get(url: string): Promise<CachedAnswer | undefined>;
  put(url: string, answer: CachedAnswer): Promise<void>;
}

/** Milliseconds after which an answer is asked for again: catalogs grow, and what they have seldom changes. */
const LIFETIME: Readonly<Record<CachedAnswer['kind'], number>> = { schema: 7 * 86_400_000, none: 86_400_000 };

/**
 * Answers on disk, one file for each URL, in `drawbridge/schemas` of the user's cache folder (XDG_CACHE_HOME, LOCALAPPDATA, else
 * ~/.cache). Without a home there is no cache; one that cannot be read or written is no reason to stop.
 */
export function createSchemaCache(host: Host): SchemaCache {
  const folder = cacheFolder(host.env);
  if (folder === undefined) return { get: async () => undefined, put: async () => {} };
  const fileOf = (url: string) => `${folder}/${createHash('sha256').update(url).digest('hex')}.json`;
  return {
    async get(url) {
      const bytes = await host.files.read(fileOf(url)).catch(() => undefined);
      return bytes === undefined ? undefined : readEntry(new TextDecoder().decode(bytes), url, host.clock.now());
    },
    async put(url, answer) {
      const entry = JSON.stringify({ url, at: host.clock.now(), ...answer });
      await host.files.write(fileOf(url), entry).catch(() => undefined);
    },
  };
}

function cacheFolder(env: Host['env']): string | undefined {
  const named = env.XDG_CACHE_HOME || env.LOCALAPPDATA;
  const home = env.HOME || env.USERPROFILE;
  const base = named || (home ? `${home}/.cache` : undefined);
  return base === undefined ? undefined : `${base}/drawbridge/schemas`;
}

function readEntry(text: string, url: string, now: number): CachedAnswer | undefined {
  const entry = parse(text);
  if (!isObject(entry) || entry.url !== url || typeof entry.at !== 'number') return undefined;
  const answer: CachedAnswer | undefined =
    entry.kind === 'none'
      ? { kind: 'none' }
      : typeof entry.text === 'string'
        ? { kind: 'schema', text: entry.text }
        : undefined;
  const age = now - entry.at;
  return answer !== undefined && age >= 0 && age < LIFETIME[answer.kind] ? answer : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
