import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const HAS_OPENSSL = spawnSync('openssl', ['version']).status === 0;

export interface Pair {
  readonly certificate: string;
  readonly key: string;
}

/** An authority of its own in that folder, and what it vouches for. */
export function authority(folder: string) {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', '-days', '2', ...fresh, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=test-authority');
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  /** `extension` as in `subjectAltName=DNS:inner.example.com`. */
  const vouch = (name: string, extension: string): Pair => {
    openssl('req', '-new', ...fresh, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/O=testers/CN=${name}`);
    writeFileSync(join(folder, `${name}.ext`), `${extension}\n`);
    const by = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', `${name}.ext`];
    openssl('x509', '-req', '-in', `${name}.csr`, ...by, '-out', `${name}.crt`);
    return { certificate: read(`${name}.crt`), key: read(`${name}.key`) };
  };
  return { ca: read('ca.crt'), vouch };
}
