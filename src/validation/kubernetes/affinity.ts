import { type Place, placeIn, placesIn } from './reading.ts';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

/** The terms of pod affinity and anti-affinity, each with the fields `topologyKey` and `labelSelector`. */
export function podTermsOf(pod: Place): readonly Place[] {
  const affinity = placeIn(pod, 'affinity');
  if (affinity === undefined) return [];
  return ['podAffinity', 'podAntiAffinity'].flatMap((field) => {
    const place = placeIn(affinity, field);
    const preferred = placesIn(place, PREFERRED).flatMap((term) => placeIn(term, 'podAffinityTerm') ?? []);
    return [...placesIn(place, REQUIRED), ...preferred];
  });
}

/** Everything that has a `weight`. */
export function weightedTermsOf(pod: Place): readonly Place[] {
  const affinity = placeIn(pod, 'affinity');
  if (affinity === undefined) return [];
  return ['nodeAffinity', 'podAffinity', 'podAntiAffinity'].flatMap((field) =>
    placesIn(placeIn(affinity, field), PREFERRED),
  );
}

export function requiredNodeTerms(pod: Place): Place | undefined {
  return placeIn(placeIn(placeIn(pod, 'affinity'), 'nodeAffinity'), REQUIRED);
}

/** Node selector terms, those of preferences among them. */
export function nodeTermsOf(pod: Place): readonly Place[] {
  const nodeAffinity = placeIn(placeIn(pod, 'affinity'), 'nodeAffinity');
  if (nodeAffinity === undefined) return [];
  const preferred = placesIn(nodeAffinity, PREFERRED).flatMap((term) => placeIn(term, 'preference') ?? []);
  return [...placesIn(requiredNodeTerms(pod), 'nodeSelectorTerms'), ...preferred];
}
