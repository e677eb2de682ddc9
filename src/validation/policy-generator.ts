import { directoryName } from '../manifests/file-names.ts';
import { joinPath } from '../manifests/paths.ts';
import { isPath, isRemote, kustomizeList } from './kustomize-entries.ts';
import type { ReadPatch } from './patched-kinds.ts';
import { isObject } from './scalars.ts';

/**
 * Files and folders that a kustomization gives to the generator of Open Cluster Management, which puts them into policies as
 * what objects must have (https://github.com/open-cluster-management-io/policy-generator-plugin): parts of objects, and templates.
 */
export function policyManifests(
  path: string,
  content: Readonly<Record<string, unknown>>,
  read: ReadPatch,
): readonly string[] {
  const folder = directoryName(path);
  return kustomizeList(content, 'generators')
    .filter((entry) => typeof entry === 'string')
    .filter((entry) => isPath(entry) && !isRemote(entry))
    .flatMap((entry) => read({ path: joinPath(folder, entry) }))
    .flatMap((generator) => (isObject(generator) && generator.kind === 'PolicyGenerator' ? pathsOf(generator) : []))
    .map((entry) => joinPath(folder, entry));
}

function pathsOf({ policies }: Readonly<Record<string, unknown>>): readonly string[] {
  const manifests = objects(policies).flatMap((policy) => objects(policy.manifests));
  return manifests.flatMap(({ path }) => (typeof path === 'string' ? [path] : []));
}

function objects(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
