import type { ManifestObject } from '../rules/rule.ts';
import { type Place, placesIn } from './reading.ts';
import { rootOf } from './specs.ts';

export const WEBHOOK_KINDS = [
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
];

export function webhooksOf(object: ManifestObject): readonly Place[] {
  return placesIn(rootOf(object), 'webhooks');
}
