import picomatch from 'picomatch';
import { ToolError } from '../errors.ts';
import type { Host } from '../host.ts';
import { isManifestFile } from './file-names.ts';
import { createIgnores, type Ignores } from './ignore-files.ts';
import { LIMITS } from './limits.ts';
import { pathFilter } from './path-filter.ts';
import { normalisePath } from './paths.ts';
import { createPauses } from './pauses.ts';
import type { SourceFile } from './source-file.ts';

export interface DiscoverOptions {
  /** Globs of what to leave out, as `pathFilter` takes them. */
  readonly ignore: readonly string[];
  readonly maxFiles?: number;
  /** Bytes of one file. */
  readonly maxFileBytes?: number;
  /** Bytes of all files. */
  readonly maxTotalBytes?: number;
}

export interface Discovered {
  /** In the order of their paths, each once. */
  readonly files: readonly SourceFile[];
  /** Files seen on the way, of whatever kind. */
  readonly looked: number;
  /** Files that are manifests by name and were not read, with the reason. */
  readonly unread: readonly Unread[];
}

export interface Unread {
  readonly path: string;
  readonly reason: string;
  /** True where its size is why. */
  readonly overLimit: boolean;
}

interface Search {
  readonly host: Host;
  readonly ignores: Ignores;
  readonly isIgnored: (path: string) => boolean;
  /** By path: bytes from stat, undefined until asked. */
  readonly found: Map<string, 'file' | 'symlink' | 'other'>;
  readonly maxFiles: number;
  looked: number;
}

/**
 * Reads the manifests that `paths` name: files, folders, globs, and `-` for standard input. Folders are walked once,
 * `.gitignore` files are honoured in them, symbolic links are not followed. A file that is named itself is always read.
 * Paths of the answer are relative to the working directory; those outside of it are as they were given.
 * @throws ToolError missing with every path that does not exist; data where there are more files than the limits allow.
 */
export async function discover(host: Host, paths: readonly string[], options: DiscoverOptions): Promise<Discovered> {
  const ignored = options.ignore.length === 0 ? () => false : pathFilter(options.ignore);
  const maxFiles = options.maxFiles ?? LIMITS.files;
  const search: Search = {
    host,
    ignores: createIgnores(host),
    isIgnored: ignored,
    found: new Map(),
    maxFiles,
    looked: 0,
  };
  const missing: string[] = [];
  for (const path of paths) {
    if (path !== '-' && !(await find(search, relativePath(host, path)))) missing.push(path);
  }
  if (missing.length > 0) throw missingPaths(missing, host);
  const input = paths.includes('-') ? [await standardInput(host, options)] : [];
  const read = await readAll(host, [...search.found.keys()].sort(), search.found, options);
  return { files: [...input, ...read.files], looked: search.looked + input.length, unread: read.unread };
}

function missingPaths(missing: readonly string[], host: Host): ToolError {
  const subject = missing.length === 1 ? `${missing[0]} does not exist` : `${missing.join(', ')} do not exist`;
  return new ToolError('missing', `${subject}, seen from ${host.workingDirectory}.`, {
    hint: 'Give files, folders or globs; put globs in quotes.',
    problems: missing.map((path) => `${path}: no such file or folder`),
  });
}

/** Relative to the working directory where the path is inside it. */
function relativePath(host: Host, path: string): string {
  const plain = normalisePath(path.replaceAll('\\', '/'));
  const root = `${normalisePath(host.workingDirectory.replaceAll('\\', '/'))}/`;
  return `${plain}/`.startsWith(root) ? plain.slice(root.length) : plain;
}

/** False where the path leads nowhere. */
async function find(search: Search, path: string): Promise<boolean> {
  const stat = await search.host.files.stat(path === '' ? '.' : path);
  if (stat?.kind === 'directory') {
    await walk(search, path, isManifestFile);
    return true;
  }
  if (stat !== undefined) {
    note(search, path, stat.kind);
    return true;
  }
  return /[*?[{]/.test(path) && !isDevicePath(path) && findGlob(search, path);
}

/** `\\?\C:\folder` is no glob over the whole machine (https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file). */
function isDevicePath(path: string): boolean {
  return path.startsWith('/?/');
}

async function findGlob(search: Search, glob: string): Promise<boolean> {
  const { base } = picomatch.scan(glob);
  const matches = picomatch(glob, { dot: true });
  const before = search.found.size;
  let matched = false;
  await walk(search, base === '.' ? '' : base, (path) => {
    const isMatch = matches(path) && isManifestFile(path);
    matched ||= isMatch;
    return isMatch;
  });
  return matched || search.found.size > before;
}

async function walk(search: Search, start: string, wanted: (path: string) => boolean): Promise<void> {
  await search.ignores.enter(start);
  const pauses = createPauses(search.host);
  const pending = [start];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    search.host.signal.throwIfAborted();
    const pause = pauses();
    if (pause !== undefined) await pause;
    const entries = (await search.host.files.list(folder === '' ? '.' : folder)) ?? [];
    if (entries.some((entry) => entry.name === '.gitignore')) await search.ignores.read(folder);
    for (const entry of entries) {
      const path = folder === '' || folder === '/' ? `${folder}${entry.name}` : `${folder}/${entry.name}`;
      const isFolder = entry.kind === 'directory';
      if (!isFolder) search.looked++;
      if (entry.name === '.git' || search.isIgnored(path) || search.ignores.covers(path, isFolder)) continue;
      if (isFolder) pending.push(path);
      else if (wanted(path)) note(search, path, entry.kind);
    }
  }
}

function note(search: Search, path: string, kind: 'file' | 'directory' | 'symlink' | 'other'): void {
  if (kind === 'directory') return;
  search.found.set(path, kind);
  if (search.found.size <= search.maxFiles) return;
  throw new ToolError('data', `There are more than ${search.maxFiles.toLocaleString('en')} manifests to read.`, {
    hint: 'Name fewer folders, or leave some out with ignore.',
  });
}

async function standardInput(host: Host, options: DiscoverOptions): Promise<SourceFile> {
  const bytes = await host.files.readStandardInput(options.maxFileBytes ?? LIMITS.fileBytes);
  return { path: '-', bytes, mode: '100644' };
}

/** As many reads under way at once as keep a disk busy. */
const BATCH = 64;

async function readAll(
  host: Host,
  paths: readonly string[],
  kinds: ReadonlyMap<string, 'file' | 'symlink' | 'other'>,
  options: DiscoverOptions,
): Promise<{ files: readonly SourceFile[]; unread: readonly Unread[] }> {
  const files: SourceFile[] = [];
  const unread: Unread[] = [];
  const pauses = createPauses(host);
  let left = options.maxTotalBytes ?? LIMITS.totalBytes;
  for (let at = 0; at < paths.length; at += BATCH) {
    const batch = paths.slice(at, at + BATCH).map((path) => readOne(host, path, kinds.get(path), options));
    for (const result of await Promise.all(batch)) {
      if ('bytes' in result) files.push(result);
      else unread.push(result);
      left -= 'bytes' in result ? result.bytes.length : 0;
    }
    if (left < 0) throw tooMuch(options.maxTotalBytes ?? LIMITS.totalBytes);
    await pauses();
  }
  return { files, unread };
}

async function readOne(
  host: Host,
  path: string,
  kind: 'file' | 'symlink' | 'other' | undefined,
  options: DiscoverOptions,
): Promise<SourceFile | Unread> {
  if (kind === 'symlink') return { path, reason: 'symbolic link', overLimit: false };
  if (kind !== 'file') return { path, reason: 'not a regular file', overLimit: false };
  const limit = options.maxFileBytes ?? LIMITS.fileBytes;
  const file = await host.files.take(path, limit);
  if (file === undefined) return { path, reason: 'gone while it was being read', overLimit: false };
  const { size, executable, bytes } = file;
  if (size > limit) return { path, reason: `The file has ${size} bytes; the limit is ${limit}.`, overLimit: true };
  if (bytes === undefined) return { path, reason: 'not a regular file', overLimit: false };
  return { path, bytes, mode: executable ? '100755' : '100644' };
}

function tooMuch(limit: number): ToolError {
  return new ToolError('data', `The manifests have more than ${limit >> 20} MiB in all.`, {
    hint: 'Name fewer folders, or leave some out with ignore.',
  });
}
