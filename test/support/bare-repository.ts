import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The environment of tests' own Git processes: no configuration of the machine, a fixed identity. */
export const GIT_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: process.env.PATH ?? '',
  HOME: '/nonexistent',
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Somebody',
  GIT_AUTHOR_EMAIL: 'somebody@example.test',
  GIT_COMMITTER_NAME: 'Somebody',
  GIT_COMMITTER_EMAIL: 'somebody@example.test',
};

export function git(directory: string, args: readonly string[], input?: string): string {
  const options = { cwd: directory, env: { ...GIT_ENVIRONMENT }, stdio: ['pipe', 'pipe', 'pipe'] as const };
  return execFileSync('git', args, {
    ...options,
    stdio: [...options.stdio],
    encoding: 'utf8',
    input: input ?? '',
  }).trimEnd();
}

export interface CommitOptions {
  readonly branch?: string;
  /** Revision or branch; not given: the branch's own tip. `none` starts a new history. */
  readonly from?: string;
  readonly message?: string;
}

/** Text of a file, or its text and mode, or undefined to delete it. */
export type FileContents = Readonly<
  Record<string, string | { readonly mode: string; readonly text: string } | undefined>
>;

export interface BareRepository {
  readonly path: string;
  git(...args: string[]): string;
  /** Makes a commit straight in the repository and moves the branch there, as somebody else's push would. */
  commit(files: FileContents, options?: CommitOptions): string;
  head(branch?: string): string;
  /** Newest first. */
  history(branch?: string): string[];
  text(path: string, revision?: string): string;
  hook(name: string, script: string): void;
  remove(): void;
}

/** A real bare repository in a temporary folder, with a first commit on `main`. */
export function createBareRepository(
  files: FileContents = { 'README.md': 'hello\n' },
  initArgs: string[] = [],
): BareRepository {
  const folder = mkdtempSync(join(tmpdir(), 'bare-repository-'));
  const path = join(folder, 'config.git');
  git(folder, ['init', '--quiet', '--bare', '--initial-branch=main', ...initArgs, path]);
  appendFileSync(join(path, 'config'), '[uploadpack]\n\tallowFilter = true\n');
  const repository = bareRepositoryAt(path, () => rmSync(folder, { recursive: true, force: true }));
  repository.commit(files, { from: 'none', message: 'first' });
  return repository;
}

function bareRepositoryAt(path: string, remove: () => void): BareRepository {
  const run = (...args: string[]) => git(path, args);
  return {
    path,
    git: run,
    head: (branch = 'main') => run('rev-parse', `refs/heads/${branch}`),
    history: (branch = 'main') => run('rev-list', '--first-parent', `refs/heads/${branch}`).split('\n'),
    text: (file, revision = 'main') => git(path, ['show', `${revision}:${file}`]),
    hook: (name, script) => {
      const file = join(path, 'hooks', name);
      writeFileSync(file, `#!/bin/sh\n${script}\n`);
      chmodSync(file, 0o755);
    },
    commit: (files, options = {}) => commit(path, files, options),
    remove,
  };
}

function commit(
  path: string,
  files: FileContents,
  { branch = 'main', from, message = 'change' }: CommitOptions,
): string {
  const reference = `refs/heads/${branch}`;
  const start = from === 'none' ? [] : [`from ${from ?? reference}^0`];
  const size = Buffer.byteLength(message);
  const head = [
    `commit ${reference}`,
    'mark :1',
    `committer Somebody <somebody@example.test> now`,
    `data ${size}`,
    message,
  ];
  const lines = [...head, ...start, ...Object.entries(files).map(([name, content]) => importLine(name, content))];
  const args = ['fast-import', '--quiet', '--force', '--date-format=now'];
  return git(path, args, `${lines.join('\n')}\nget-mark :1\n`);
}

function importLine(name: string, content: FileContents[string]): string {
  const quoted = `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  if (content === undefined) return `D ${quoted}`;
  const { mode, text } = typeof content === 'string' ? { mode: '100644', text: content } : content;
  if (mode === '160000') return `M 160000 ${text} ${quoted}`;
  return `M ${mode} inline ${quoted}\ndata ${Buffer.byteLength(text)}\n${text}`;
}
