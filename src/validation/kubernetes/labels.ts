import type { ManifestObject } from '../rules/rule.ts';
import { podOf, rememberLast, rememberPlaces } from './pods.ts';
import { type Place, placeIn, placesIn } from './reading.ts';

/** The metadata of an object, and of what it is a template for: pods, jobs, claims. */
export const metadataOf = rememberLast(findMetadata);

function findMetadata(object: ManifestObject): readonly Place[] {
  const root: Place = { value: object.value, path: object.path };
  const found: Place[] = [];
  const own = placeIn(root, 'metadata');
  if (own !== undefined) found.push(own);
  const pod = podOf(object);
  if (pod === undefined) return found;
  if (pod.isTemplate) found.push(pod.metadata);
  const job = placeIn(placeIn(placeIn(root, 'spec'), 'jobTemplate'), 'metadata');
  if (job !== undefined) found.push(job);
  return found;
}

/** `metadata.labels` and its like in the templates. */
export const labelsOf = rememberPlaces((object) => below(metadataOf(object), 'labels'));

export const annotationsOf = rememberPlaces((object) => below(metadataOf(object), 'annotations'));

function below(places: readonly Place[], name: string): readonly Place[] {
  const found: Place[] = [];
  for (const place of places) {
    const inner = placeIn(place, name);
    if (inner !== undefined) found.push(inner);
  }
  return found;
}

/** The claims that a StatefulSet makes for each of its pods. */
export function claimTemplatesOf(object: ManifestObject): readonly Place[] {
  return placesIn(placeIn({ value: object.value, path: object.path }, 'spec'), 'volumeClaimTemplates');
}
