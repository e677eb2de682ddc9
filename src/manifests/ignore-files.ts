import ignore, { type Ignore } from 'ignore';
import type { Host } from '../host.ts';
import { directoryName } from './file-names.ts';
import { joinPath } from './paths.ts';
import { decodeText } from './text.ts';

/** The `.gitignore` files that a walk meets (https://git-scm.com/docs/gitignore). */
export interface Ignores {
  /** Reads those of the folders above `folder`, up to the top of its repository. */
  enter(folder: string): Promise<void>;
  /** Reads the one in `folder`. */
  read(folder: string): Promise<void>;
  /** True where the rules met so far leave the path out; the deepest file with an opinion decides. */
  covers(path: string, isFolder: boolean): boolean;
}

export function createIgnores(host: Host): Ignores {
  const rules = new Map<string, Ignore>();
  const looked = new Set<string>();
  const tops = new Map<string, boolean>();
  const isTop = async (folder: string) => {
    const known = tops.get(folder) ?? (await host.files.stat(joinPath(folder, '.git'))) !== undefined;
    tops.set(folder, known);
    return known;
  };
  const read = async (folder: string) => {
    if (looked.has(folder)) return;
    looked.add(folder);
    const bytes = await host.files.read(joinPath(folder, '.gitignore'));
    const decoded = bytes === undefined ? undefined : decodeText(bytes);
    if (decoded?.ok) rules.set(folder, ignore({ allowRelativePaths: true }).add(decoded.text));
  };
  return {
    read,
    async enter(folder) {
      for (const parent of parents(folder)) {
        await read(parent);
        if (await isTop(parent)) return;
      }
    },
    covers(path, isFolder) {
      if (rules.size === 0) return false;
      for (const folder of parents(path)) {
        const rule = rules.get(folder);
        if (rule === undefined) continue;
        const below = folder === '' ? path : path.slice(folder.length + 1);
        const verdict = rule.test(isFolder ? `${below}/` : below);
        if (verdict.ignored) return true;
        if (verdict.unignored) return false;
      }
      return false;
    },
  };
}

/** The folders that hold `path`, the nearest first; ends at the working directory, or at the root for an absolute path. */
function parents(path: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = path; folder !== '' && folder !== '/'; ) {
    folder = directoryName(folder);
    folders.push(folder);
  }
  return folders;
}
