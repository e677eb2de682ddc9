import type { PodTrouble } from '../object-health/pods.ts';
import type { Found } from './collect.ts';

const HINT_OF: Partial<Readonly<Record<PodTrouble['kind'], string>>> = {
  image:
    'Check that the image exists under that very name and tag, and that the namespace has a pull secret for its registry.',
  container:
    'Check that every ConfigMap, Secret and key that the pod refers to exists in its namespace, and that its command does.',
  unschedulable: 'No node has room for the pod, or none fulfils what it asks for: compare its requests with the nodes.',
};

/** What to do next, and each right that was missing, once. */
export function hintsOf(found: readonly Found[], logsRefused: readonly string[]): readonly string[] {
  const kinds = new Set(found.flatMap(({ troubles }) => troubles.map(({ kind }) => kind)));
  const advice = [...kinds].flatMap((kind) => HINT_OF[kind] ?? []);
  const missing = [
    ...new Set(found.flatMap((one) => one.missing)),
    ...logsRefused.map((namespace) => `get pods/log in namespace ${namespace}`),
  ];
  return [...advice, ...missing.map((right) => `To see more here, give the right to ${right}.`)];
}
