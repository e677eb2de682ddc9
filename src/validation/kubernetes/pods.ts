import type { ManifestObject } from '../rules/rule.ts';
import { type Json, objectIn, type Place, placeIn, placesIn } from './reading.ts';

/** The `spec` of a pod, or of the template that pods are made from. */
export interface Pod extends Place {
  readonly kind: string;
  /** False for a Pod itself. */
  readonly isTemplate: boolean;
  /** The metadata beside the spec. */
  readonly metadata: Place;
  readonly object: ManifestObject;
  readonly volumes: readonly Place[];
}

export type ContainerList = 'containers' | 'initContainers' | 'ephemeralContainers';

export interface Container extends Place {
  readonly list: ContainerList;
  readonly pod: Pod;
  readonly env: readonly Place[];
  readonly envFrom: readonly Place[];
  readonly ports: readonly Place[];
  readonly mounts: readonly Place[];
  readonly devices: readonly Place[];
  readonly probes: readonly Place[];
  /** What runs after its start and before its end. */
  readonly hooks: readonly Place[];
}

/** From the object to what holds the pod's metadata and spec. */
const TEMPLATE_PATHS: Readonly<Record<string, readonly string[]>> = {
  '/Pod': [],
  '/PodTemplate': ['template'],
  '/ReplicationController': ['spec', 'template'],
  'apps/DaemonSet': ['spec', 'template'],
  'apps/Deployment': ['spec', 'template'],
  'apps/ReplicaSet': ['spec', 'template'],
  'apps/StatefulSet': ['spec', 'template'],
  'batch/CronJob': ['spec', 'jobTemplate', 'spec', 'template'],
  'batch/Job': ['spec', 'template'],
};

export const POD_KINDS: readonly string[] = Object.keys(TEMPLATE_PATHS);

/** Kinds whose pods run until they are taken away. */
export const ALWAYS_RUNNING: ReadonlySet<string> = new Set([
  'DaemonSet',
  'Deployment',
  'ReplicaSet',
  'ReplicationController',
  'StatefulSet',
]);

/** `apps/Deployment`, `/Pod`: what rules name their kinds by. */
export function groupKindOf({ resource: { apiVersion, kind } }: Pick<ManifestObject, 'resource'>): string {
  const slash = apiVersion.indexOf('/');
  return `${slash < 0 ? '' : apiVersion.slice(0, slash)}/${kind}`;
}

export const podOf = rememberLast(findPod);
export const containersOf = rememberLast(findContainers);

function findPod(object: ManifestObject): Pod | undefined {
  const groupKind = groupKindOf(object);
  const steps = Object.hasOwn(TEMPLATE_PATHS, groupKind) ? TEMPLATE_PATHS[groupKind] : undefined;
  if (steps === undefined) return undefined;
  const template = steps.reduce<Json | undefined>(objectIn, object.value);
  const value = objectIn(template, 'spec');
  if (value === undefined) return undefined;
  const path = [...object.path, ...steps];
  const spec: Place = { value, path: [...path, 'spec'] };
  const metadata: Place = { value: objectIn(template, 'metadata') ?? {}, path: [...path, 'metadata'] };
  const isTemplate = steps.length > 0;
  return { ...spec, kind: object.resource.kind, isTemplate, metadata, object, volumes: placesIn(spec, 'volumes') };
}

function findContainers(object: ManifestObject): readonly Container[] {
  const pod = podOf(object);
  if (pod === undefined) return [];
  return (['containers', 'initContainers', 'ephemeralContainers'] as const).flatMap((list) =>
    placesIn(pod, list).map((place) => container(place, list, pod)),
  );
}

function container(place: Place, list: ContainerList, pod: Pod): Container {
  const lifecycle = placeIn(place, 'lifecycle');
  return {
    ...place,
    list,
    pod,
    env: placesIn(place, 'env'),
    envFrom: placesIn(place, 'envFrom'),
    ports: placesIn(place, 'ports'),
    mounts: placesIn(place, 'volumeMounts'),
    devices: placesIn(place, 'volumeDevices'),
    probes: PROBES.flatMap((probe) => placeIn(place, probe) ?? []),
    hooks: lifecycle === undefined ? [] : HOOKS.flatMap((hook) => placeIn(lifecycle, hook) ?? []),
  };
}

export const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;
const HOOKS = ['postStart', 'preStop'] as const;

/** Many rules ask the same of one object, one after the other. */
export function rememberLast<T>(find: (object: ManifestObject) => T): (object: ManifestObject) => T {
  let last: { readonly object: ManifestObject; readonly found: T } | undefined;
  return (object) => {
    if (last?.object !== object) last = { object, found: find(object) };
    return last.found;
  };
}
