import { resolve } from 'node:path';
import type { DirectoryEntry, Host } from '../host.ts';
import { directoryName } from '../manifests/file-names.ts';
import { LIMITS } from '../manifests/limits.ts';
import { joinPath } from '../manifests/paths.ts';

export type EntryKind = 'file' | 'folder' | 'symbolic link' | 'missing' | 'outside' | 'other';

/** The files of the repository. Paths are as findings have them: relative to the working directory. */
export interface SourceTree {
  /** A path below a symbolic link is one itself; what is not in the repository is `outside`. */
  kindOf(path: string): Promise<EntryKind>;
  read(path: string): Promise<Uint8Array | undefined>;
  list(folder: string): Promise<readonly DirectoryEntry[]>;
  /** The path from the top of the repository. */
  fromTop(path: string): string;
  /** The other way round. */
  fromWorkingDirectory(path: string): string;
}

/** @param prefix the working directory as seen from the top of the repository */
export function createSourceTree(host: Host, prefix: string): SourceTree {
  const kinds = new Map<string, Promise<EntryKind>>();
  const up = prefix.replace(/[^/]+/g, '..');
  const at = (path: string) => resolve(host.workingDirectory, path === '' ? '.' : path);
  const fromTop = (path: string) => joinPath(prefix, path);
  const tree: SourceTree = {
    fromTop,
    fromWorkingDirectory(path) {
      if (prefix === '') return path;
      if (path === prefix) return '';
      return path.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1) : joinPath(up, path);
    },
    kindOf(path) {
      const known = kinds.get(path) ?? look(path);
      kinds.set(path, known);
      return known;
    },
    read: (path) => host.files.read(at(path)),
    list: async (folder) => (await host.files.list(at(folder))) ?? [],
  };
  async function look(path: string): Promise<EntryKind> {
    const inTree = fromTop(path);
    if (inTree === '') return 'folder';
    if (inTree.startsWith('..') || inTree.startsWith('/')) return 'outside';
    const parent = await tree.kindOf(tree.fromWorkingDirectory(directoryName(inTree)));
    if (parent !== 'folder') return parent === 'symbolic link' ? parent : 'missing';
    const stat = await host.files.stat(at(path));
    if (stat === undefined) return 'missing';
    if (stat.kind === 'directory') return 'folder';
    if (stat.kind === 'symlink') return 'symbolic link';
    return stat.kind === 'file' ? 'file' : 'other';
  }
  return tree;
}

/** Files of what is rendered may be larger than manifests: archives of charts, for one. */
export const MOST_BYTES = 4 * LIMITS.fileBytes;
