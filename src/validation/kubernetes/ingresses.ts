import type { ManifestObject } from '../rules/rule.ts';
import { rememberPlaces } from './pods.ts';
import { type Place, placeIn, placesIn } from './reading.ts';
import { specOf } from './specs.ts';

export function ingressPathsOf(object: ManifestObject): readonly Place[] {
  const found: Place[] = [];
  for (const rule of placesIn(specOf(object), 'rules')) found.push(...placesIn(placeIn(rule, 'http'), 'paths'));
  return found;
}

export const ingressBackendsOf = rememberPlaces((object) => {
  const fallback = placeIn(specOf(object), 'defaultBackend');
  const found = fallback === undefined ? [] : [fallback];
  for (const path of ingressPathsOf(object)) {
    const backend = placeIn(path, 'backend');
    if (backend !== undefined) found.push(backend);
  }
  return found;
});
