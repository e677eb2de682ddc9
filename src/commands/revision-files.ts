import { relative, resolve } from 'node:path';
import { ToolError } from '../errors.ts';
import type { DirectoryEntry, FileStat, Files, Host } from '../host.ts';
import { LIMITS } from '../manifests/limits.ts';
import { runGit, textOf } from './local-git.ts';

/** A file of a commit. */
interface Entry {
  readonly kind: FileStat['kind'];
  readonly executable: boolean;
  readonly id: string;
  readonly size: number;
}

/** Files beyond this are not manifests, nor what manifests are made of. */
const MOST_BYTES = 4 * LIMITS.fileBytes;

/**
 * The same machine with the files of a commit in place of those in the checkout, which is neither read nor touched: no
 * filter, hook or attribute of it takes effect.
 * @throws ToolError input (no such revision), data (more than the limits allow)
 */
export async function hostAtRevision(host: Host, top: string, revision: string, input: string): Promise<Host> {
  const commit = await resolveCommit(host, top, revision, input);
  const entries = await readTree(host, top, commit);
  const contents = await readContents(host, top, entries);
  return { ...host, files: overlay(host, top, entries, contents) };
}

async function resolveCommit(host: Host, top: string, revision: string, input: string): Promise<string> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
  const result = await runGit(host, top, args);
  if (result.exitCode === 0) return textOf(result).trim();
  throw new ToolError('input', `${input}: ${revision} is no revision of ${top}.`, {
    hint: 'Fetch it first: a checkout of a CI system often holds one commit only (fetch-depth: 0, GIT_DEPTH: 0).',
  });
}

/** `<mode> <type> <id> <size>TAB<path>NUL` (https://git-scm.com/docs/git-ls-tree). */
async function readTree(host: Host, top: string, commit: string): Promise<ReadonlyMap<string, Entry>> {
  const result = await runGit(host, top, ['ls-tree', '-r', '-l', '-z', '--full-tree', commit]);
  if (result.exitCode !== 0) throw unreadable(commit, result.stderr);
  const entries = new Map<string, Entry>();
  for (const line of textOf(result).split('\0')) {
    const [, mode = '', type, id = '', size, path] = /^(\d+) (\w+) ([0-9a-f]+) +(\d+|-)\t(.+)$/s.exec(line) ?? [];
    if (type !== 'blob' || path === undefined) continue;
    const kind = mode === '120000' ? 'symlink' : 'file';
    entries.set(path, { kind, executable: mode === '100755', id, size: Number(size) });
  }
  return entries;
}

/** `<id> <type> <size>LF<bytes>LF` for each (https://git-scm.com/docs/git-cat-file#_batch_output). */
async function readContents(
  host: Host,
  top: string,
  entries: ReadonlyMap<string, Entry>,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const wanted = new Map(
    [...entries.values()]
      .filter(({ kind, size }) => kind === 'file' && size <= MOST_BYTES)
      .map(({ id, size }) => [id, size]),
  );
  const total = [...wanted.values()].reduce((sum, size) => sum + size + 128, 0);
  if (total > 2 * LIMITS.totalBytes) {
    throw new ToolError('data', `A revision has more than ${(2 * LIMITS.totalBytes) >> 20} MiB of files.`);
  }
  const input = [...wanted.keys()].map((id) => `${id}\n`).join('');
  const result = await runGit(host, top, ['cat-file', '--batch'], { input, maxBytes: total + 1024 });
  if (result.exitCode !== 0) throw unreadable('the files of a revision', result.stderr);
  return parseBatch(result.stdout);
}

function parseBatch(output: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const contents = new Map<string, Uint8Array>();
  for (let start = 0; start < output.length; ) {
    const lineEnd = output.indexOf(10, start);
    const [id = '', , size] = new TextDecoder().decode(output.subarray(start, lineEnd)).split(' ');
    const end = lineEnd + 1 + Number(size);
    if (lineEnd < 0 || !(end < output.length)) throw unreadable('the files of a revision', 'its answer is cut');
    contents.set(id, output.subarray(lineEnd + 1, end));
    start = end + 1;
  }
  return contents;
}

function overlay(
  host: Host,
  top: string,
  entries: ReadonlyMap<string, Entry>,
  contents: ReadonlyMap<string, Uint8Array>,
): Files {
  const folders = foldersOf(entries);
  const inTree = (path: string): string | undefined => {
    const from = relative(top, resolve(host.workingDirectory, path)).replaceAll('\\', '/');
    const isOutside = from === '..' || from.startsWith('../') || from === '.git' || from.startsWith('.git/');
    return isOutside || /^[A-Za-z]:/.test(from) ? undefined : from;
  };
  return {
    ...host.files,
    async stat(path) {
      const own = inTree(path);
      if (own === undefined) return host.files.stat(path);
      if (folders.has(own)) return { kind: 'directory', size: 0, executable: true };
      const entry = entries.get(own);
      return entry === undefined ? undefined : { kind: entry.kind, size: entry.size, executable: entry.executable };
    },
    async read(path) {
      const own = inTree(path);
      if (own === undefined) return host.files.read(path);
      const entry = entries.get(own);
      return entry === undefined ? undefined : contents.get(entry.id);
    },
    async list(path) {
      const own = inTree(path);
      return own === undefined ? host.files.list(path) : folders.get(own);
    },
  };
}

/** What is in each folder, the top among them. */
function foldersOf(entries: ReadonlyMap<string, Entry>): ReadonlyMap<string, readonly DirectoryEntry[]> {
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
  for (const [path, { kind }] of entries) add(path, kind);
  return folders;
}

function unreadable(what: string, reason: string): ToolError {
  return new ToolError('data', `Git cannot read ${what}: ${reason.trim()}`);
}
