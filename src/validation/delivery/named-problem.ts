import type { Rule, SetProblem } from '../rules/rule.ts';
import type { FluxReference } from './flux-objects.ts';
import type { KnownNames } from './known-names.ts';

/** An object that is named and that the repository does not hold. */
export function namedProblem(rule: Rule, { from, kind, name, at }: FluxReference, known: KnownNames): SetProblem {
  const { path: file, document, resource } = from.object;
  const similar = known.similar(name);
  return {
    rule,
    file,
    document,
    resource,
    path: at,
    at: 'value',
    message: `The ${kind} ${name} is not in this repository.`,
    ...(similar === undefined ? {} : { hint: `Did you mean ${similar}?` }),
    related: [''],
  };
}
