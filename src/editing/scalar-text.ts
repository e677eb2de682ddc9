import { isScalar, parseDocument, type Scalar } from 'yaml';

/** How a new value has to be written at one place. */
export interface ScalarStyle {
  readonly type: Scalar['type'] | undefined;
  /** The scalar has the tag `!!str`: whatever stands there is a string. */
  readonly taggedString: boolean;
  readonly json: boolean;
}

const STRING_TAG = 'tag:yaml.org,2002:str';
const UNDERSTOOD_EVERYWHERE = /^[A-Za-z0-9_./](?:[\w./@+?&=%~-]|:(?=[\w./@+-]))*$/;

export function styleOf(scalar: Scalar, json: boolean): ScalarStyle {
  return { type: scalar.type, taggedString: scalar.tag === STRING_TAG, json };
}

/**
 * `value` as YAML source, in the quotes that the place has. A plain value stays plain only where YAML 1.1 and YAML 1.2 both
 * read it as this very string; otherwise it gets double quotes. Undefined where the style cannot hold the value.
 */
export function printScalar(value: string, style: ScalarStyle): string | undefined {
  if (style.json || style.type === 'QUOTE_DOUBLE') return printDoubleQuoted(value);
  const oneLine = !/[^\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/.test(value);
  if (style.type === 'QUOTE_SINGLE') return oneLine ? `'${value.replaceAll("'", "''")}'` : printDoubleQuoted(value);
  if (style.type === 'BLOCK_FOLDED' || style.type === 'BLOCK_LITERAL') {
    return UNDERSTOOD_EVERYWHERE.test(value) ? value : undefined;
  }
  const plain = UNDERSTOOD_EVERYWHERE.test(value) && (style.taggedString || isStringEverywhere(value));
  return plain ? value : printDoubleQuoted(value);
}

/**
 * True when no reader of YAML takes the plain `text` for a number, a date, a boolean or null. Readers in Go follow 1.1 with
 * liberties: underscores are dropped before a number is tried (https://github.com/go-yaml/yaml/blob/v2/resolve.go).
 */
export function isStringEverywhere(text: string): boolean {
  return [text, text.replaceAll('_', '')].every(
    (form) => typeof readPlain(form, '1.1') === 'string' && typeof readPlain(form, '1.2') === 'string',
  );
}

/**
 * The number or boolean that the plain `text` is, where `scalar` is one of the same type: `replicas: 2` takes a `5`, which the
 * server would refuse as a string. Undefined where the text is not exactly what its value is printed as: `1.10` is a version.
 */
export function typedLike(scalar: Scalar, text: string): number | boolean | undefined {
  const source = scalar.type === 'PLAIN' && scalar.tag === undefined ? (scalar.source ?? '') : '';
  const value = text === 'true' || text === 'false' ? text === 'true' : Number(text);
  const isPlain = typeof value === 'boolean' || (/^-?\d+(\.\d+)?$/.test(text) && String(value) === text);
  const isLike = (['1.1', '1.2'] as const).every((version) => typeof readPlain(source, version) === typeof value);
  return isPlain && isLike ? value : undefined;
}

/** What the cluster reads here, as text: YAML 1.1, as in `sigs.k8s.io/yaml`. Empty and null are the empty string. */
export function readScalar(scalar: Scalar): string {
  if (scalar.type !== 'PLAIN' || scalar.tag !== undefined) return scalar.value === null ? '' : String(scalar.value);
  const source = scalar.source ?? '';
  const value = readPlain(source, '1.1');
  if (value === null) return '';
  const exact = typeof value === 'boolean' || (typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER);
  return exact ? String(value) : source;
}

function readPlain(source: string, version: '1.1' | '1.2'): unknown {
  // Whatever begins otherwise is a string in both versions; that is nearly every value.
  if (source === '') return null;
  if (!/^[-+.0-9~<=eE]|^(?:y|n|yes|no|on|off|true|false|null)$/i.test(source)) return source;
  const contents = parseDocument(source, { version, prettyErrors: false, logLevel: 'silent' }).contents;
  return contents === null ? null : isScalar(contents) ? contents.value : source;
}

function printDoubleQuoted(value: string): string {
  return JSON.stringify(value).replace(/[\x7f-\x9f\u2028\u2029\ufeff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
