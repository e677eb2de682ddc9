import type { Path } from '../../manifests/locate.ts';
import { type FluxObject, fluxObjects } from '../delivery/flux-objects.ts';
import { isOpen, lookUpHere, type Wanted } from '../delivery/here.ts';
import { similarPath } from '../delivery/similar-path.ts';
import { type Json, listIn, objectIn } from '../kubernetes/reading.ts';
import type { ManifestSet } from '../manifest-set.ts';
import type { SetProblem, SetRule } from './rule.ts';

interface WantedPath extends Wanted {
  readonly from: FluxObject;
  readonly at: Path;
  readonly wants: 'folder' | 'file';
}

export const fluxPath: SetRule = {
  id: 'reference/flux-path',
  title: 'A path of a Flux Kustomization or HelmRelease that does not exist',
  severity: 'error',
  checkSet(set) {
    const sources = gitSources(set);
    const wanted = [...kustomizationPaths(set), ...chartPaths(set)].flatMap(({ source, ...rest }) =>
      isOpen(rest.path) ? [] : (sources(source) ?? []).map((repository) => ({ ...rest, ...repository })),
    );
    return lookUpHere(set, wanted).flatMap(({ wanted: found, path, kind }) =>
      kind === 'missing' || (kind !== 'unknown' && kind !== found.wants) ? [problemOf(set, found, path, kind)] : [],
    );
  },
};

type Unresolved = Omit<WantedPath, 'url' | 'revision'> & { readonly source: unknown };

function kustomizationPaths(set: ManifestSet): readonly Unresolved[] {
  return fluxObjects(set, 'Kustomization').flatMap((from) => {
    const { path, sourceRef } = from.spec;
    if (typeof path !== 'string') return [];
    return [{ from, path, at: [...from.at, 'path'], wants: 'folder' as const, source: sourceRef }];
  });
}

/** Values files begin at the top of the source, as the chart does (https://fluxcd.io/flux/components/helm/helmreleases/). */
function chartPaths(set: ManifestSet): readonly Unresolved[] {
  return fluxObjects(set, 'HelmRelease').flatMap((from) => {
    const chart = objectIn(objectIn(from.spec, 'chart'), 'spec');
    if (typeof chart?.chart !== 'string') return [];
    const at = [...from.at, 'chart', 'spec'];
    const files = chart.ignoreMissingValuesFiles === true ? [] : listIn(chart, 'valuesFiles');
    const source = chart.sourceRef;
    return [
      { from, path: chart.chart, at: [...at, 'chart'], wants: 'folder' as const, source },
      ...files.flatMap((file, index) =>
        typeof file === 'string'
          ? [{ from, path: file, at: [...at, 'valuesFiles', index], wants: 'file' as const, source }]
          : [],
      ),
    ];
  });
}

interface Source {
  readonly url: string | undefined;
  readonly revision: string | undefined;
}

/** The repository behind a reference to a GitRepository. `flux-system` is what bootstrap makes, often outside of the tree. */
function gitSources(set: ManifestSet): (reference: unknown) => readonly Source[] | undefined {
  const byName = Map.groupBy(fluxObjects(set, 'GitRepository'), ({ object }) => object.resource.name);
  return (reference) => {
    const { kind, name } = Object(reference) as { readonly kind?: unknown; readonly name?: unknown };
    if (kind !== 'GitRepository' || typeof name !== 'string') return undefined;
    const found = byName.get(name) ?? [];
    if (found.length === 0) return name === 'flux-system' ? [{ url: undefined, revision: undefined }] : undefined;
    const read = found.map(({ spec }) => sourceOf(spec));
    const [first] = read;
    return first !== undefined && read.every((other) => other?.url === first.url) ? [first] : undefined;
  };
}

/** Undefined where the source is not just what one branch of a repository holds. */
function sourceOf({ url, ref, include, sparseCheckout }: Json): Source | undefined {
  if (typeof url !== 'string' || include !== undefined || sparseCheckout !== undefined) return undefined;
  const { branch, ...others } = Object(ref) as { readonly branch?: unknown };
  if (Object.keys(others).length > 0) return undefined;
  return { url, revision: typeof branch === 'string' ? branch : undefined };
}

function problemOf(set: ManifestSet, wanted: WantedPath, path: string, kind: string): SetProblem {
  const { path: file, document, resource } = wanted.from.object;
  const similar = kind === 'missing' ? similarPath(set.tree, path) : undefined;
  const message =
    kind === 'missing'
      ? `The ${wanted.wants} ${wanted.path} does not exist in this repository.`
      : `${wanted.path} is a ${kind}, and a ${wanted.wants} is wanted.`;
  const hint = similar === undefined ? {} : { hint: `Did you mean ./${similar}?` };
  return { rule: fluxPath, file, document, resource, path: wanted.at, at: 'value', message, ...hint, related: [path] };
}
