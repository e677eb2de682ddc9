import { isNamespace, isSameNamespace, mayHoldMore } from '../deployed/members.ts';
import { isSelected, type PodTemplate, pairsOf, podTemplateOf, podTemplates } from '../deployed/pods.ts';
import { slipOf } from '../deployed/similar.ts';
import { groupKindOf } from '../kubernetes/pods.ts';
import { isSet, type Json, listIn, objectIn } from '../kubernetes/reading.ts';
import { nearest } from '../nearest.ts';
import type { Deployed, ManifestObject, UnitProblem, UnitRule } from './rule.ts';

/** Labels that much of what is deployed together has in common: that a pod has them as well says nothing. */
const COMMON =
  /^(app\.kubernetes\.io\/(instance|part-of|managed-by|version)|helm\.sh\/chart|release|heritage|chart|env|environment|team)$/;

/** Labels that people write. All others may come from whatever runs the pod, such as the role of a leader. */
const WRITTEN = /^(app|name|k8s-app|component|tier|app\.kubernetes\.io\/(name|component|instance|part-of))$/;

/**
 * What selects pods may be deployed without them. It is told only where the unit holds pods that are all but selected: the
 * labels differ in a way that nothing changes at run time.
 */
export const podSelector: UnitRule = {
  id: 'reference/pod-selector',
  title: 'A Service or a disruption budget that selects no pod of what is deployed with it',
  severity: 'warning',
  checkUnit(deployed) {
    const selecting = deployed.objects.filter((object) => selectorOf(object) !== undefined);
    if (selecting.length === 0 || mayHoldMore(deployed)) return [];
    const pods = podTemplates(deployed.objects);
    return selecting.flatMap((object) => checkSelector(object, pods, deployed));
  },
};

/** The pairs to be selected, and where they stand. */
function selectorOf(object: ManifestObject): { readonly value: Json; readonly steps: readonly string[] } | undefined {
  const spec = objectIn(object.value, 'spec');
  const groupKind = groupKindOf(object);
  if (groupKind === '/Service' && spec?.type !== 'ExternalName') {
    const value = objectIn(spec, 'selector');
    return value === undefined ? undefined : { value, steps: ['spec', 'selector'] };
  }
  const selector = groupKind === 'policy/PodDisruptionBudget' ? objectIn(spec, 'selector') : undefined;
  const value = objectIn(selector, 'matchLabels');
  if (value === undefined || listIn(selector, 'matchExpressions').length > 0) return undefined;
  return { value, steps: ['spec', 'selector', 'matchLabels'] };
}

function checkSelector(
  object: ManifestObject,
  pods: readonly PodTemplate[],
  deployed: Deployed,
): readonly UnitProblem[] {
  const selector = selectorOf(object);
  const pairs = pairsOf(selector?.value);
  if (selector === undefined || pairs === undefined || pairs.size === 0) return [];
  const beside = pods.filter((pod) => isSameNamespace(pod.object, object));
  if (beside.length === 0 || beside.some((pod) => isSelected(pod, pairs))) return [];
  if (![...pairs.values()].every(deployed.isKnown) || isSelectedAnywhere(object, pairs, deployed)) return [];
  const [best] = beside.flatMap((pod) => nearMiss(object, pairs, pod, beside) ?? []);
  if (best === undefined) return [];
  const { pod, key } = best;
  const { kind, name } = pod.object.resource;
  const has = isSet(pod.labels, key) ? `${key}: ${String(pod.labels[key])}` : `no label ${key}`;
  return [
    {
      rule: podSelector,
      object,
      path: [...object.path, ...selector.steps, key],
      at: 'value',
      message: `No pod of what is deployed with this object has the label ${key}: ${pairs.get(key)}, and all others that are selected.`,
      hint: `The pods of ${kind} ${name} have ${has}.`,
    },
  ];
}

function isSelectedAnywhere(object: ManifestObject, pairs: ReadonlyMap<string, string>, { world }: Deployed): boolean {
  return world.podMakers().some((maker) => {
    const pod = podTemplateOf(maker);
    const isThere = isNamespace(maker.resource.namespace, object.resource.namespace);
    return pod !== undefined && isThere && isSelected(pod, pairs);
  });
}

/** A pod that was surely meant, and the label by which it is missed. */
function nearMiss(
  object: ManifestObject,
  pairs: ReadonlyMap<string, string>,
  pod: PodTemplate,
  pods: readonly PodTemplate[],
): { readonly pod: PodTemplate; readonly key: string } | undefined {
  const missed = [...pairs].filter(([key, value]) => pod.labels[key] !== value);
  const shares = [...pairs].some(
    ([key, value]) =>
      pod.labels[key] === value && !COMMON.test(key) && (pods.length === 1 || !isShared(key, value, pods)),
  );
  const isNamesake = pod.object.resource.name === object.resource.name;
  const key = missed.find(([name, value]) => isMistaken(name, value, pod, shares || isNamesake))?.[0];
  return key === undefined ? undefined : { pod, key };
}

function isShared(key: string, value: string, pods: readonly PodTemplate[]): boolean {
  return pods.every(({ labels }) => labels[key] === value);
}

function isMistaken(key: string, value: string, { labels }: PodTemplate, isMeant: boolean): boolean {
  const own = labels[key];
  if (typeof own === 'string' && slipOf(value, [own]) !== undefined) return true;
  if (!isMeant) return false;
  const similar = nearest(key, Object.keys(labels));
  const isMisspelt = similar !== undefined && similar !== key && labels[similar] === value;
  return isMisspelt || own !== undefined || WRITTEN.test(key);
}
