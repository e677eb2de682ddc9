import type { Path } from '../../manifests/locate.ts';
import { type Problem, printPath, printValue, type Rule } from './rule.ts';

export const wrongType: Rule = {
  id: 'schema/type',
  title: 'A value of the wrong type or format',
  severity: 'error',
};

/** `problem` goes on where the place ends: `must be a string, not an integer`. `shown` is the value where it may be told. */
export function wrongTypeProblem(path: Path, problem: string, shown: unknown): Problem {
  const value = shown === undefined ? '' : ` (${printValue(shown)})`;
  const hint = quotingHint(problem, shown);
  return {
    rule: wrongType,
    path,
    at: 'value',
    message: `${printPath(path)} ${problem}${value}.`,
    ...(hint === undefined ? {} : { hint }),
  };
}

function quotingHint(problem: string, shown: unknown): string | undefined {
  if (problem.startsWith('must be a string, not ') && !/a list|an object$/.test(problem)) {
    return 'Put the value in quotes.';
  }
  if (/^must be an? (boolean|integer|number)\b.*not a string$/.test(problem) && typeof shown === 'string') {
    return /^(true|false|-?\d+)$/.test(shown) ? 'Take the quotes off.' : undefined;
  }
  return problem === 'must be base64' ? 'Encode the value; a Secret takes plain text in stringData.' : undefined;
}
