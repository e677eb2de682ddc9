import { directoryName, isKustomizationFile } from '../manifests/file-names.ts';
import { type FileGraph, filesBelow, type Kustomization } from './file-graph.ts';
import { isBelow } from './tree.ts';

/**
 * The files that a change affects: those that changed, the kustomizations that build one of them however far up, and what
 * a kustomization builds that changed itself or in its patches or components.
 * @param changed paths that were added, edited or deleted
 */
export function affectedFiles(
  paths: readonly string[],
  changed: ReadonlySet<string>,
  graph: Pick<FileGraph, 'kustomizations'>,
): ReadonlySet<string> {
  const above = kustomizationsAbove(changed, graph.kustomizations);
  const affected = new Set(paths.filter((path) => changed.has(path) || isBesideChanged(path, changed)));
  for (const folder of above) {
    const kustomization = graph.kustomizations.get(folder);
    if (kustomization === undefined) continue;
    affected.add(kustomization.path);
    if (!buildsDifferently(kustomization, changed, above)) continue;
    for (const file of filesBelow(folder, graph.kustomizations)) affected.add(file);
  }
  return affected;
}

/** True where one of the paths, or something below it, changed. */
export function touches(changed: ReadonlySet<string>, related: readonly string[]): boolean {
  return related.some((path) => [...changed].some((candidate) => isBelow(candidate, path)));
}

/** A kustomization that came or went makes resources of its neighbours, or plain manifests. */
function isBesideChanged(path: string, changed: ReadonlySet<string>): boolean {
  const folder = directoryName(path);
  return ['kustomization.yaml', 'kustomization.yml', 'Kustomization'].some((name) =>
    changed.has(folder === '' ? name : `${folder}/${name}`),
  );
}

/** Folders whose kustomization is changed, or names something that is. */
function kustomizationsAbove(
  changed: ReadonlySet<string>,
  kustomizations: ReadonlyMap<string, Kustomization>,
): ReadonlySet<string> {
  const users = usersOf(kustomizations);
  const above = new Set<string>();
  const pending = [...changed].flatMap((path) => [path, ...(isKustomizationFile(path) ? [directoryName(path)] : [])]);
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const folders = [...(users.get(path) ?? []), ...(kustomizations.has(path) ? [path] : [])];
    for (const folder of folders) {
      if (above.has(folder)) continue;
      above.add(folder);
      pending.push(folder);
    }
  }
  return above;
}

/** By path: the folders of the kustomizations that name it. */
function usersOf(kustomizations: ReadonlyMap<string, Kustomization>): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>();
  for (const [folder, { resources, components, patches, inputs, values }] of kustomizations) {
    for (const path of [...resources, ...components, ...patches, ...inputs, ...values]) {
      const known = users.get(path);
      if (known === undefined) users.set(path, [folder]);
      else known.push(folder);
    }
  }
  return users;
}

function buildsDifferently(
  { path, patches, components }: Kustomization,
  changed: ReadonlySet<string>,
  above: ReadonlySet<string>,
): boolean {
  return changed.has(path) || patches.some((patch) => changed.has(patch)) || components.some((part) => above.has(part));
}
