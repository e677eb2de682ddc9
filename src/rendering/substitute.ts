import { evaluate } from './envsubst.ts';
import { withoutOrigin } from './origin-annotation.ts';
import type { RenderedObject, Substitution, VariableProblem } from './unit.ts';
import { readValues, resourceOf, textOf } from './yaml-values.ts';

/** Stands for a value that only the cluster knows: encrypted, or made by something else. */
export const UNKNOWN = 'value-that-only-the-cluster-knows';

const SWITCH = 'kustomize.toolkit.fluxcd.io/substitute';

/** Replaces the variables in each object, as Flux does it after the build: in the text of the whole object. */
export function substituteAll(
  objects: readonly RenderedObject[],
  substitution: Substitution,
): { readonly objects: readonly RenderedObject[]; readonly problems: readonly VariableProblem[] } {
  const problems: VariableProblem[] = [];
  const replaced = objects.map((object) => {
    const { object: after, problems: found } = substitute(object, substitution);
    problems.push(...found);
    return after;
  });
  return { objects: replaced, problems };
}

function substitute(object: RenderedObject, { values, open }: Substitution) {
  if (isSwitchedOff(object) || !object.text.includes('$')) return { object, problems: [] };
  const result = evaluate(object.text, (name) => values.get(name), open ? UNKNOWN : undefined);
  if ('problem' in result) return { object, problems: [problem(object, undefined, `${result.problem}.`)] };
  const problems = result.unset.map((name) =>
    problem(object, name, `The variable ${name} is not set, and has no default.`),
  );
  const [read] = readValues(result.text, 'cluster');
  const resource = resourceOf(read?.value);
  if (read === undefined || resource === undefined) {
    const message = 'What the variables make of this object is no YAML that can be read.';
    return { object, problems: [...problems, problem(object, undefined, message)] };
  }
  const value = withoutOrigin(read.value as RenderedObject['value']);
  return { object: { ...object, resource, value, text: result.text }, problems };
}

function isSwitchedOff({ value }: RenderedObject): boolean {
  return ['labels', 'annotations'].some((field) => textOf(value, 'metadata', field, SWITCH) === 'disabled');
}

function problem(object: RenderedObject, name: string | undefined, message: string): VariableProblem {
  return { object, name, message };
}
