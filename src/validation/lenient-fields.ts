import type { Shape } from './shape.ts';

/**
 * Fields that Kubernetes' published description requires, because their Go types have no `omitempty`, and that an API server
 * of 1.34 does without: it reads what is absent as empty, and validates none of them. By definition.
 */
const TAKEN_WITHOUT: Readonly<Record<string, readonly string[]>> = {
  'apiextensions.v1.CustomResourceDefinitionVersion': ['served'],
  'batch.v1.PodFailurePolicy': ['rules'],
  'batch.v1.PodFailurePolicyOnPodConditionsPattern': ['status'],
  'core.v1.HTTPHeader': ['value'],
  'core.v1.LimitRangeSpec': ['limits'],
  'core.v1.PreferredSchedulingTerm': ['preference'],
  'core.v1.SleepAction': ['seconds'],
  'core.v1.Sysctl': ['value'],
  'storage.v1.CSIDriver': ['spec'],
};

/** The shape with those fields expected in place of required. */
export function lenientShape(definition: string, shape: Shape | undefined): Shape | undefined {
  const names = Object.hasOwn(TAKEN_WITHOUT, definition) ? TAKEN_WITHOUT[definition] : undefined;
  if (names === undefined || typeof shape !== 'object' || !('fields' in shape)) return shape;
  const required = shape.required ?? [];
  const expected = required.filter((name) => names.includes(name));
  return { ...shape, required: required.filter((name) => !names.includes(name)), expected };
}
