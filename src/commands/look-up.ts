import type { Host } from '../host.ts';
import { createIgnores } from '../manifests/ignore-files.ts';
import type { PathKind } from '../validation/manifest-set.ts';

const AT_ONCE = 32;

/** What is at each path. What Git ignores may well be made on the way to the cluster: it counts as unknown. */
export async function lookUp(host: Host, paths: readonly string[]): Promise<(path: string) => PathKind> {
  const ignores = createIgnores(host);
  const found = new Map<string, PathKind>();
  for (let start = 0; start < paths.length; start += AT_ONCE) {
    const some = paths.slice(start, start + AT_ONCE);
    await Promise.all(some.map(async (path) => found.set(path, await kindAt(host, path))));
  }
  for (const [path] of [...found].filter(([, kind]) => kind === 'missing')) {
    await ignores.enter(path);
    if (ignores.covers(path, false) || ignores.covers(path, true)) found.set(path, 'unknown');
  }
  return (path) => found.get(path) ?? 'unknown';
}

async function kindAt(host: Host, path: string): Promise<PathKind> {
  const kind = (await host.files.stat(path === '' ? '.' : path))?.kind;
  if (kind === undefined) return 'missing';
  return kind === 'file' ? 'file' : kind === 'directory' ? 'folder' : 'unknown';
}
