import { type Json, list, record, sameJson, text } from '../api/json.ts';
import { matches } from './selector.ts';

/** Image of each container by its name, init containers included. */
export type ContainerImages = Readonly<Record<string, string>>;

/** The pod template of a workload; of a pod itself what stands for it. Undefined for what runs no pods. */
export function podTemplateOf(object: Json): Json | undefined {
  const spec = record(object.spec);
  if (object.kind === 'Pod') return object;
  const { template } = object.kind === 'CronJob' ? record(record(spec.jobTemplate).spec) : spec;
  return Object.keys(record(record(template).spec)).length === 0 ? undefined : record(template);
}

export function containerImages(template: Json | undefined): ContainerImages {
  const pairs = containersOf(template).flatMap(({ name, image }) => {
    const [key, value] = [text(name), text(image)];
    return key === undefined || value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(pairs);
}

function containersOf(template: Json | undefined): readonly Json[] {
  const { containers, initContainers } = record(template?.spec);
  return [...list(containers), ...list(initContainers)].map(record);
}

/** What another set of images has otherwise than the wanted one, a sentence each; containers beside those are nobody's business. */
export function imageDifferences(wanted: ContainerImages, live: ContainerImages): readonly string[] {
  return Object.entries(wanted).flatMap(([name, image]) => {
    if (live[name] === image) return [];
    return [`container ${name} has ${live[name] ?? 'no image'}, and ${image} is wanted`];
  });
}

/** The pods of a workload, those that are going included. */
export function podsOf(object: Json, pods: readonly Json[]): readonly Json[] {
  const { uid, name } = record(object.metadata);
  if (object.kind !== 'Deployment') return pods.filter((pod) => ownersOf(pod).some((owner) => owner.uid === uid));
  const { selector } = record(object.spec);
  return pods.filter((pod) => {
    // A Deployment owns its pods by way of a ReplicaSet that bears its name.
    const isOwned = ownersOf(pod).some(
      ({ kind, name: of }) => kind === 'ReplicaSet' && String(of).startsWith(`${name}-`),
    );
    return isOwned && matches(selector, record(record(pod.metadata).labels));
  });
}

function ownersOf(pod: Json): readonly Json[] {
  return list(record(pod.metadata).ownerReferences).map(record);
}

/**
 * Those of the pods that were made from the template as it stands now. A StatefulSet names the revision. For the others a pod
 * is compared with the template, of which it is a copy; admission may have changed all of them alike, and then the images tell.
 */
export function podsOfTemplate(object: Json, pods: readonly Json[]): readonly Json[] {
  if (object.kind === 'Job' || object.kind === 'Pod') return pods;
  const { updateRevision } = record(object.status);
  if (object.kind === 'StatefulSet') return pods.filter((pod) => revisionOf(pod) === text(updateRevision));
  const template = podTemplateOf(object) ?? {};
  const alike = pods.filter((pod) => hasImages(pod, template));
  const copies = alike.filter((pod) => isCopy(pod, template));
  return copies.length > 0 ? copies : alike;
}

/** https://kubernetes.io/docs/reference/labels-annotations-taints/#controller-revision-hash */
export function revisionOf(pod: Json): string | undefined {
  return text(record(record(pod.metadata).labels)['controller-revision-hash']);
}

function hasImages(pod: Json, template: Json): boolean {
  return imageDifferences(containerImages(template), containerImages(pod)).length === 0;
}

const COPIED = ['command', 'args', 'env', 'envFrom', 'ports', 'resources'];

function isCopy(pod: Json, template: Json): boolean {
  const { labels, annotations } = record(pod.metadata);
  const wanted = record(template.metadata);
  const containers = new Map(containersOf(pod).map((container) => [container.name, container]));
  return (
    holdsAll(record(labels), record(wanted.labels)) &&
    holdsAll(record(annotations), record(wanted.annotations)) &&
    containersOf(template).every((container) => {
      const copy = containers.get(container.name) ?? {};
      return COPIED.every((field) => sameJson(copy[field] ?? null, container[field] ?? null));
    })
  );
}

function holdsAll(all: Json, some: Json): boolean {
  return Object.entries(some).every(([key, value]) => all[key] === value);
}
