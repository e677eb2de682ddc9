import type { ManifestObject } from '../rules/rule.ts';
import { podOf, rememberLast } from './pods.ts';
import { type Place, placeIn, placesIn } from './reading.ts';

/** The metadata of an object, and of what it is a template for: pods, jobs, claims. */
export const metadataOf = rememberLast(findMetadata);

function findMetadata(object: ManifestObject): readonly Place[] {
  const root: Place = { value: object.value, path: object.path };
  const pod = podOf(object);
  const own = placeIn(root, 'metadata');
  const template = pod?.isTemplate === true ? [pod.metadata] : [];
  const job = placeIn(placeIn(placeIn(root, 'spec'), 'jobTemplate'), 'metadata');
  return [...(own === undefined ? [] : [own]), ...template, ...(pod === undefined || job === undefined ? [] : [job])];
}

/** `metadata.labels` and its like in the templates. */
export const labelsOf = rememberLast((object) =>
  metadataOf(object).flatMap((metadata) => placeIn(metadata, 'labels') ?? []),
);

export const annotationsOf = rememberLast((object) =>
  metadataOf(object).flatMap((metadata) => placeIn(metadata, 'annotations') ?? []),
);

/** The claims that a StatefulSet makes for each of its pods. */
export function claimTemplatesOf(object: ManifestObject): readonly Place[] {
  return placesIn(placeIn({ value: object.value, path: object.path }, 'spec'), 'volumeClaimTemplates');
}
