import { ToolError } from '../../errors.ts';
import { type GitHost, git, gitText } from './git.ts';
import { buildKustomization, join, kustomizationOf } from './kustomize.ts';
import { documentsOf, type Tree, toManifest } from './manifests.ts';
import type { ApplicationDefinition, Manifest, Reading } from './types.ts';

const MANIFEST_FILE = /(\.(ya?ml|json)|(^|\/)Kustomization)$/;
const BARE = { bare: true };
const REVISION = /^[0-9A-Za-z_][0-9A-Za-z_./-]*$/;

/** The folder that is rendered, and where objects go that name no namespace. */
type Place = Pick<Required<ApplicationDefinition>, 'path' | 'namespace'>;

/**
 * Resolves a branch, tag or commit of the repository and renders what an application finds there: the very thing that
 * the repo server of Argo CD does at a refresh. What goes wrong comes back in its words, never as an exception.
 */
export async function readSource(
  host: GitHost,
  repository: string,
  application: Place,
  revision: string,
): Promise<Reading> {
  try {
    const commit = await resolve(host, repository, revision);
    const tree = await readTree(host, repository, commit);
    return { ok: true, revision: commit, ...render(tree, application) };
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    const problem = error.code === 'data' ? error.message : `rpc error: code = Unknown desc = ${error.message}`;
    return {
      ok: false,
      problem: `Failed to load target state: failed to generate manifest for source 1 of 1: ${problem}`,
    };
  }
}

/** @throws ToolError io when there is no such repository or revision */
export async function resolve(host: GitHost, repository: string, revision: string): Promise<string> {
  await gitText(host, repository, ['rev-parse', '--git-dir'], BARE).catch((error: unknown) => {
    throw new ToolError('io', 'failed to list refs: repository not found: ', { cause: error });
  });
  const unresolved = (cause?: unknown) =>
    new ToolError('io', `unable to resolve '${revision}' to a commit SHA`, { cause });
  if (!REVISION.test(revision)) throw unresolved();
  return gitText(host, repository, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`], BARE).catch(
    (error: unknown) => {
      throw unresolved(error);
    },
  );
}

/** What `git log` says of a commit, in the shape of the revision metadata of Argo CD. */
export async function readMetadata(host: GitHost, repository: string, commit: string) {
  const format = ['show', '--no-patch', '--format=%an <%ae>%n%ct%n%B', await resolve(host, repository, commit)];
  const [author = '', seconds = '', ...message] = (await gitText(host, repository, format, BARE)).split('\n');
  return { author, committedAt: Number(seconds) * 1000, message: message.join('\n').trim() };
}

async function readTree(host: GitHost, repository: string, commit: string): Promise<Tree> {
  const listing = await gitText(host, repository, ['ls-tree', '-r', '-z', '--full-tree', commit], BARE);
  const entries = listing.split('\0').flatMap((line) => {
    const [, blob, path] = /^\d+ blob (\w+)\t(.+)$/s.exec(line) ?? [];
    return blob === undefined || path === undefined ? [] : [{ blob, path }];
  });
  const wanted = entries.filter((entry) => MANIFEST_FILE.test(entry.path));
  const input = wanted.map((entry) => `${entry.blob}\n`).join('');
  const contents = splitBatch(await git(host, repository, ['cat-file', '--batch'], { ...BARE, input }));
  return {
    files: new Map(wanted.map((entry, index) => [entry.path, contents[index] ?? ''])),
    paths: entries.map((entry) => entry.path),
  };
}

// Each object is `<id> blob <size>`, a line break, its bytes, a line break: https://git-scm.com/docs/git-cat-file#_batch_output
function splitBatch(output: Uint8Array): readonly string[] {
  const decoder = new TextDecoder();
  const contents: string[] = [];
  for (let start = 0; start < output.length; ) {
    const lineEnd = output.indexOf(10, start);
    const size = Number(decoder.decode(output.subarray(start, lineEnd)).split(' ')[2]);
    contents.push(decoder.decode(output.subarray(lineEnd + 1, lineEnd + 1 + size)));
    start = lineEnd + size + 2;
  }
  return contents;
}

/** @throws ToolError data in the server's words */
export function render(tree: Tree, application: Place) {
  const folder = join('', application.path);
  const inside = tree.paths.filter((path) => folder === '' || path.startsWith(`${folder}/`));
  if (inside.length === 0) throw problem(`${application.path}: app path does not exist`);
  if (tree.files.has(join(folder, 'Chart.yaml'))) throw problem('the stand-in renders no Helm charts');
  const kustomized = kustomizationOf(tree, folder) !== undefined;
  const contents = kustomized
    ? buildKustomization(tree, folder)
    : inside.filter((path) => isDirectManifest(path, folder)).flatMap((path) => documentsOf(tree, path));
  const manifests: readonly Manifest[] = contents.map((content) => toManifest(content, application.namespace));
  return { sourceType: kustomized ? ('Kustomize' as const) : ('Directory' as const), manifests };
}

// A directory source takes the files of the folder itself and none below, unless `directory.recurse` is set:
// https://argo-cd.readthedocs.io/en/stable/user-guide/directory/
function isDirectManifest(path: string, folder: string): boolean {
  const name = folder === '' ? path : path.slice(folder.length + 1);
  return MANIFEST_FILE.test(name) && !name.includes('/');
}

function problem(text: string): ToolError {
  return new ToolError('data', `rpc error: code = Unknown desc = ${text}`);
}
