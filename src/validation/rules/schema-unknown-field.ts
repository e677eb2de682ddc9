import type { Path } from '../../manifests/locate.ts';
import { nearest } from '../nearest.ts';
import { type Problem, printPath, type Rule } from './rule.ts';

export const unknownField: Rule = {
  id: 'schema/unknown-field',
  title: 'A field that the kind does not have',
  severity: 'error',
};

/** `fields` are those that the object may have; `inside` names a neighbour that has the field, if any. */
export function unknownFieldProblem(path: Path, fields: readonly string[], inside: string | undefined): Problem {
  const name = String(path.at(-1));
  const parent = path.slice(0, -1);
  const similar = nearest(name, fields);
  const hint =
    similar !== undefined
      ? `Did you mean ${similar}?`
      : inside !== undefined
        ? `${name} belongs in ${printPath([...parent, inside])}.`
        : undefined;
  const message = `${printPath(path)} is not a field of ${printPath(parent)}.`;
  return { rule: unknownField, path, at: 'key', message, ...(hint === undefined ? {} : { hint }) };
}
