import { isYamlFile } from '../manifests/file-names.ts';
import { createLineIndex } from '../manifests/lines.ts';
import { createLocator, type Path } from '../manifests/locate.ts';
import { joinPath } from '../manifests/paths.ts';
import { decodeText } from '../manifests/text.ts';
import type { KustomizationFile } from '../validation/file-graph.ts';
import {
  isPath,
  isRemote,
  isTellable,
  kustomizeEntries,
  kustomizeField,
  kustomizeList,
} from '../validation/kustomize-entries.ts';
import { isObject } from '../validation/scalars.ts';
import { pluginProblem } from './kustomize-plugins.ts';
import { MOST_BYTES, type SourceTree } from './source-tree.ts';
import type { Place } from './unit.ts';
import { readFileValues } from './yaml-values.ts';

/** Everything that a build reads. Paths are those of the tree. */
export interface Inputs {
  readonly files: Map<string, Uint8Array>;
  /** By folder. */
  readonly kustomizations: Map<string, KustomizationFile>;
}

/** Why a build is not tried. */
export interface Refusal {
  readonly reason: string;
  readonly place?: Place;
}

const NAMES: readonly string[] = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
const MOST_FILES = 10_000;

/** The kustomization file of a folder, whatever its name. */
export async function kustomizationIn(tree: SourceTree, folder: string): Promise<string | undefined> {
  for (const name of NAMES) {
    const path = joinPath(folder, name);
    if ((await tree.kindOf(path)) === 'file') return path;
  }
  return undefined;
}

/**
 * Adds all that the kustomization of a folder reads, however deep. What is refused never reaches kustomize, which would take
 * a name that is no file for a Git repository to clone, or for a URL to fetch
 * (https://github.com/kubernetes-sigs/kustomize/blob/master/examples/remoteBuild.md): remote bases, names that lead nowhere
 * or out of the repository, symbolic links, plugins, and Helm charts.
 */
export async function collectKustomization(
  tree: SourceTree,
  folder: string,
  inputs: Inputs,
): Promise<Refusal | undefined> {
  if (inputs.kustomizations.has(folder)) return undefined;
  const path = await kustomizationIn(tree, folder);
  if (path === undefined) return { reason: `${folder === '' ? 'the folder' : folder} has no kustomization` };
  const unreadable = await addFile(tree, path, inputs);
  if (unreadable !== undefined) return unreadable;
  const [first, ...others] = readFileValues(inputs.files.get(path), 'kustomize');
  if (!isObject(first?.value) || others.length > 0) return { reason: `${path} is not one readable document` };
  const content = first.value;
  inputs.kustomizations.set(folder, { path, content });
  const plugin = pluginProblem(content);
  if (plugin !== undefined) return { reason: `${path} ${plugin}` };
  for (const found of kustomizeEntries(content)) {
    const { entry, at, role } = found;
    const problem =
      role === 'setting' && !isPath(entry)
        ? undefined
        : await collectEntry(
            tree,
            joinPath(folder, entry),
            entry,
            inputs,
            isTellable(found) ? entry : 'a file of the secretGenerator',
          );
    if (problem !== undefined) return withPlace(problem, path, inputs, at);
  }
  return settingsProblem(folder, content, inputs);
}

async function collectEntry(
  tree: SourceTree,
  path: string,
  entry: string,
  inputs: Inputs,
  told = entry,
): Promise<Refusal | undefined> {
  if (isRemote(entry)) return { reason: `${told} is not in this repository` };
  const kind = await tree.kindOf(path);
  if (kind === 'file') return addFile(tree, path, inputs);
  if (kind === 'folder') return collectKustomization(tree, path, inputs);
  const what = { missing: 'does not exist', outside: 'leads out of the repository', other: 'is no regular file' };
  return { reason: `${told} ${kind === 'symbolic link' ? 'is a symbolic link' : what[kind]}` };
}

/** Transformers, generators and validators are files of plugins, or folders of such files. */
function settingsProblem(folder: string, content: KustomizationFile['content'], inputs: Inputs): Refusal | undefined {
  for (const name of ['generators', 'transformers', 'validators']) {
    for (const entry of kustomizeList(content, name)) {
      const path = typeof entry === 'string' && isPath(entry) ? joinPath(folder, entry) : undefined;
      if (path === undefined) return { reason: `${folder} has a plugin in its text` };
      for (const { value } of readFileValues(inputs.files.get(path), 'kustomize')) {
        const problem = pluginProblem(value);
        if (problem !== undefined) return { reason: `${path} ${problem}` };
      }
    }
  }
  return undefined;
}

/** Adds all manifests below a folder, and the kustomizations in it, which are built as such. */
export async function collectFolder(
  tree: SourceTree,
  folder: string,
  inputs: Inputs,
): Promise<{ readonly refusal?: Refusal; readonly resources: readonly string[] }> {
  const resources: string[] = [];
  const pending = [folder];
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    const entries = [...(await tree.list(next))].sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const path = joinPath(next, entry.name);
      if (entry.kind === 'directory' && entry.name !== '.git') {
        if ((await kustomizationIn(tree, path)) === undefined) pending.push(path);
        else resources.push(path);
      } else if (isYamlFile(path)) resources.push(path);
    }
  }
  for (const path of resources) {
    const refusal = await collectEntry(tree, path, path, inputs);
    if (refusal !== undefined) return { refusal, resources };
  }
  return { resources };
}

async function addFile(tree: SourceTree, path: string, inputs: Inputs): Promise<Refusal | undefined> {
  if (inputs.files.has(path)) return undefined;
  const bytes = await tree.read(path);
  if (bytes === undefined) return { reason: `${path} is gone` };
  if (bytes.length > MOST_BYTES) return { reason: `${path} is larger than ${MOST_BYTES >> 20} MiB` };
  inputs.files.set(path, bytes);
  return inputs.files.size > MOST_FILES ? { reason: `it reads more than ${MOST_FILES} files` } : undefined;
}

function withPlace(refusal: Refusal, path: string, inputs: Inputs, at: Path): Refusal {
  const decoded = decodeText(inputs.files.get(path) ?? new Uint8Array());
  if (refusal.place !== undefined || !decoded.ok) return refusal;
  const offset = createLocator(decoded.text, 'kustomize').value(at).start;
  return { ...refusal, place: { path, ...createLineIndex(decoded.text)(offset) } };
}

/** True where kustomize is told to build this: a Component is only a part of others. */
export function isBuildable({ content }: KustomizationFile): boolean {
  return kustomizeField(content, 'kind')?.[1] !== 'Component';
}
