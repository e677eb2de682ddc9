/** A semantic version without its build. Missing numbers are zero. */
export interface Version {
  readonly numbers: readonly bigint[];
  readonly prerelease: readonly string[];
}

/** Longest tag that is read as a version; the grammar of tags ends there anyway. */
const MAX_LENGTH = 128;
const VERSION = /^v?(\d+(?:\.\d+){0,2})(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:[+_]([0-9A-Za-z.-]+))?$/;

/**
 * Negative when `a` is the older version, positive when the newer one, 0 when they are equally new; undefined when the two
 * have no order, such as `latest`, a branch name or a commit id. Reads semantic versions (https://semver.org), with a
 * leading `v`, with two parts (`1.10`), and with `_` for the `+` that a tag cannot hold.
 */
export function compareTags(a: string, b: string): number | undefined {
  const left = parseVersion(a);
  const right = parseVersion(b);
  return left === undefined || right === undefined ? undefined : compareVersions(left, right);
}

/** https://semver.org/#spec-item-11 */
export function compareVersions(a: Version, b: Version): number {
  return compareNumbers(a.numbers, b.numbers) || comparePrereleases(a.prerelease, b.prerelease);
}

/** The version that a tag is; undefined for other tags. */
export function parseVersion(tag: string): Version | undefined {
  if (tag.length > MAX_LENGTH) return undefined;
  const match = VERSION.exec(tag);
  const parts = match?.[1]?.split('.');
  // A lone number is as often a build number, a date or a commit id as a version.
  if (parts === undefined || parts.length < 2 || parts.some((part) => /^0\d/.test(part))) return undefined;
  const prerelease = match?.[2]?.split('.') ?? [];
  if (prerelease.some((part) => /^0\d+$/.test(part))) return undefined;
  return { numbers: parts.map(BigInt), prerelease };
}

function compareNumbers(a: readonly bigint[], b: readonly bigint[]): number {
  for (let index = 0; index < 3; index++) {
    const order = compare(a[index] ?? 0n, b[index] ?? 0n);
    if (order !== 0) return order;
  }
  return 0;
}

/** None at all is newer than any; numbers come before words. */
function comparePrereleases(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return compare(b.length, a.length);
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const order = compareIdentifiers(a[index] ?? '', b[index] ?? '');
    if (order !== 0) return order;
  }
  return compare(a.length, b.length);
}

function compareIdentifiers(a: string, b: string): number {
  const aIsNumber = /^\d+$/.test(a);
  const bIsNumber = /^\d+$/.test(b);
  if (aIsNumber && bIsNumber) return compare(BigInt(a), BigInt(b));
  if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1;
  return compare(a, b);
}

function compare<T extends string | number | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
