import { isObject } from './scalars.ts';

/**
 * True for ciphertext, and for a value that the rules of the file leave as it is
 * (https://getsops.io/docs/#encrypting-only-parts-of-a-file). Where these cannot be followed, the value passes.
 */
export function isEncryptedValue(sops: unknown, path: readonly string[], value: unknown): boolean {
  if (typeof value === 'string' && /^ENC\[.*\]$/s.test(value)) return true;
  if (!isObject(sops)) return true;
  const { encrypted_regex: wanted, unencrypted_regex: unwanted, unencrypted_suffix: suffix, ...others } = sops;
  if (RULES_OF_OTHER_KINDS.some((name) => isSetting(others[name]))) return true;
  if (isSetting(wanted)) return !matches(wanted, path, false);
  if (isSetting(unwanted)) return matches(unwanted, path, true);
  const ending = isSetting(suffix) ? suffix : '_unencrypted';
  return path.some((key) => key.endsWith(ending));
}

const RULES_OF_OTHER_KINDS = ['encrypted_suffix', 'encrypted_comment_regex', 'unencrypted_comment_regex'];

function isSetting(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** @param otherwise for an expression that only Go understands */
function matches(expression: string, path: readonly string[], otherwise: boolean): boolean {
  try {
    const pattern = new RegExp(expression);
    return path.some((key) => pattern.test(key));
  } catch {
    return otherwise;
  }
}
