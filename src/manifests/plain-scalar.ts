/**
 * Plain (unquoted) scalars as Kubernetes reads them, which is neither YAML 1.1 nor 1.2:
 * - `cluster`: kubectl, Argo CD and Helm, which use sigs.k8s.io/yaml on a fork of go-yaml 2: `yes` is true;
 * - `kustomize`: kustomize and so Flux, on a fork of go-yaml 3: `yes` is a string.
 * In both `0777` is 511, `1_000` is 1000 and a date is a string.
 * See https://github.com/kubernetes-sigs/yaml/blob/master/goyaml.v2/resolve.go and goyaml.v3 beside it.
 */
export type YamlMode = 'cluster' | 'kustomize';

/** Integers that a number cannot hold exactly come as bigint. */
export type PlainValue = string | number | bigint | boolean | null;

const NULLS: ReadonlySet<string> = new Set(['', '~', 'null', 'Null', 'NULL']);
const TRUE_CORE: ReadonlySet<string> = new Set(['true', 'True', 'TRUE']);
const FALSE_CORE: ReadonlySet<string> = new Set(['false', 'False', 'FALSE']);
const TRUE_1_1: ReadonlySet<string> = new Set(['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON']);
const FALSE_1_1: ReadonlySet<string> = new Set(['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF']);

const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;
const SPECIAL_FLOATS: Readonly<Record<string, number>> = {
  '.inf': Number.POSITIVE_INFINITY,
  '.nan': Number.NaN,
};
const MIN_INT64 = -(2n ** 63n);
const MAX_UINT64 = 2n ** 64n - 1n;

/** The longest of the words above is `false`. */
const LONGEST_WORD = 5;

export function readPlainScalar(text: string, mode: YamlMode): PlainValue {
  if (text.length > LONGEST_WORD) return startsLikeNumber(text) ? readNumber(text) : text;
  if (NULLS.has(text)) return null;
  if (TRUE_CORE.has(text)) return true;
  if (FALSE_CORE.has(text)) return false;
  if (mode === 'cluster' && TRUE_1_1.has(text)) return true;
  if (mode === 'cluster' && FALSE_1_1.has(text)) return false;
  return startsLikeNumber(text) ? readNumber(text) : text;
}

/** Literals that the two modes read differently: YAML 1.1 booleans and dates without a time. */
export function isAmbiguousScalar(text: string): boolean {
  if (text.length <= 3) return TRUE_1_1.has(text) || FALSE_1_1.has(text);
  return startsLikeNumber(text) && /^\d{4}-\d{1,2}-\d{1,2}(\s+\d{1,2}:\d{1,2}:\d{1,2}(\.\d+)?)?$/.test(text);
}

function startsLikeNumber(text: string): boolean {
  const first = text.charCodeAt(0);
  return (first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d || first === 0x2e;
}

function readNumber(text: string): PlainValue {
  const plain = text.includes('_') ? text.replaceAll('_', '') : text;
  const integer = INTEGER.exec(plain);
  if (integer !== null) return readInteger(integer) ?? readFloat(plain) ?? text;
  return readFloat(plain) ?? readSpecialFloat(text) ?? text;
}

function readInteger(match: RegExpExecArray): number | bigint | undefined {
  const [, sign, hexadecimal, binary, octal, decimal] = match;
  const digits =
    hexadecimal !== undefined
      ? `0x${hexadecimal}`
      : binary !== undefined
        ? `0b${binary}`
        : octal !== undefined
          ? `0o${octal}`
          : (decimal ?? '0');
  const small = Number(digits);
  if (Number.isSafeInteger(small)) return sign === '-' && small !== 0 ? -small : small;
  const value = sign === '-' ? -BigInt(digits) : BigInt(digits);
  return value >= MIN_INT64 && value <= MAX_UINT64 ? value : undefined;
}

/** A number too large for a float stays the text it is, as Go's parser refuses it. */
function readFloat(plain: string): number | undefined {
  if (!FLOAT.test(plain)) return undefined;
  const value = Number(plain);
  return Number.isFinite(value) ? value : undefined;
}

function readSpecialFloat(text: string): number | undefined {
  const unsigned = text.replace(/^[-+]/, '');
  const cased =
    unsigned === unsigned.toUpperCase() || /^\.(Inf|NaN)$/.test(unsigned) ? unsigned.toLowerCase() : unsigned;
  const value = Object.hasOwn(SPECIAL_FLOATS, cased) ? SPECIAL_FLOATS[cased] : undefined;
  return value === undefined ? undefined : text.startsWith('-') ? -value : value;
}
