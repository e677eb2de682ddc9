import { fluxObjects, referenceAt } from '../delivery/flux-objects.ts';
import { knownNames, makesObjects } from '../delivery/known-names.ts';
import { namedProblem } from '../delivery/named-problem.ts';
import { listIn } from '../kubernetes/reading.ts';
import type { SetRule } from './rule.ts';

const KINDS = ['Kustomization', 'HelmRelease'];

export const fluxDependency: SetRule = {
  id: 'reference/flux-dependency',
  title: 'A dependsOn of Flux that is not in the repository',
  severity: 'warning',
  checkSet(set) {
    if (!set.whole || makesObjects(set)) return [];
    return KINDS.flatMap((kind) => {
      const names = knownNames(set, [kind]);
      return fluxObjects(set, kind)
        .flatMap((from) =>
          listIn(from.spec, 'dependsOn').flatMap((entry, index) =>
            referenceAt(from, ['dependsOn', index], entry, kind),
          ),
        )
        .filter((reference) => reference.kind === kind && !names.has(reference.name))
        .map((reference) => namedProblem(fluxDependency, reference, names));
    });
  },
};
