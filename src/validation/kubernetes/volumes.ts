import type { ManifestObject } from '../rules/rule.ts';
import { claimTemplatesOf } from './labels.ts';
import { podOf, rememberLast } from './pods.ts';
import { fieldsOf, isFilledInLater, type Json, objectIn, type Place, placeIn, placesIn, textIn } from './reading.ts';

/** The kinds of volume that a pod may have (https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/volume/). */
export const VOLUME_SOURCES: readonly string[] = [
  'awsElasticBlockStore',
  'azureDisk',
  'azureFile',
  'cephfs',
  'cinder',
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'fc',
  'flexVolume',
  'flocker',
  'gcePersistentDisk',
  'gitRepo',
  'glusterfs',
  'hostPath',
  'image',
  'iscsi',
  'nfs',
  'persistentVolumeClaim',
  'photonPersistentDisk',
  'portworxVolume',
  'projected',
  'quobyte',
  'rbd',
  'scaleIO',
  'secret',
  'storageos',
  'vsphereVolume',
];

/** Names of all volumes that containers can mount, those of claim templates among them; undefined where one is not known yet. */
export const mountableVolumes = rememberLast(findMountable);

function findMountable(object: ManifestObject): ReadonlyMap<string, Json> | undefined {
  const pod = podOf(object);
  const volumes = (pod?.volumes ?? []).map(({ value }) => [value.name, value] as const);
  const claims = claimTemplatesOf(object).map(({ value }) => [objectIn(value, 'metadata')?.name, CLAIM] as const);
  const all = [...volumes, ...claims].filter((entry): entry is [string, Json] => typeof entry[0] === 'string');
  return all.some(([name]) => isFilledInLater(name)) ? undefined : new Map(all);
}

const CLAIM: Json = { persistentVolumeClaim: {} };

/** What puts files of chosen names into a volume: its configMap, secret, downwardAPI, and the parts of a projected one. */
export function fileSourcesOf(volume: Place): readonly (Place & { readonly source: string })[] {
  const parts = [volume, ...placesIn(placeIn(volume, 'projected'), 'sources')];
  return parts.flatMap((part) =>
    fieldsOf(part.value, FILE_SOURCES).flatMap((source) => {
      const place = placeIn(part, source);
      return place === undefined ? [] : [{ value: place.value, path: place.path, source }];
    }),
  );
}

const FILE_SOURCES = ['configMap', 'secret', 'downwardAPI', 'serviceAccountToken', 'clusterTrustBundle'] as const;

export function isLocalPath(path: string): boolean {
  return !path.startsWith('/') && !path.split('/').includes('..');
}

export function nameOf(volume: Json): string {
  return textIn(volume, 'name') ?? '';
}
