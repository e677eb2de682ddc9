import { objectRule } from '../kubernetes/define-rule.ts';
import { type Json, objectIn } from '../kubernetes/reading.ts';

/** https://kubernetes.io/docs/concepts/configuration/configmap/ */
const MOST_BYTES = 1 << 20;

export const configTooLarge = objectRule({
  id: 'semantic/config-size',
  title: 'A ConfigMap or Secret of more than 1 MiB',
  severity: 'error',
  kinds: ['/ConfigMap', '/Secret'],
  check({ value, path, resource, encrypted }, report) {
    if (encrypted) return;
    const isSecret = resource.kind === 'Secret';
    const plain = objectIn(value, isSecret ? 'stringData' : 'data');
    const encoded = objectIn(value, isSecret ? 'data' : 'binaryData');
    if (3 * (sumOf(plain, lengthOf) + sumOf(encoded, lengthOf)) <= MOST_BYTES) return;
    const bytes = sumOf(plain, encodedLength) + sumOf(encoded, decodedLength);
    if (bytes > MOST_BYTES)
      report(path, `has ${bytes} bytes of data, and at most ${MOST_BYTES} are allowed`, { at: 'key' });
  },
});

function sumOf(texts: Json | undefined, size: (text: string) => number): number {
  let sum = 0;
  for (const key in texts) {
    const text = texts[key];
    if (typeof text === 'string') sum += size(text);
  }
  return sum;
}

function lengthOf(text: string): number {
  return text.length;
}

function encodedLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Bytes behind a base64 text. */
function decodedLength(text: string): number {
  const plain = text.replace(/[\r\n=]/g, '');
  return Math.floor((plain.length * 3) / 4);
}
