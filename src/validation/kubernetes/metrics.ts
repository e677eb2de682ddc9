import type { ManifestObject } from '../rules/rule.ts';
import { type Place, placesIn } from './reading.ts';
import { specOf } from './specs.ts';

/** The field that each type of metric has (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/). */
export const METRIC_FIELDS: Readonly<Record<string, string>> = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
};

export function metricsOf(object: ManifestObject): readonly Place[] {
  return placesIn(specOf(object), 'metrics');
}
