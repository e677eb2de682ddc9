import { isSameNamespace, kindBeside, mayHoldMore, namesOf } from '../deployed/members.ts';
import { isWorkload } from '../deployed/pods.ts';
import { slipOf } from '../deployed/similar.ts';
import { groupKindOf } from '../kubernetes/pods.ts';
import { objectIn, textIn } from '../kubernetes/reading.ts';
import { groupOf } from '../schemas.ts';
import type { Deployed, ManifestObject, UnitProblem, UnitRule } from './rule.ts';

/** Where each kind of autoscaler names what it scales. */
const TARGETS: Readonly<Record<string, string>> = {
  'autoscaling/HorizontalPodAutoscaler': 'scaleTargetRef',
  'autoscaling.k8s.io/VerticalPodAutoscaler': 'targetRef',
  'keda.sh/ScaledObject': 'scaleTargetRef',
};

export const missingScaleTarget: UnitRule = {
  id: 'reference/scale-target',
  title: 'An autoscaler of something that is not deployed with it',
  severity: 'warning',
  checkUnit: (deployed) => deployed.objects.flatMap((object) => checkScaler(object, deployed)),
};

function checkScaler(object: ManifestObject, deployed: Deployed): readonly UnitProblem[] {
  const groupKind = groupKindOf(object);
  const field = Object.hasOwn(TARGETS, groupKind) ? TARGETS[groupKind] : undefined;
  const target = field === undefined ? undefined : objectIn(objectIn(object.value, 'spec'), field);
  const name = textIn(target, 'name');
  if (field === undefined || name === undefined || !deployed.isKnown(name)) return [];
  const kind = textIn(target, 'kind') ?? 'Deployment';
  const wanted = `${groupOf(textIn(target, 'apiVersion') ?? 'apps/v1')}/${kind}`;
  if (deployed.world.has(wanted, object.resource.namespace, name)) return [];
  const hint = hintFor(wanted, name, object, deployed);
  const workloads = deployed.objects.filter((other) => isWorkload(other) && isSameNamespace(other, object));
  const isLost = workloads.length > 0 && workloads.some((other) => groupKindOf(other) === wanted);
  if (hint === undefined && (!isLost || mayHoldMore(deployed))) return [];
  const message = `The ${kind} ${name}, which this scales, is not in what is deployed with it.`;
  const path = [...object.path, 'spec', field, 'name'];
  return [{ rule: missingScaleTarget, object, path, at: 'value', message, ...(hint === undefined ? {} : { hint }) }];
}

function hintFor(wanted: string, name: string, object: ManifestObject, deployed: Deployed): string | undefined {
  const similar = slipOf(name, namesOf(kindBeside(deployed, wanted, object)));
  if (similar !== undefined) return `Did you mean ${similar}?`;
  const named = deployed.objects.find(
    (other) => isWorkload(other) && other.resource.name === name && isSameNamespace(other, object),
  );
  return named === undefined
    ? undefined
    : `There is a ${named.resource.kind} of this name (${named.resource.apiVersion}).`;
}
