import { isObject } from '../scalars.ts';
import type { ManifestObject, ObjectRule, Problem } from './rule.ts';

/** Without it SOPS refuses to decrypt: it could not tell that nobody changed the file (https://getsops.io/docs/#message-authentication-code). */
export const sopsMac: ObjectRule = {
  id: 'secret/sops-mac',
  title: 'A file of SOPS without its message authentication code',
  severity: 'error',
  check: checkMac,
};

function checkMac(object: ManifestObject): readonly Problem[] {
  const sops = object.encrypted ? object.value.sops : undefined;
  if (!isObject(sops) || (typeof sops.mac === 'string' && sops.mac !== '')) return [];
  const message = 'The sops block has no mac, without which SOPS refuses to decrypt the file.';
  const path = [...object.path, 'sops'];
  return [{ rule: sopsMac, path, at: 'key', message, hint: 'Encrypt the file again; never edit the sops block.' }];
}
