import type { Path } from '../../manifests/locate.ts';
import { nearest } from '../nearest.ts';
import { type Problem, printPath, printValue, type Rule } from './rule.ts';

export const notInEnum: Rule = {
  id: 'schema/enum',
  title: 'A value that is none of the allowed ones',
  severity: 'error',
};

/** `shown` is the value where it may be told. */
export function notInEnumProblem(path: Path, allowed: readonly unknown[], shown: unknown): Problem {
  const names = allowed.filter((value) => value !== '');
  const similar = typeof shown === 'string' ? nearest(shown, names.map(String)) : undefined;
  const value = shown === undefined ? '' : `, not ${printValue(shown)}`;
  return {
    rule: notInEnum,
    path,
    at: 'value',
    message: `${printPath(path)} must be one of ${names.map(printName).join(', ')}${value}.`,
    ...(similar === undefined ? {} : { hint: `Did you mean ${similar}?` }),
  };
}

function printName(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
