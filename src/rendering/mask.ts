import { createHmac } from 'node:crypto';
import { replaceSecrets } from './secret-values.ts';
import type { Json } from './yaml-values.ts';

/**
 * The object with the values of Secrets in it replaced by short marks: equal values have equal marks as long as `salt` is the
 * same, and a mark tells nothing of its value to somebody who does not know the salt.
 */
export function maskSecrets(value: Json, salt: string): Json {
  return replaceSecrets(value, (secret) => {
    const plain =
      typeof secret === 'string'
        ? secret
        : JSON.stringify(secret, (_, inner) => (typeof inner === 'bigint' ? String(inner) : inner));
    return `(masked ${createHmac('sha256', salt).update(String(plain)).digest('hex').slice(0, 12)})`;
  });
}
