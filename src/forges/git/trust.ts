import type { Host } from '../../host.ts';
import type { Remote } from './remote.ts';

/** Where Debian, Fedora, SUSE, and Alpine with the BSDs keep the roots in one file (https://go.dev/src/crypto/x509/root_linux.go). */
const SYSTEM_ROOTS: readonly string[] = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/**
 * The remote with a file that holds its certificate authority. Git takes one file, and that file replaces the roots of the
 * system (https://git-scm.com/docs/git-config#Documentation/git-config.txt-httpsslCAInfo), so they are written into it too.
 * @param temporary makes the folder for it; whoever made it removes it
 */
export async function trusting(host: Host, remote: Remote, temporary: () => Promise<string>): Promise<Remote> {
  const { ca, caFile } = remote;
  if (ca === undefined || remote.protocol !== 'https') return remote;
  const roots = await firstOf(host, caFile === undefined ? rootFiles(host) : [caFile]);
  const path = `${await temporary()}/certificates.pem`;
  await host.files.write(path, `${roots.trimEnd()}\n${ca.trim()}\n`.trimStart());
  return { ...remote, caFile: path };
}

function rootFiles({ env }: Host): readonly string[] {
  const own = env.SSL_CERT_FILE;
  return own === undefined || own === '' ? SYSTEM_ROOTS : [own];
}

/** The text of the first of these files that is there. */
async function firstOf({ files }: Host, paths: readonly string[]): Promise<string> {
  for (const path of paths) {
    const bytes = await files.read(path);
    if (bytes !== undefined) return new TextDecoder().decode(bytes);
  }
  return '';
}
