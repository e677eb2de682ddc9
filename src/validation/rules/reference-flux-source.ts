import { type FluxReference, sourceReferences } from '../delivery/flux-objects.ts';
import { type KnownNames, knownNames, makesObjects } from '../delivery/known-names.ts';
import { namedProblem } from '../delivery/named-problem.ts';
import type { SetProblem, SetRule } from './rule.ts';

/** What the bootstrap makes, in the tree or beside it. */
const GIVEN = 'flux-system';
const KINDS = ['GitRepository', 'OCIRepository', 'HelmRepository', 'HelmChart', 'Bucket'];

/**
 * Looked at where the repository holds sources of the kind: else they are kept elsewhere. The one that is always taken as
 * given can still be misspelt.
 */
export const fluxSource: SetRule = {
  id: 'reference/flux-source',
  title: 'A source of Flux that is not in the repository',
  severity: 'warning',
  checkSet(set) {
    if (!set.whole || makesObjects(set)) return [];
    const known = new Map(KINDS.map((kind) => [kind, knownNames(set, [kind], [GIVEN])]));
    return sourceReferences(set).flatMap((reference) => checkReference(reference, known.get(reference.kind)));
  },
};

function checkReference(reference: FluxReference, known: KnownNames | undefined): readonly SetProblem[] {
  if (known === undefined || known.has(reference.name)) return [];
  const isKeptElsewhere = known.size === 1 && known.similar(reference.name) === undefined;
  return isKeptElsewhere ? [] : [namedProblem(fluxSource, reference, known)];
}
