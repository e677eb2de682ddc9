import { compareNumbers } from '../equality.ts';
import { failed, type Semver } from '../value.ts';
import { type Overload, on } from './define.ts';

const SEMVER = 'kubernetes.Semver';
const FORM = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/;

/** https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-semver-library */
export const SEMVERS: readonly Overload[] = [
  on(
    'semver',
    ['string'],
    (text) => parse(text) ?? failed(`${JSON.stringify(text.slice(0, 60))} is no semantic version`),
  ),
  on(
    'semver',
    ['string', 'bool'],
    (text, loose) => parse(text, loose) ?? failed(`${JSON.stringify(text.slice(0, 60))} is no semantic version`),
  ),
  on('isSemver', ['string'], (text) => parse(text) !== undefined),
  on('isSemver', ['string', 'bool'], (text, loose) => parse(text, loose) !== undefined),
  on('.major', [SEMVER], ({ numbers }) => numbers[0]),
  on('.minor', [SEMVER], ({ numbers }) => numbers[1]),
  on('.patch', [SEMVER], ({ numbers }) => numbers[2]),
  on('.compareTo', [SEMVER, SEMVER], (a, b) => BigInt(compare(a, b))),
  on('.isLessThan', [SEMVER, SEMVER], (a, b) => compare(a, b) < 0),
  on('.isGreaterThan', [SEMVER, SEMVER], (a, b) => compare(a, b) > 0),
];

function parse(text: string, loose = false): Semver | undefined {
  const match = text.length > 300 ? null : FORM.exec(loose ? normalised(text) : text);
  if (match === null) return undefined;
  const [major, minor, patch] = match.slice(1, 4).map((part) => BigInt(part ?? 0)) as [bigint, bigint, bigint];
  const labels = match[4]?.split('.') ?? [];
  if (labels.some((label) => /^0\d+$/.test(label))) return undefined;
  return { type: SEMVER, numbers: [major, minor, patch], labels };
}

/** `v1.2` as `1.2.0`; zeros before a number go. */
function normalised(text: string): string {
  const [, core = '', rest = ''] = /^v?([\d.]*)(.*)$/s.exec(text.trim()) ?? [];
  const parts = core.split('.').map((part) => part.replace(/^0+(?=\d)/, ''));
  while (parts.length < 3) parts.push('0');
  return `${parts.join('.')}${rest}`;
}

/** https://semver.org/#spec-item-11 */
function compare(a: Semver, b: Semver): number {
  const difference = a.numbers
    .map((part, index) => compareNumbers(part, b.numbers[index] ?? 0n))
    .find((order) => order !== 0);
  if (difference !== undefined) return difference;
  if (a.labels.length === 0 || b.labels.length === 0) return Math.sign(b.labels.length - a.labels.length);
  const orders = a.labels.map((label, index) => compareLabels(label, b.labels[index]));
  return orders.find((order) => order !== 0) ?? Math.sign(a.labels.length - b.labels.length);
}

function compareLabels(a: string, b: string | undefined): number {
  if (b === undefined) return 1;
  const [isNumberA, isNumberB] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (isNumberA && isNumberB) return compareNumbers(BigInt(a), BigInt(b));
  if (isNumberA !== isNumberB) return isNumberA ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
