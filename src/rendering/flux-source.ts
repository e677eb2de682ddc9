import { joinPath } from '../manifests/paths.ts';
import { copiedFrom } from './artifact-generator.ts';
import { type Declared, pathHere, type Surroundings } from './declared.ts';
import { textOf } from './yaml-values.ts';

export type SourcePath =
  | { readonly ok: true; readonly path: string }
  /** The end of a sentence about the object. */
  | { readonly ok: false; readonly reason: string };

/** The source that the bootstrap of Flux makes, and that is the repository itself. */
const GIVEN = 'flux-system';

/** Where a path of a source of Flux lies in this repository. */
export async function pathOfSource(
  declared: Declared,
  sourceRef: unknown,
  path: string,
  around: Surroundings,
): Promise<SourcePath> {
  const [kind, name] = [textOf(sourceRef, 'kind') ?? '', textOf(sourceRef, 'name') ?? ''];
  const namespace = textOf(sourceRef, 'namespace') ?? declared.namespace;
  const not = (reason: string): SourcePath => ({ ok: false, reason });
  if (/\$\{|\{\{/.test(path + name)) return not(`its path ${path} has variables that nothing here replaces`);
  const copied = kind === 'ExternalArtifact' ? copiedFrom(name, path, declared.place.path, around) : undefined;
  if (copied !== undefined) return pathOfSource(declared, copied.sourceRef, copied.path, around);
  if (kind !== 'GitRepository') return not(`what the ${kind} ${name} holds is not in this repository`);
  const source = around.findObject(kind, name, namespace, declared.place.path);
  const url = textOf(source, 'spec', 'url');
  const tag = textOf(source, 'spec', 'ref', 'tag') ?? textOf(source, 'spec', 'ref', 'semver');
  if (tag !== undefined) return not(`its source ${name} follows the tag ${tag}`);
  const inTree = joinPath('', path.replace(/^\/+/, ''));
  const isGiven = name === GIVEN && url === undefined;
  const here = isGiven
    ? await givenPath(inTree, around)
    : await pathHere(around, url, textOf(source, 'spec', 'ref', 'branch'), inTree);
  if (here !== undefined) return { ok: true, path: here };
  return not(`${path} of the GitRepository ${name} is not in this repository`);
}

async function givenPath(path: string, { tree }: Surroundings): Promise<string | undefined> {
  const here = tree.fromWorkingDirectory(path);
  return (await tree.kindOf(here)) === 'folder' ? here : undefined;
}
