import type { ManifestObject } from '../rules/rule.ts';
import { type Place, placeIn, placesIn } from './reading.ts';
import { specOf } from './specs.ts';

export function ingressPathsOf(object: ManifestObject): readonly Place[] {
  return placesIn(specOf(object), 'rules').flatMap((rule) => placesIn(placeIn(rule, 'http'), 'paths'));
}

export function ingressBackendsOf(object: ManifestObject): readonly Place[] {
  const fallback = placeIn(specOf(object), 'defaultBackend');
  const backends = ingressPathsOf(object).flatMap((path) => placeIn(path, 'backend') ?? []);
  return fallback === undefined ? backends : [fallback, ...backends];
}
