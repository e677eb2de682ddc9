import { joinPath } from '../../manifests/paths.ts';
import { fromTop, type ManifestSet, type PathKind } from '../manifest-set.ts';

/** A path that an object takes from a source, which may be this very repository. */
export interface Wanted {
  /** The source's URL; undefined for one that nothing in the tree describes and that is taken as given. */
  readonly url: string | undefined;
  readonly revision: string | undefined;
  /** From the top of the source. */
  readonly path: string;
}

export interface Found<T extends Wanted> {
  readonly wanted: T;
  /** As findings have it. */
  readonly path: string;
  readonly kind: PathKind;
}

/**
 * Looks up the paths whose source is this repository, on the branch that the files are on. A URL that only may be this
 * repository's counts where at least one path of the same URL exists: what another repository holds would hardly be here.
 */
export function lookUpHere<T extends Wanted>(set: ManifestSet, all: readonly T[]): readonly Found<T>[] {
  const { repository, tree } = set;
  if (repository === undefined) return [];
  const followed = all.filter(({ revision }) => repository.isFollowed(revision));
  const found = followed.flatMap((wanted) => {
    const same = wanted.url === undefined ? 'perhaps' : repository.isSame(wanted.url);
    if (same === 'no') return [];
    const path = fromTop(repository, joinPath('', wanted.path));
    return [{ wanted, path, same, kind: tree.kindOf(path) }];
  });
  const proven = new Set(
    found
      .filter(({ kind, path }) => path !== '' && (kind === 'file' || kind === 'folder'))
      .map(({ wanted }) => wanted.url),
  );
  return found.filter(({ same, wanted }) => same === 'yes' || proven.has(wanted.url));
}

/** Text that is not settled before it is rendered: variables of Flux and Argo CD, templates. */
export function isOpen(text: string): boolean {
  return /\$|\{\{|<<|[*?[]/.test(text);
}
