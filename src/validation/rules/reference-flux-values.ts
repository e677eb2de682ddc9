import { type FluxReference, fluxObjects, referenceAt } from '../delivery/flux-objects.ts';
import { knownNames, makesObjects } from '../delivery/known-names.ts';
import { namedProblem } from '../delivery/named-problem.ts';
import { listIn, objectIn } from '../kubernetes/reading.ts';
import { kustomizeList } from '../kustomize-entries.ts';
import { keptObjects, type ManifestSet } from '../manifest-set.ts';
import { isObject } from '../scalars.ts';
import type { SetRule } from './rule.ts';

/**
 * Many things outside of a repository make Secrets, so that one is missed only where another has nearly the same name.
 * A ConfigMap that several files name, and that none holds, is made elsewhere as well.
 */
export const fluxValues: SetRule = {
  id: 'reference/flux-values',
  title: 'A ConfigMap or Secret that Flux reads values from and that is not in the repository',
  severity: 'warning',
  checkSet(set) {
    const all = references(set);
    if (!set.whole || all.length === 0 || makesObjects(set)) return [];
    const known = {
      ConfigMap: knownNames(set, ['ConfigMap'], generated(set, 'configMapGenerator')),
      Secret: knownNames(set, allKindsBut(set, 'ConfigMap'), [...generated(set, 'secretGenerator'), ...targets(set)]),
    };
    const missing = all.flatMap((reference) => {
      const names = reference.kind === 'Secret' || reference.kind === 'ConfigMap' ? known[reference.kind] : undefined;
      return names === undefined || names.has(reference.name) ? [] : [{ reference, names }];
    });
    const uses = Map.groupBy(missing, ({ reference }) => `${reference.kind}/${reference.name}`);
    return missing
      .filter(({ reference: { kind, name }, names }) =>
        kind === 'Secret' ? names.similar(name) !== undefined : uses.get(`${kind}/${name}`)?.length === 1,
      )
      .map(({ reference, names }) => namedProblem(fluxValues, reference, names));
  },
};

/** https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution, and `valuesFrom` beside it. */
function references(set: ManifestSet): readonly FluxReference[] {
  const substitutes = fluxObjects(set, 'Kustomization').flatMap((from) =>
    listIn(objectIn(from.spec, 'postBuild'), 'substituteFrom').flatMap((entry, index) =>
      isOptional(entry) ? [] : referenceAt(from, ['postBuild', 'substituteFrom', index], entry, ''),
    ),
  );
  const values = fluxObjects(set, 'HelmRelease').flatMap((from) =>
    listIn(from.spec, 'valuesFrom').flatMap((entry, index) =>
      isOptional(entry) ? [] : referenceAt(from, ['valuesFrom', index], entry, ''),
    ),
  );
  return [...substitutes, ...values];
}

function isOptional(entry: unknown): boolean {
  return isObject(entry) && entry.optional === true;
}

/** kustomize puts a hash behind these names, and behind the references that it knows. */
function generated({ kustomizations }: ManifestSet, field: string): readonly string[] {
  return kustomizations.flatMap(({ content }) =>
    kustomizeList(content, field).flatMap((entry) =>
      isObject(entry) && typeof entry.name === 'string' ? [entry.name] : [],
    ),
  );
}

/** Operators make Secrets of the name of their own object, or of the one in `spec.target`. */
function targets({ objects }: ManifestSet): readonly string[] {
  return keptObjects(objects).flatMap(({ value }) => {
    const name = objectIn(objectIn(value, 'spec'), 'target')?.name;
    return typeof name === 'string' ? [name] : [];
  });
}

function allKindsBut({ objects }: ManifestSet, kind: string): readonly string[] {
  return [...new Set(objects.map(({ resource }) => resource.kind))].filter((other) => other !== kind);
}
