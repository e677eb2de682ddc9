import type { Path } from '../../manifests/locate.ts';
import { containersOf, podOf } from '../kubernetes/pods.ts';
import { type Place, placeIn, placesIn, textIn } from '../kubernetes/reading.ts';
import type { ManifestObject } from '../rules/rule.ts';

export type ReferencedKind = 'ConfigMap' | 'Secret' | 'ServiceAccount' | 'PersistentVolumeClaim';

/** A name in the spec of a pod that stands for an object beside it. */
export interface PodReference {
  readonly kind: ReferencedKind;
  readonly name: string;
  readonly path: Path;
  /** Keys of it that the pod does not start without. */
  readonly keys: readonly { readonly key: string; readonly path: Path }[];
}

/** What the pods of an object cannot start without; what is optional is left out. */
export function podReferences(object: ManifestObject): readonly PodReference[] {
  const pod = podOf(object);
  if (pod === undefined) return [];
  const volumes = pod.volumes.flatMap((volume) => [
    ...ofVolume(volume),
    ...placesIn(placeIn(volume, 'projected'), 'sources').flatMap(ofSource),
  ]);
  const containers = containersOf(object).flatMap(({ env, envFrom }) => [
    ...env.flatMap((entry) => {
      const from = placeIn(entry, 'valueFrom');
      return [
        ...reference('ConfigMap', placeIn(from, 'configMapKeyRef'), 'name'),
        ...reference('Secret', placeIn(from, 'secretKeyRef'), 'name'),
      ];
    }),
    ...envFrom.flatMap((entry) => [
      ...reference('ConfigMap', placeIn(entry, 'configMapRef'), 'name'),
      ...reference('Secret', placeIn(entry, 'secretRef'), 'name'),
    ]),
  ]);
  const pullSecrets = placesIn(pod, 'imagePullSecrets').flatMap((entry) => reference('Secret', entry, 'name'));
  const account = reference('ServiceAccount', pod, 'serviceAccountName');
  return [...account, ...volumes, ...containers, ...pullSecrets];
}

function ofVolume(volume: Place): readonly PodReference[] {
  return [
    ...reference('ConfigMap', placeIn(volume, 'configMap'), 'name'),
    ...reference('Secret', placeIn(volume, 'secret'), 'secretName'),
    ...reference('PersistentVolumeClaim', placeIn(volume, 'persistentVolumeClaim'), 'claimName'),
  ];
}

function ofSource(source: Place): readonly PodReference[] {
  return [
    ...reference('ConfigMap', placeIn(source, 'configMap'), 'name'),
    ...reference('Secret', placeIn(source, 'secret'), 'name'),
  ];
}

function reference(kind: ReferencedKind, place: Place | undefined, field: string): readonly PodReference[] {
  const name = textIn(place?.value, field);
  if (place === undefined || name === undefined || name === '' || place.value.optional === true) return [];
  const own = textIn(place.value, 'key');
  const items = placesIn(place, 'items').flatMap((item) => {
    const key = textIn(item.value, 'key');
    return key === undefined ? [] : [{ key, path: [...item.path, 'key'] }];
  });
  const keys = own === undefined ? items : [{ key: own, path: [...place.path, 'key'] }];
  return [{ kind, name, path: [...place.path, field], keys }];
}
