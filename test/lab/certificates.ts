import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Place, run } from './place.ts';

/** Names that the server certificate of the lab is good for. */
const NAMES = 'subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:kubernetes.default.svc,DNS:argocd-server';

/** A certificate authority of this lab alone, a server and an administrator; made once. Returns the folder. */
export async function certificates({ state }: Place): Promise<string> {
  const folder = join(state, 'pki');
  if (existsSync(join(folder, 'complete'))) return folder;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await key(folder, 'ca');
  await openssl(folder, [
    'req',
    '-x509',
    '-new',
    '-key',
    'ca.key',
    '-subj',
    '/CN=drawbridge-lab',
    '-days',
    '365',
    '-out',
    'ca.crt',
  ]);
  await signed(folder, 'server', '/CN=drawbridge-lab-server', NAMES);
  await signed(folder, 'admin', '/O=system:masters/CN=lab-admin', 'extendedKeyUsage=clientAuth');
  await openssl(folder, ['genrsa', '-out', 'accounts.key', '2048']);
  await openssl(folder, ['rsa', '-in', 'accounts.key', '-pubout', '-out', 'accounts.pub']);
  writeFileSync(join(folder, 'complete'), '');
  return folder;
}

const openssl = (cwd: string, args: readonly string[]) => run('openssl', args, { cwd });
const key = (folder: string, name: string) =>
  openssl(folder, ['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`]);

async function signed(folder: string, name: string, subject: string, extension: string): Promise<void> {
  await key(folder, name);
  writeFileSync(join(folder, `${name}.ext`), `${extension}\n`);
  await openssl(folder, ['req', '-new', '-key', `${name}.key`, '-subj', subject, '-out', `${name}.csr`]);
  const by = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '365', '-extfile', `${name}.ext`];
  await openssl(folder, ['x509', '-req', '-in', `${name}.csr`, ...by, '-out', `${name}.crt`]);
}

/** A kubeconfig for the administrator of the lab, complete in itself. */
export function kubeconfigText(folder: string, server: string, namespace: string): string {
  const data = (name: string) => readFileSync(join(folder, name)).toString('base64');
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'lab',
    contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'lab', namespace } }],
    clusters: [{ name: 'lab', cluster: { server, 'certificate-authority-data': data('ca.crt') } }],
    users: [
      { name: 'lab', user: { 'client-certificate-data': data('admin.crt'), 'client-key-data': data('admin.key') } },
    ],
  });
}
