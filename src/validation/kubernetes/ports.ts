import { portName } from './names.ts';
import { isFilledInLater } from './reading.ts';

/** What is wrong with the number of a port; undefined where nothing is, and beyond 32 bits, which is of the wrong type. */
export function portNumberProblem(value: unknown): string | undefined {
  if (typeof value !== 'number' || !Number.isInteger(value) || (value >= 1 && value <= 65535)) return undefined;
  if (value >= 2 ** 31 || value < -(2 ** 31)) return undefined;
  return `must be 1 to 65535, not ${value}`;
}

/** What is wrong with the name of a port. A digit string is read as a name, which needs a letter. */
export function portNameProblem(value: unknown): string | undefined {
  if (typeof value !== 'string' || isFilledInLater(value)) return undefined;
  return portName(value);
}
