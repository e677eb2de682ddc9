import { nearest } from './nearest.ts';

/** True for `Secret`, and for what was meant to be one: in another case, in the plural, or up to two letters off. */
export function isSecretKind(kind: unknown): boolean {
  return typeof kind === 'string' && nearest(kind, ['Secret'], 2) !== undefined;
}

const KIND = /kind\\*["']?\s*:\s*(?:[&!]\S+\s+)*\\*["']?([A-Za-z]+)/g;
const HOLDERS = /string_?data\\*["']?\s*:|secretGenerator\\*["']?\s*:|\/stringData\b/i;
/** A field of the whole document, in YAML or in JSON. */
const DATA = /^(?:["']?data|\s{1,4}"data"|\{.*\bdata)["']?\s*:/m;
const OWN_KIND = /^(?:["']?kind|\s{1,4}"kind"|\{.*\bkind)["']?\s*:/m;

/**
 * True for a text in which values of Secrets may stand: one that names a Secret, or with `data` of no kind at all. It need be
 * no readable YAML.
 */
export function mayHoldSecrets(text: string): boolean {
  return namesSecret(text) || text.split(/^---/m).some((document) => DATA.test(document) && !OWN_KIND.test(document));
}

/** True for a text with what is, or was meant to be, a Secret or of a kind named after it, `stringData` or `secretGenerator`. */
export function namesSecret(text: string): boolean {
  if (HOLDERS.test(text)) return true;
  for (const [, kind = ''] of text.matchAll(KIND)) if (kind.includes('Secret') || isSecretKind(kind)) return true;
  return false;
}

const SECRET_NAME = /passw|passphrase|pwd|secret|token|credential|api[-_]?key|private[-_]?key|access[-_]?key|ENC\[/i;

/** True for a text with a name that secrets have: the name of a field, or a line of a file. */
export function hasSecretName(text: string): boolean {
  return SECRET_NAME.test(text);
}

/** A name of `data` as the server takes it; what is no such name may be a value that stands in the wrong place. */
export function isDataKey(key: string): boolean {
  return key.length <= 253 && /^[-._a-zA-Z0-9]+$/.test(key);
}
