import { ToolError } from '../errors.ts';
import type { FileStat, Host } from '../host.ts';
import { LIMITS } from '../manifests/limits.ts';
import { runGit, textOf } from './local-git.ts';
import { hostWithTree } from './tree-host.ts';

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
  const files = [...entries].map(([path, { id, ...entry }]) => [path, { ...entry, bytes: contents.get(id) }] as const);
  return hostWithTree(host, top, new Map(files));
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
  if (total > 4 * LIMITS.totalBytes) {
    throw new ToolError('data', `A revision has more than ${(4 * LIMITS.totalBytes) >> 20} MiB of files.`);
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

function unreadable(what: string, reason: string): ToolError {
  return new ToolError('data', `Git cannot read ${what}: ${reason.trim()}`);
}
