import type { ManifestObject, Problem } from './rules/rule.ts';
import { notInEnum } from './rules/schema-enum.ts';
import { groupOf, type Schemas } from './schemas.ts';

/**
 * Fields with a fixed set of values to which other projects have their users add kinds of their own, in the CRD of the cluster:
 * https://sap.github.io/component-operator/docs/usage/notifications/ for one, and flux-operator for its FluxInstance.
 */
const WIDENED: Readonly<Record<string, string>> = {
  'notification.toolkit.fluxcd.io/Alert': 'spec.eventSources.kind',
};

/**
 * The problem as a warning where it is about such a field, and only the bundled schema says so: the CRD in the cluster may
 * allow the value. A CRD among the files knows, a value that is a letter away from an allowed one is misspelt, and what is no
 * name of a kind is wrong whatever the CRD says.
 */
export function easedByPatches(problem: Problem, { resource, path, value }: ManifestObject, schemas: Schemas): Problem {
  if (problem.rule !== notInEnum || problem.hint !== undefined) return problem;
  const { kind } = resource;
  const group = groupOf(resource.apiVersion);
  const field = problem.path
    .slice(path.length)
    .filter((step) => typeof step === 'string')
    .join('.');
  if (WIDENED[`${group}/${kind}`] !== field || schemas.offers(group, kind) !== undefined) return problem;
  const given = problem.path.slice(path.length).reduce<unknown>((at, step) => (at as Container)[step], value);
  if (typeof given !== 'string' || !/^[A-Z][A-Za-z0-9]*$/.test(given)) return problem;
  return { ...problem, severity: 'warning', hint: HINT };
}

type Container = Readonly<Record<string | number, unknown>>;

const HINT = 'Where the CRD in the cluster is patched to allow it, put that CRD among the files, or name it with crds.';
