import { ToolError } from '../errors.ts';
import type { FileStat, Host, TakenFile } from '../host.ts';
import { isManifestFile } from './file-names.ts';
import { createIgnores, type Ignores } from './ignore-files.ts';
import { picomatch } from './libraries.ts';
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
  /** Where it should have been read: its size or its name is why it was not. */
  readonly fault?: 'size' | 'name';
}

type Kind = FileStat['kind'];

interface Search {
  readonly host: Host;
  readonly ignores: Ignores;
  readonly isIgnored: (path: string) => boolean;
  /** By path. A folder is among them where it cannot be opened by its name. */
  readonly found: Map<string, Kind>;
  /** What the system refuses to read, as it says it. */
  readonly refused: ToolError[];
  readonly maxFiles: number;
  looked: number;
}

/**
 * Reads the manifests that `paths` name: files, folders, globs, and `-` for standard input. Folders are walked once,
 * `.gitignore` files are honoured in them, symbolic links are not followed. A file that is named itself is always read.
 * Paths of the answer are relative to the working directory; those outside of it are as they were given.
 * @throws ToolError missing with every path that does not exist; io with every file and folder that the system refuses to read;
 * data where there are more files than the limits allow.
 */
export async function discover(host: Host, paths: readonly string[], options: DiscoverOptions): Promise<Discovered> {
  const ignored = options.ignore.length === 0 ? () => false : pathFilter(options.ignore);
  const maxFiles = options.maxFiles ?? LIMITS.files;
  const search: Search = {
    host,
    ignores: createIgnores(host),
    isIgnored: ignored,
    found: new Map(),
    refused: [],
    maxFiles,
    looked: 0,
  };
  const missing: string[] = [];
  for (const path of paths) {
    const isFound = path === '-' || (await unlessRefused(search, find(search, relativePath(host, path))));
    if (isFound === false) missing.push(path);
  }
  if (missing.length > 0) throw missingPaths(missing, host);
  const input = paths.includes('-') ? [await standardInput(host, options)] : [];
  const read = await readAll(search, [...search.found.keys()].sort(), options);
  if (search.refused.length > 0) throw unreadable(search.refused);
  return { files: [...input, ...read.files], looked: search.looked + input.length, unread: read.unread };
}

function missingPaths(missing: readonly string[], host: Host): ToolError {
  const subject = missing.length === 1 ? `${missing[0]} does not exist` : `${missing.join(', ')} do not exist`;
  return new ToolError('missing', `${subject}, seen from ${host.workingDirectory}.`, {
    hint: 'Give files, folders or globs; put globs in quotes.',
    problems: missing.map((path) => `${path}: no such file or folder`),
  });
}

function unreadable(refused: readonly ToolError[]): ToolError {
  const problems = [...new Set(refused.map(({ message }) => message))].sort();
  const [only = ''] = problems;
  return new ToolError('io', problems.length === 1 ? only : `${problems.length} files or folders cannot be read.`, {
    problems,
    hint: 'Check their permissions, or leave them out with ignore. Nothing is said of the others: files decide on each other.',
    cause: refused[0],
  });
}

/** Undefined where the system refuses: it is noted, so that every refusal is told at once. */
async function unlessRefused<T>(search: Pick<Search, 'refused'>, action: Promise<T>): Promise<T | undefined> {
  try {
    return await action;
  } catch (error) {
    return noteRefusal(search, error);
  }
}

function noteRefusal({ refused }: Pick<Search, 'refused'>, error: unknown): undefined {
  if (!(error instanceof ToolError) || error.code !== 'io') throw error;
  refused.push(error);
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
  const { base } = picomatch().scan(glob);
  const matches = picomatch()(glob, { dot: true });
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
  await unlessRefused(search, search.ignores.enter(start));
  const pauses = createPauses(search.host);
  const pending = [start];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    search.host.signal.throwIfAborted();
    const pause = pauses();
    if (pause !== undefined) await pause;
    const entries = await unlessRefused(search, search.host.files.list(folder === '' ? '.' : folder));
    if (entries === undefined && isGarbled(folder)) search.found.set(folder, 'directory');
    if (entries === undefined) continue;
    if (entries.some((entry) => entry.name === '.gitignore')) await unlessRefused(search, search.ignores.read(folder));
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

/** What of a name is not UTF-8 is shown as this, and by the name that is shown nothing can be opened. */
function isGarbled(path: string): boolean {
  return path.includes('\uFFFD');
}

function note(search: Search, path: string, kind: Kind): void {
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
  search: Search,
  paths: readonly string[],
  options: DiscoverOptions,
): Promise<{ files: readonly SourceFile[]; unread: readonly Unread[] }> {
  const files: SourceFile[] = [];
  const unread: Unread[] = [];
  const pauses = createPauses(search.host);
  let left = options.maxTotalBytes ?? LIMITS.totalBytes;
  for (let at = 0; at < paths.length; at += BATCH) {
    const batch = paths.slice(at, at + BATCH).map((path) => readOne(search, path, options));
    for (const result of await Promise.all(batch)) {
      if (result === undefined) continue;
      if ('bytes' in result) files.push(result);
      else unread.push(result);
      left -= 'bytes' in result ? result.bytes.length : 0;
    }
    if (left < 0) throw tooMuch(options.maxTotalBytes ?? LIMITS.totalBytes);
    await pauses();
  }
  return { files, unread };
}

/** Undefined where the system refuses. */
async function readOne(
  search: Search,
  path: string,
  options: DiscoverOptions,
): Promise<SourceFile | Unread | undefined> {
  const kind = search.found.get(path);
  if (kind === 'symlink') return { path, reason: 'symbolic link' };
  if (kind === 'directory') return garbled(path, 'folder');
  if (kind !== 'file') return { path, reason: 'not a regular file' };
  const limit = options.maxFileBytes ?? LIMITS.fileBytes;
  let file: TakenFile | undefined;
  try {
    file = await search.host.files.take(path, limit);
  } catch (error) {
    return noteRefusal(search, error);
  }
  if (file === undefined)
    return isGarbled(path) ? garbled(path, 'file') : { path, reason: 'gone while it was being read' };
  const { size, executable, bytes } = file;
  if (size > limit) return { path, reason: `The file has ${size} bytes; the limit is ${limit}.`, fault: 'size' };
  if (bytes === undefined) return { path, reason: 'not a regular file' };
  return { path, bytes, mode: executable ? '100755' : '100644' };
}

function garbled(path: string, what: 'file' | 'folder'): Unread {
  return { path, reason: `The name of the ${what} is not UTF-8, so that it was not read.`, fault: 'name' };
}

function tooMuch(limit: number): ToolError {
  return new ToolError('data', `The manifests have more than ${limit >> 20} MiB in all.`, {
    hint: 'Name fewer folders, or leave some out with ignore.',
  });
}
