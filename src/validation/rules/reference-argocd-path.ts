import { type ArgoSource, argoSources } from '../delivery/argocd-sources.ts';
import { isOpen, lookUpHere } from '../delivery/here.ts';
import { similarPath } from '../delivery/similar-path.ts';
import type { ManifestSet } from '../manifest-set.ts';
import type { SetProblem, SetRule } from './rule.ts';

export const argocdPath: SetRule = {
  id: 'reference/argocd-path',
  title: 'The path of an Argo CD Application that does not exist',
  severity: 'error',
  checkSet(set) {
    const sources = argoSources(set).flatMap((source) => {
      const { path } = source.value;
      return typeof path === 'string' && !isOpen(path) && source.value.chart === undefined ? [{ ...source, path }] : [];
    });
    const absolute = sources.filter(({ path }) => path.startsWith('/'));
    const relative = sources
      .filter(({ path }) => !path.startsWith('/'))
      .map((source) => ({ ...source, url: source.repoURL }));
    return [
      ...absolute.map((source) =>
        problemOf(
          source,
          `The path ${source.path} begins with a slash, which Argo CD refuses.`,
          'Leave the slash out.',
        ),
      ),
      ...lookUpHere(set, relative).flatMap(({ wanted, path, kind }) => {
        if (kind === 'file')
          return [problemOf(wanted, `${wanted.path} is a file, and the path of a source is a folder.`)];
        return kind === 'missing' ? [missing(set, wanted, path)] : [];
      }),
    ];
  },
};

function missing(set: ManifestSet, source: ArgoSource & { readonly path: string }, path: string): SetProblem {
  const similar = similarPath(set.tree, path);
  const hint = similar === undefined ? undefined : `Did you mean ${similar}?`;
  return {
    ...problemOf(source, `The folder ${source.path} does not exist in this repository.`, hint),
    related: [path],
  };
}

function problemOf(source: ArgoSource, message: string, hint?: string): SetProblem {
  const { path: file, document, resource } = source.object;
  const place = { file, document, resource, path: [...source.at, 'path'], at: 'value', related: [] } as const;
  return { rule: argocdPath, ...place, message, ...(hint === undefined ? {} : { hint }) };
}
