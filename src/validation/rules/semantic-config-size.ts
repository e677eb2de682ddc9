import { objectRule } from '../kubernetes/define-rule.ts';
import { entriesIn } from '../kubernetes/reading.ts';

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
    const plain = textsOf(value, isSecret ? 'stringData' : 'data');
    const encoded = textsOf(value, isSecret ? 'data' : 'binaryData');
    if (sumOf([...plain, ...encoded], (text) => text.length * 3) <= MOST_BYTES) return;
    const bytes = sumOf(plain, (text) => new TextEncoder().encode(text).length) + sumOf(encoded, decodedLength);
    if (bytes > MOST_BYTES)
      report(path, `has ${bytes} bytes of data, and at most ${MOST_BYTES} are allowed`, { at: 'key' });
  },
});

function textsOf(value: Readonly<Record<string, unknown>>, field: string): readonly string[] {
  return entriesIn(value, field).flatMap(([, text]) => (typeof text === 'string' ? [text] : []));
}

function sumOf(texts: readonly string[], size: (text: string) => number): number {
  return texts.reduce((sum, text) => sum + size(text), 0);
}

/** Bytes behind a base64 text. */
function decodedLength(text: string): number {
  const plain = text.replace(/[\r\n=]/g, '');
  return Math.floor((plain.length * 3) / 4);
}
