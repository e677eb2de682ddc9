import type { Path } from '../../manifests/locate.ts';
import { type Problem, printPath, type Rule } from './rule.ts';

export const missingField: Rule = {
  id: 'schema/missing-field',
  title: 'A required field that is absent',
  severity: 'error',
};

export function missingFieldProblem(parent: Path, name: string, empty: boolean): Problem {
  const message = empty
    ? `${printPath([...parent, name])} is required and has no value.`
    : `${printPath(parent)} lacks the required field ${name}.`;
  return { rule: missingField, path: empty ? [...parent, name] : parent, at: 'key', message };
}
