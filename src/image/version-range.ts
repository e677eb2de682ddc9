import { compareVersions, type Version } from './tag-order.ts';

/** A set of versions: one of the alternatives, of which every comparison must hold. */
export interface VersionRange {
  readonly alternatives: readonly (readonly Comparison[])[];
}

/** What is wrong, as the end of a sentence that begins with the range. */
export interface RangeProblem {
  readonly problem: string;
}

interface Comparison {
  readonly operator: '<' | '<=' | '>' | '>=' | '=' | '!=';
  readonly version: Version;
}

/** `1`, `1.2`, `1.2.3-rc.1`, `1.x`, `*`: the numbers that are fixed. */
interface Partial {
  readonly numbers: readonly bigint[];
  readonly prerelease: readonly string[];
}

const MAX_LENGTH = 500;
const PARTIAL =
  /^[vV]?(0|[1-9]\d{0,30}|[xX*])(?:\.(0|[1-9]\d{0,30}|[xX*]))?(?:\.(0|[1-9]\d{0,30}|[xX*]))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/;
const LOWEST: readonly string[] = ['0'];

/**
 * Reads `>=1.2 <2`, `^1.2`, `~1.2.3`, `1.x`, `1.2 - 1.4`, `!=1.3.0`, and alternatives between `||`, in the meaning that npm gave
 * them (https://github.com/npm/node-semver#ranges); a comma does for a space, as in Helm and Flux.
 */
export function parseVersionRange(text: string): VersionRange | RangeProblem {
  if (text.length > MAX_LENGTH) return { problem: `has ${text.length} characters (at most ${MAX_LENGTH})` };
  const alternatives: (readonly Comparison[])[] = [];
  for (const alternative of text.split('||')) {
    const comparisons = readAlternative(alternative.trim());
    if ('problem' in comparisons) return comparisons;
    alternatives.push(comparisons);
  }
  return { alternatives };
}

/** A pre-release counts only where the range names one of the same version, so that `>=1.2` never lets 2.0.0-rc.1 in. */
export function inRange(version: Version, { alternatives }: VersionRange): boolean {
  return alternatives.some((comparisons) => {
    const isNamed =
      version.prerelease.length === 0 || comparisons.some((own) => namesPrereleaseOf(own.version, version));
    return isNamed && comparisons.every((comparison) => holds(version, comparison));
  });
}

function namesPrereleaseOf(named: Version, version: Version): boolean {
  return named.prerelease.length > 0 && compareVersions(release(named), release(version)) === 0;
}

function release({ numbers }: Version): Version {
  return { numbers, prerelease: [] };
}

function holds(own: Version, { operator, version }: Comparison): boolean {
  const order = compareVersions(own, version);
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
  }
}

function readAlternative(text: string): readonly Comparison[] | RangeProblem {
  const [, from, to] = /^(\S+)\s+-\s+(\S+)$/.exec(text) ?? [];
  const terms =
    from === undefined || to === undefined
      ? text.replaceAll(',', ' ').match(/(?:[<>=!~^]+\s*)?[^\s<>=!~^]+|[<>=!~^]+/g)
      : [`>=${from}`, `<=${to}`];
  if (terms === null) return text === '' ? [] : { problem: `has ${JSON.stringify(text)}, which is no version` };
  const comparisons: Comparison[] = [];
  for (const term of terms) {
    const read = readTerm(term);
    if ('problem' in read) return read;
    comparisons.push(...read);
  }
  return comparisons;
}

function readTerm(term: string): readonly Comparison[] | RangeProblem {
  const [, operator = '', text = ''] = /^([<>=!~^]*)\s*(.*)$/.exec(term) ?? [];
  const partial = readPartial(text);
  const comparisons = partial && compareTo(operator, partial);
  return comparisons ?? { problem: `has ${JSON.stringify(term)}, which is no version with an operator before it` };
}

function readPartial(text: string): Partial | undefined {
  const match = PARTIAL.exec(text);
  if (match === null) return undefined;
  const parts = match.slice(1, 4).map((part) => (part === undefined || /[xX*]/.test(part) ? undefined : BigInt(part)));
  const end = parts.indexOf(undefined);
  const numbers = (end < 0 ? parts : parts.slice(0, end)).filter((part) => part !== undefined);
  return { numbers, prerelease: numbers.length === 3 ? (match[4]?.split('.') ?? []) : [] };
}

function compareTo(operator: string, partial: Partial): readonly Comparison[] | undefined {
  const { numbers } = partial;
  const isWhole = numbers.length === 3;
  switch (operator) {
    case '':
    case '=':
    case '==':
      return isWhole ? [{ operator: '=', version: partial }] : between(partial, next(numbers));
    case '!=':
      return isWhole ? [{ operator: '!=', version: partial }] : undefined;
    case '^':
      return between(
        partial,
        next(numbers.slice(0, Math.max(1, numbers.findIndex((part) => part > 0n) + 1 || numbers.length))),
      );
    case '~':
    case '~>':
      return between(partial, next(numbers.slice(0, 2)));
    case '>=':
      return [{ operator: '>=', version: partial }];
    case '<':
      return [{ operator: '<', version: isWhole ? partial : { numbers, prerelease: LOWEST } }];
    case '>':
      return isWhole ? [{ operator: '>', version: partial }] : atLeast(next(numbers));
    case '<=':
      return isWhole ? [{ operator: '<=', version: partial }] : below(next(numbers));
    default:
      return undefined;
  }
}

/** The first version that does not begin with these numbers any more; undefined for none, since all begin with nothing. */
function next(numbers: readonly bigint[]): readonly bigint[] | undefined {
  const last = numbers.at(-1);
  return last === undefined ? undefined : [...numbers.slice(0, -1), last + 1n];
}

function between(from: Partial, to: readonly bigint[] | undefined): readonly Comparison[] {
  return [...(from.numbers.length === 0 ? [] : [{ operator: '>=', version: from } as const]), ...below(to)];
}

function below(numbers: readonly bigint[] | undefined): readonly Comparison[] {
  return numbers === undefined ? [] : [{ operator: '<', version: { numbers, prerelease: LOWEST } }];
}

/** Nothing is above all versions. */
function atLeast(numbers: readonly bigint[] | undefined): readonly Comparison[] {
  const nothing = { operator: '<', version: { numbers: [0n], prerelease: LOWEST } } as const;
  return numbers === undefined ? [nothing] : [{ operator: '>=', version: { numbers, prerelease: [] } }];
}
