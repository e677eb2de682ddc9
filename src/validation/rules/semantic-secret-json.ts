import { objectRule } from '../kubernetes/define-rule.ts';
import { objectIn, settledText, textIn } from '../kubernetes/reading.ts';
import { isObject } from '../scalars.ts';

const KEYS: Readonly<Record<string, string>> = {
  'kubernetes.io/dockercfg': '.dockercfg',
  'kubernetes.io/dockerconfigjson': '.dockerconfigjson',
};

export const secretJson = objectRule({
  id: 'semantic/secret-json',
  title: 'Credentials of a registry that are no JSON',
  severity: 'error',
  kinds: ['/Secret'],
  check({ value, path, encrypted }, report) {
    const type = textIn(value, 'type') ?? '';
    const key = Object.hasOwn(KEYS, type) ? KEYS[type] : undefined;
    if (key === undefined || encrypted) return;
    const plain = settledText(objectIn(value, 'stringData')?.[key]);
    const encoded = settledText(objectIn(value, 'data')?.[key]);
    const field = plain !== undefined ? 'stringData' : 'data';
    const text = plain ?? (encoded === undefined ? undefined : decoded(encoded));
    if (text !== undefined && !isJsonObject(text)) report([...path, field, key], 'must be a JSON object');
  },
});

/** Undefined for what is no base64, which another rule tells. */
function decoded(text: string): string | undefined {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
  } catch {
    return undefined;
  }
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) || value === null;
  } catch {
    return false;
  }
}
