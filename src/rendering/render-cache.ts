import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Host } from '../host.ts';
import { isObject } from '../validation/scalars.ts';
import { mayHoldSecrets } from '../validation/secrets.ts';

/** What programs printed, by all that they were given. */
export interface RenderCache {
  get(key: string): string | undefined;
  put(key: string, text: string): void;
  /** Writes down what this run got or put, and forgets the rest. */
  close(): Promise<void>;
}

/** Of all texts together, in characters. */
const MOST_CHARACTERS = 64 << 20;

/**
 * One file for each working directory, in `drawbridge/rendered` of the user's cache folder (XDG_CACHE_HOME, LOCALAPPDATA,
 * else ~/.cache). What holds a Secret with data is never kept. Without a home there is no cache; one that cannot be read or written is
 * no reason to stop.
 */
export async function openRenderCache(host: Host): Promise<RenderCache> {
  const path = cachePath(host);
  const known = path === undefined ? new Map<string, string>() : await readEntries(host, path);
  const used = new Map<string, string>();
  let isChanged = false;
  return {
    get(key) {
      const text = known.get(key);
      if (text !== undefined) used.set(key, text);
      return text;
    },
    put(key, text) {
      if (holdsSecret(text)) return;
      used.set(key, text);
      isChanged = true;
    },
    async close() {
      if (path === undefined || !isChanged) return;
      await host.files.write(path, gzipSync(JSON.stringify(fitting(used)))).catch(() => undefined);
    },
  };
}

/** A Secret with something in it, however it is written, also in a list; one without data is no secret. */
function holdsSecret(text: string): boolean {
  const hasData = (document: string) => /(^|[{,])\s*(- )?["']?(data|stringData)["']?\s*:/im.test(document);
  return text.split(/^---/m).some((document) => hasData(document) && mayHoldSecrets(document));
}

function cachePath({ env, workingDirectory }: Host): string | undefined {
  const named = env.XDG_CACHE_HOME || env.LOCALAPPDATA;
  const home = env.HOME || env.USERPROFILE;
  const base = named || (home ? `${home}/.cache` : undefined);
  const name = createHash('sha256').update(workingDirectory).digest('hex').slice(0, 32);
  return base === undefined ? undefined : `${base}/drawbridge/rendered/${name}.json.gz`;
}

async function readEntries(host: Host, path: string): Promise<Map<string, string>> {
  const bytes = await host.files.read(path).catch(() => undefined);
  try {
    const maxOutputLength = 4 * MOST_CHARACTERS;
    const entries: unknown = bytes === undefined ? {} : JSON.parse(gunzipSync(bytes, { maxOutputLength }).toString());
    const rows = isObject(entries) ? Object.entries(entries) : [];
    return new Map(rows.filter((row): row is [string, string] => typeof row[1] === 'string'));
  } catch {
    return new Map();
  }
}

function fitting(entries: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  let left = MOST_CHARACTERS;
  const isFitting = ({ length }: string) => {
    left -= length;
    return left >= 0;
  };
  return Object.fromEntries([...entries].filter(([, text]) => isFitting(text)));
}

/** A key over texts and files: equal only where all of them are. */
export function cacheKey(texts: readonly string[], files: ReadonlyMap<string, Uint8Array>): string {
  const hash = createHash('sha256').update(JSON.stringify(texts));
  for (const [path, bytes] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(JSON.stringify([path, bytes.length])).update(bytes);
  }
  return hash.digest('hex');
}
