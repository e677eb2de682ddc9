import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ToolError } from '../../src/errors.ts';
import type { Change, LoggedCommit, RepositoryRole, SourceFile } from '../../src/forges/forge-client.ts';
import { type BareRepository, git } from './bare-repository.ts';

/**
 * The repository role straight on a bare repository of this machine. Branches are read and moved as the files that they are,
 * and what can never change (the content of a commit) is asked of Git once, so that thousands of calls take seconds.
 */
export function memoryRepository(bare: BareRepository): RepositoryRole {
  const once = remembered(bare);
  return {
    head: async (branch = 'main') => {
      const revision = tipOf(bare, branch);
      if (revision === undefined) throw new ToolError('missing', `there is no branch ${branch}`);
      return { branch, revision };
    },
    readFiles: async (wanted, revision) => {
      const all = once(`files ${revision}`, () => readFiles(bare, revision));
      return { revision, paths: all.map(({ path }) => path), files: all.filter(({ path }) => wanted(path)) };
    },
    commit: async (branch, change, expected, parent = expected) => {
      const key = JSON.stringify([parent, change.message, change.files.map(({ path, bytes }) => [path, [...bytes]])]);
      const revision = once(key, () => writeCommit(bare, change, parent));
      const tip = tipOf(bare, branch);
      if ((tip ?? 'absent') !== expected) return { kind: 'conflict', reason: `branch ${branch} is at ${tip}` };
      moveBranch(bare, branch, revision);
      return { kind: 'committed', revision };
    },
    deleteBranch: async (branch, expected) => {
      const tip = tipOf(bare, branch);
      if (tip === expected) moveBranch(bare, branch, undefined);
      return tip === undefined || tip === expected;
    },
    log: async ({ from, limit, trailers = [] }) => {
      const search = trailers.map((trailer) => `--grep=^${trailer}: `);
      return once(`log ${from} ${limit} ${trailers}`, () => readLog(bare, [...search, `--max-count=${limit}`, from]));
    },
    changedPaths: async (revision) =>
      once(`paths ${revision}`, () =>
        lines(bare.git('diff-tree', '-r', '--name-only', '--no-commit-id', `${revision}^1`, revision)).sort(),
      ),
    relation: async (revision, wanted) => {
      if (revision === wanted) return 'equal';
      return once(`holds ${revision} ${wanted}`, () => isAncestor(bare, wanted, revision)) ? 'contains' : 'lacks';
    },
  };
}

const MEMORIES = new WeakMap<BareRepository, Map<string, unknown>>();

function remembered(bare: BareRepository) {
  const memory = MEMORIES.get(bare) ?? new Map<string, unknown>();
  MEMORIES.set(bare, memory);
  return <T>(key: string, read: () => T): T => {
    if (!memory.has(key)) memory.set(key, read());
    return memory.get(key) as T;
  };
}

export function tipOf(bare: BareRepository, branch: string): string | undefined {
  try {
    return readFileSync(fileOf(bare, branch), 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** @param revision undefined deletes the branch */
export function moveBranch(bare: BareRepository, branch: string, revision: string | undefined): void {
  const file = fileOf(bare, branch);
  rmSync(file, { force: true });
  if (revision === undefined) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${revision}\n`);
}

function fileOf(bare: BareRepository, branch: string): string {
  return join(bare.path, 'refs/heads', branch);
}

export function isAncestor(bare: BareRepository, older: string, newer: string): boolean {
  return bare.git('rev-list', '--max-count=1', older, `^${newer}`) === '';
}

/** At a fixed time: the same change on the same parent is the same commit. */
function writeCommit(bare: BareRepository, { files, message }: Change, parent: string): string {
  const text = (bytes: Uint8Array) => `data ${bytes.length}\n${Buffer.from(bytes)}\n`;
  const head = `commit refs/scratch\nmark :1\ncommitter Drawbridge <bot@example.test> 1700000000 +0000\n`;
  const changes = files.map(({ path, mode, bytes }) => `M ${mode} inline ${path}\n${text(bytes)}`).join('');
  const input = `${head}${text(Buffer.from(message))}from ${parent}\n${changes}get-mark :1\n`;
  return git(bare.path, ['fast-import', '--quiet', '--force'], input);
}

function readFiles(bare: BareRepository, revision: string): readonly SourceFile[] {
  return lines(bare.git('ls-tree', '-r', revision)).map((line) => {
    const [head = '', path = ''] = line.split('\t');
    const [mode = '', , id = ''] = head.split(' ');
    return { path, mode: mode as SourceFile['mode'], bytes: readBlob(bare, id) };
  });
}

/** Files of these tests end with one line break; the runner of Git takes it away. */
function readBlob(bare: BareRepository, id: string): Uint8Array {
  return Buffer.from(`${bare.git('cat-file', '-p', id)}\n`);
}

function readLog(bare: BareRepository, args: readonly string[]): readonly LoggedCommit[] {
  const format = '--format=tformat:%H%n%P%n%an <%ae>%n%ct%n%B';
  const entries = bare.git('log', '-z', '--first-parent', format, ...args).split('\0');
  return entries.filter((entry) => entry !== '').map(parseCommit);
}

function parseCommit(entry: string): LoggedCommit {
  const [revision = '', parents = '', author = '', seconds = '', ...message] = entry.split('\n');
  const ids = parents === '' ? [] : parents.split(' ');
  return { revision, parents: ids, author, committedAt: Number(seconds) * 1000, message: message.join('\n') };
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
