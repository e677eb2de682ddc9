import { relative, resolve } from 'node:path';
import type { DirectoryEntry, FileStat, Files, Host } from '../host.ts';

/** A file of a tree that stands nowhere on the disk. */
export interface TreeFile {
  readonly kind: FileStat['kind'];
  readonly executable: boolean;
  readonly size: number;
  /** Undefined where it cannot be read: a symbolic link, or too large. */
  readonly bytes: Uint8Array | undefined;
}

/**
 * The same machine with these files below `top`, in place of those that are there: what is there is neither read nor
 * touched. `top` need not exist.
 * @param files by path from `top`
 */
export function hostWithTree(host: Host, top: string, files: ReadonlyMap<string, TreeFile>): Host {
  return { ...host, files: overlay(host, top, files) };
}

function overlay(host: Host, top: string, tree: ReadonlyMap<string, TreeFile>): Files {
  const folders = foldersOf(tree);
  const { files, workingDirectory } = host;
  const at = (path: string) => resolve(workingDirectory, path);
  const inTree = (path: string): string | undefined => {
    const from = relative(top, at(path)).replaceAll('\\', '/');
    const isOutside = from === '..' || from.startsWith('../') || from === '.git' || from.startsWith('.git/');
    return isOutside || /^[A-Za-z]:/.test(from) ? undefined : from;
  };
  return {
    ...files,
    async stat(path) {
      const own = inTree(path);
      if (own === undefined) return files.stat(at(path));
      if (folders.has(own)) return { kind: 'directory', size: 0, executable: true };
      const file = tree.get(own);
      return file === undefined ? undefined : { kind: file.kind, size: file.size, executable: file.executable };
    },
    async read(path) {
      const own = inTree(path);
      return own === undefined ? files.read(at(path)) : tree.get(own)?.bytes;
    },
    async take(path, mostBytes) {
      const own = inTree(path);
      if (own === undefined) return files.take(at(path), mostBytes);
      const file = tree.get(own);
      if (file === undefined) return undefined;
      const { kind, size, executable, bytes } = file;
      return { kind, size, executable, bytes: size <= mostBytes ? bytes : undefined };
    },
    async list(path) {
      const own = inTree(path);
      return own === undefined ? files.list(at(path)) : folders.get(own);
    },
  };
}

/** What is in each folder, the top among them. */
function foldersOf(files: ReadonlyMap<string, TreeFile>): ReadonlyMap<string, readonly DirectoryEntry[]> {
  const folders = new Map<string, DirectoryEntry[]>([['', []]]);
  const add = (path: string, kind: DirectoryEntry['kind']) => {
    const slash = path.lastIndexOf('/');
    const parent = slash < 0 ? '' : path.slice(0, slash);
    const known = folders.get(parent);
    if (known === undefined) {
      folders.set(parent, []);
      add(parent, 'directory');
    }
    folders.get(parent)?.push({ name: path.slice(slash + 1), kind });
  };
  for (const [path, { kind }] of files) add(path, kind);
  return folders;
}
