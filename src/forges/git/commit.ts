import { ToolError } from '../../errors.ts';
import type { Author, Change, CommitResult, Revision, SourceFile } from '../forge-client.ts';
import { isRevision, type TreeEntry } from './listing.ts';
import { pushCommit } from './push.ts';
import { readTree } from './snapshot.ts';
import { output, type Workspace } from './workspace.ts';

const DEFAULT_AUTHOR: Author = { name: 'Drawbridge', email: 'drawbridge@localhost' };
const SYMBOLIC_LINK = '120000';

/** What is committed where; see `RepositoryRole.commit`. */
export interface CommitRequest {
  readonly branch: string;
  readonly change: Change;
  readonly expected: Revision | 'absent';
  readonly parent?: Revision;
  readonly author?: Author;
}

/** One commit, made here and pushed only if the branch is still where it is expected; see `RepositoryRole.commit`. */
export async function commitChange(workspace: Workspace, request: CommitRequest): Promise<CommitResult> {
  const { branch, change, expected, author = DEFAULT_AUTHOR } = request;
  const parent = request.parent ?? expected;
  if (parent === 'absent') throw new ToolError('internal', 'A new branch was asked for without what it stands on.');
  const { entries } = await readTree(workspace, parent);
  const files = checkedFiles(change.files, entries);
  const stream = importStream(change, files, parent, author, workspace.host.clock.now());
  const revision = await writeCommit(workspace, parent, stream);
  return pushCommit(workspace, { branch, revision, expected });
}

/** The file mode is the one that the tree has, so that an executable file stays executable. */
function checkedFiles(files: readonly SourceFile[], tree: readonly TreeEntry[]): readonly SourceFile[] {
  if (files.length === 0) throw new ToolError('internal', 'A change without files cannot be committed.');
  const entries = new Map(tree.map((entry) => [entry.path, entry]));
  const problems = files.flatMap((file) => fileProblem(file, entries) ?? []);
  if (problems.length > 0) {
    throw new ToolError('data', `The change cannot be committed: ${problems[0]}`, {
      hint: 'Nothing was written. Point the change at regular files of the config repository.',
      problems,
    });
  }
  return files.map((file) => ({ ...file, mode: (entries.get(file.path)?.mode ?? file.mode) as SourceFile['mode'] }));
}

function fileProblem({ path, mode }: SourceFile, entries: ReadonlyMap<string, TreeEntry>): string | undefined {
  const shown = JSON.stringify(path);
  const parts = path.split('/');
  if (/[\0\n\r]/.test(path) || parts.some((part) => ['', '.', '..'].includes(part) || /^\.git$/i.test(part))) {
    return `${shown} is no path inside a repository.`;
  }
  const entry = entries.get(path);
  if (mode === SYMBOLIC_LINK || entry?.mode === SYMBOLIC_LINK) return `${shown} is a symbolic link.`;
  if (entry !== undefined && !/^100(644|755)$/.test(entry.mode)) return `${shown} is no regular file.`;
  if (parts.some((_, index) => index > 0 && entries.has(parts.slice(0, index).join('/')))) {
    return `${shown} leads through something that is no folder.`;
  }
  return undefined;
}

/**
 * One stream holds the whole commit, so that one process writes it: no index, no working tree, no filter, no hook, and no
 * identity from the machine's Git configuration (https://git-scm.com/docs/git-fast-import). The branch it is written to exists
 * in the temporary repository only, where `--force` lets a second attempt replace the first.
 */
function importStream(
  change: Change,
  files: readonly SourceFile[],
  parent: Revision,
  author: Author,
  now: number,
): Uint8Array {
  const who = `${identity(author)} ${Math.floor(now / 1000)} +0000`;
  const message = Buffer.from(`${change.message.replaceAll('\0', '').trimEnd()}\n`);
  const parts: (string | Uint8Array)[] = [
    `commit refs/heads/drawbridge\nmark :1\nauthor ${who}\ncommitter ${who}\n`,
    `data ${message.length}\n`,
    message,
    `\nfrom ${parent}\n`,
    ...files.flatMap(({ path, mode, bytes }) => [
      `M ${mode} inline ${quotePath(path)}\ndata ${bytes.length}\n`,
      bytes,
      '\n',
    ]),
    '\nget-mark :1\ndone\n',
  ];
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}

/** Git ends a name at `<` and a line at LF; neither can be escaped. */
function identity({ name, email }: Author): string {
  const plain = (text: string) => text.replace(/[<>\p{Cc}]/gu, '').trim();
  return `${plain(name)} <${plain(email)}>`;
}

function quotePath(path: string): string {
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

async function writeCommit(workspace: Workspace, parent: Revision, input: Uint8Array): Promise<Revision> {
  const repository = await workspace.open(parent);
  const args = ['fast-import', '--quiet', '--done', '--force', '--date-format=raw'];
  const text = Buffer.from(await output(workspace.location, repository.local(args, { input }))).toString();
  const revision = text.trim();
  if (!isRevision(revision)) throw new ToolError('protocol', 'Git did not say which commit it made.');
  return revision;
}
