import type { Path } from '../../manifests/locate.ts';
import type { ManifestObject } from '../rules/rule.ts';
import { type Json, type Place, placeIn, placesIn } from './reading.ts';

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
const TEMPLATE_PATHS: ReadonlyMap<string, readonly string[]> = new Map([
  ['/Pod', []],
  ['/PodTemplate', ['template']],
  ['/ReplicationController', ['spec', 'template']],
  ['apps/DaemonSet', ['spec', 'template']],
  ['apps/Deployment', ['spec', 'template']],
  ['apps/ReplicaSet', ['spec', 'template']],
  ['apps/StatefulSet', ['spec', 'template']],
  ['batch/CronJob', ['spec', 'jobTemplate', 'spec', 'template']],
  ['batch/Job', ['spec', 'template']],
]);

export const POD_KINDS: readonly string[] = [...TEMPLATE_PATHS.keys()];

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
  const kinds = GROUP_KINDS.get(apiVersion) ?? new Map<string, string>();
  const known = kinds.get(kind);
  if (known !== undefined) return known;
  const slash = apiVersion.indexOf('/');
  const groupKind = `${slash < 0 ? '' : apiVersion.slice(0, slash)}/${kind}`;
  if (GROUP_KINDS.size < MOST_REMEMBERED && kinds.size < MOST_REMEMBERED)
    GROUP_KINDS.set(apiVersion, kinds.set(kind, groupKind));
  return groupKind;
}

/** By API version, then by kind: putting one together takes longer than most rules do. */
const GROUP_KINDS = new Map<string, Map<string, string>>();
const MOST_REMEMBERED = 500;

export const podOf = rememberLast(findPod);
export const containersOf = rememberLast(findContainers);

function findPod(object: ManifestObject): Pod | undefined {
  const steps = TEMPLATE_PATHS.get(groupKindOf(object));
  if (steps === undefined) return undefined;
  const template = steps.reduce<Place | undefined>(placeIn, { value: object.value, path: object.path });
  const spec = placeIn(template, 'spec');
  if (template === undefined || spec === undefined) return undefined;
  return new PodAt(spec, template, steps.length > 0, object);
}

/** What rules ask for is looked for when the first of them asks: of most pods little is asked. */
class PodAt implements Pod {
  readonly value: Json;
  readonly isTemplate: boolean;
  readonly object: ManifestObject;
  private readonly spec: Place;
  private readonly template: Place;
  private places: readonly Place[] | undefined;

  constructor(spec: Place, template: Place, isTemplate: boolean, object: ManifestObject) {
    this.value = spec.value;
    this.isTemplate = isTemplate;
    this.object = object;
    this.spec = spec;
    this.template = template;
    this.places = undefined;
  }

  get path(): Path {
    return this.spec.path;
  }

  get kind(): string {
    return this.object.resource.kind;
  }

  get metadata(): Place {
    return placeIn(this.template, 'metadata') ?? { value: {}, path: [...this.template.path, 'metadata'] };
  }

  get volumes(): readonly Place[] {
    this.places ??= placesIn(this.spec, 'volumes');
    return this.places;
  }
}

function findContainers(object: ManifestObject): readonly Container[] {
  const pod = podOf(object);
  if (pod === undefined) return [];
  const found: Container[] = [];
  for (const list of LISTS) for (const place of placesIn(pod, list)) found.push(new ContainerAt(place, list, pod));
  return found;
}

const LISTS = ['containers', 'initContainers', 'ephemeralContainers'] as const;

/** As with pods, what is below it is looked for when the first rule asks. */
class ContainerAt implements Container {
  readonly value: Json;
  readonly list: ContainerList;
  readonly pod: Pod;
  private readonly place: Place;
  private found: Partial<Record<string, readonly Place[]>> | undefined;

  constructor(place: Place, list: ContainerList, pod: Pod) {
    this.value = place.value;
    this.list = list;
    this.pod = pod;
    this.place = place;
    this.found = undefined;
  }

  get path(): Path {
    return this.place.path;
  }

  get env(): readonly Place[] {
    return this.below('env');
  }

  get envFrom(): readonly Place[] {
    return this.below('envFrom');
  }

  get ports(): readonly Place[] {
    return this.below('ports');
  }

  get mounts(): readonly Place[] {
    return this.below('volumeMounts');
  }

  get devices(): readonly Place[] {
    return this.below('volumeDevices');
  }

  get probes(): readonly Place[] {
    return PROBES.flatMap((probe) => placeIn(this.place, probe) ?? []);
  }

  get hooks(): readonly Place[] {
    const lifecycle = placeIn(this.place, 'lifecycle');
    return lifecycle === undefined ? [] : HOOKS.flatMap((hook) => placeIn(lifecycle, hook) ?? []);
  }

  private below(list: string): readonly Place[] {
    this.found ??= {};
    this.found[list] ??= placesIn(this.place, list);
    return this.found[list];
  }
}

export const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;
const HOOKS = ['postStart', 'preStop'] as const;

/** As `rememberLast`, for places that depend on the maps, lists and keys of an object, and on none of its scalars. */
export function rememberPlaces(
  find: (object: ManifestObject) => readonly Place[],
): (object: ManifestObject) => readonly Place[] {
  const known = new WeakMap<object, readonly Place[]>();
  return rememberLast((object) => {
    const { alike } = object;
    if (alike === undefined) return find(object);
    const places = known.get(alike) ?? find(object);
    known.set(alike, places);
    return places;
  });
}

/** Many rules ask the same of one object, one after the other. */
export function rememberLast<T>(find: (object: ManifestObject) => T): (object: ManifestObject) => T {
  let last: { readonly object: ManifestObject; readonly found: T } | undefined;
  return (object) => {
    if (last?.object !== object) last = { object, found: find(object) };
    return last.found;
  };
}
