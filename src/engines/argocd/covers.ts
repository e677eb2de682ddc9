import type { DiscoverQuery } from '../delivery-engine.ts';
import type { Application, Source } from './application.ts';
import { followsBranch, isCommit, isGitSource } from './sources.ts';

/** Whether one of the Application's sources is that repository, follows that branch, and uses one of the changed files. */
export function covers(application: Application, query: DiscoverQuery, normalise: (url: string) => string): boolean {
  return application.sources.some(
    (source) =>
      isFrom(source, query, normalise) &&
      (query.changedFiles.length === 0 || query.changedFiles.some((file) => uses(application, source, file))),
  );
}

export function isFrom(
  source: Source,
  { repository, branch }: DiscoverQuery,
  normalise: (url: string) => string,
): boolean {
  if (!isGitSource(source) || normalise(source.repoURL) !== repository) return false;
  return branch === undefined ? !isCommit(source.targetRevision) : followsBranch(source.targetRevision, branch);
}

/**
 * Files of the source's folder, its value files elsewhere, and what `manifest-generate-paths` names
 * (https://argo-cd.readthedocs.io/en/stable/operator-manual/high_availability/#manifest-paths-annotation). Bases of a
 * kustomization outside of its folder are known by that annotation only.
 */
function uses(application: Application, source: Source, file: string): boolean {
  const folder = cleanPath(source.path);
  if (source.ref !== undefined && source.path === '') return usesByReference(application, source.ref, file);
  const named = [...application.generatePaths, ...source.valueFiles.filter((path) => !path.startsWith('$'))];
  return (
    isBelow(file, folder) ||
    named.some((path) => isBelow(file, resolve(folder, path)) || matches(file, resolve(folder, path)))
  );
}

/** A source that only lends its files is used by the value files that other sources name with `$ref/`. */
function usesByReference(application: Application, ref: string, file: string): boolean {
  const lent = application.sources
    .flatMap(({ valueFiles }) => valueFiles)
    .filter((path) => path.startsWith(`$${ref}/`))
    .map((path) => cleanPath(path.slice(ref.length + 2)));
  return lent.length === 0 || lent.some((path) => isBelow(file, path) || matches(file, path));
}

function isBelow(file: string, folder: string): boolean {
  return folder === '' || file === folder || file.startsWith(`${folder}/`);
}

/** Go's path matching: `*` and `?` stay within one folder. */
function matches(file: string, glob: string): boolean {
  if (!/[*?]/.test(glob)) return false;
  const pattern = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '[^/]*')
    .replace(/\?/g, '[^/]');
  return new RegExp(`^${pattern}(/.*)?$`).test(file);
}

/** A leading slash means the top of the repository. */
function resolve(folder: string, path: string): string {
  return path.startsWith('/') ? cleanPath(path) : cleanPath(`${folder}/${path}`);
}

function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}
