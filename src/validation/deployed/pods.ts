import { groupKindOf, POD_KINDS, type Pod, podOf } from '../kubernetes/pods.ts';
import { type Json, listIn, objectIn, settledText, textIn } from '../kubernetes/reading.ts';
import type { ManifestObject } from '../rules/rule.ts';
import { isObject } from '../scalars.ts';
import { isSameNamespace } from './members.ts';

/** Kinds beside the built-in ones that hold the template of pods where a Deployment has it. */
const LIKE_DEPLOYMENTS: ReadonlySet<string> = new Set(['argoproj.io/Rollout', 'apps.openshift.io/DeploymentConfig']);

/** What pods are made from: their labels and containers. */
export interface PodTemplate {
  readonly object: ManifestObject;
  readonly labels: Json;
  readonly annotations: Json;
  readonly containers: readonly Json[];
}

/** The pods of any object that has a template of them, built in or not. */
export function podTemplateOf(object: ManifestObject): PodTemplate | undefined {
  const template = POD_KINDS.includes(groupKindOf(object)) ? fromPod(podOf(object)) : fromTemplate(object);
  if (template === undefined) return undefined;
  const { metadata, spec } = template;
  const labels = objectIn(metadata, 'labels') ?? {};
  const annotations = objectIn(metadata, 'annotations') ?? {};
  const containers = [...listIn(spec, 'containers'), ...listIn(spec, 'initContainers')].filter(isObject);
  return { object, labels, annotations, containers };
}

function fromPod(pod: Pod | undefined): { readonly metadata: Json; readonly spec: Json } | undefined {
  return pod === undefined ? undefined : { metadata: pod.metadata.value, spec: pod.value };
}

function fromTemplate({ value }: ManifestObject): ReturnType<typeof fromPod> {
  const template = objectIn(objectIn(value, 'spec'), 'template');
  const spec = objectIn(template, 'spec');
  const hasContainers = listIn(spec, 'containers').length > 0;
  return spec !== undefined && hasContainers ? { metadata: objectIn(template, 'metadata') ?? {}, spec } : undefined;
}

export function podTemplates(objects: readonly ManifestObject[]): readonly PodTemplate[] {
  return objects.flatMap((object) => podTemplateOf(object) ?? []);
}

/** True for a kind whose pods are all there is to it: it makes nothing that only its operator knows. */
export function isWorkload(object: ManifestObject): boolean {
  return POD_KINDS.includes(groupKindOf(object)) || LIKE_DEPLOYMENTS.has(groupKindOf(object));
}

/** The pairs of a selector that all have to be labels of a pod; undefined where one of them is not settled. */
export function pairsOf(selector: Json | undefined): ReadonlyMap<string, string> | undefined {
  const pairs = new Map<string, string>();
  for (const [key, value] of Object.entries(selector ?? {})) {
    const text = settledText(value);
    if (text === undefined) return undefined;
    pairs.set(key, text);
  }
  return pairs;
}

export function isSelected({ labels }: PodTemplate, pairs: ReadonlyMap<string, string>): boolean {
  return [...pairs].every(([key, value]) => labels[key] === value);
}

/** The pods of the unit that a Service sends to. */
export function podsOfService(service: ManifestObject, pods: readonly PodTemplate[]): readonly PodTemplate[] {
  const pairs = pairsOf(objectIn(objectIn(service.value, 'spec'), 'selector'));
  if (pairs === undefined || pairs.size === 0) return [];
  return pods.filter((pod) => isSameNamespace(pod.object, service) && isSelected(pod, pairs));
}

export function portNames({ containers }: PodTemplate): readonly string[] {
  return containers.flatMap((container) =>
    listIn(container, 'ports').flatMap((port) => (isObject(port) ? (textIn(port, 'name') ?? []) : [])),
  );
}

/** A mesh puts containers into the pod that nothing here shows. */
export function isInjected({ annotations, labels }: PodTemplate): boolean {
  return [...Object.entries(annotations), ...Object.entries(labels)].some(([key]) => /inject/.test(key));
}
