import { ToolError } from '../../errors.ts';
import type { ForgeAccess, RepositoryAddress } from '../forge-client.ts';
import { parseRepositoryUrl, type RepositoryUrl } from '../repository-url.ts';

/** The other side: what Git is told, what people are told, and the header that only network processes get. */
export interface Remote {
  readonly protocol: RepositoryUrl['protocol'];
  /** Without any credentials. */
  readonly clean: string;
  readonly header?: { readonly origin: string; readonly value: string };
  /** PEM file in place of the system's roots: what GitLab's runner and Git's own variable name. */
  readonly caFile?: string;
  /** PEM, trusted beside the file or the system's roots. */
  readonly ca?: string;
}

/**
 * @throws ToolError input where the address is refused. Passwords in the address and the token are given to the redactor.
 */
export function remoteOf(address: RepositoryAddress, access: ForgeAccess): Remote {
  if (address.kind === 'path') return { protocol: 'file', clean: address.path };
  const parsed = parseRepositoryUrl(address.url);
  if (parsed.kind !== 'url') {
    const problem = parsed.kind === 'refused' ? parsed.problem : 'it is no URL';
    throw new ToolError('input', `The address of the config repository is refused: ${problem}.`, {
      hint: 'Write https://host/owner/name.git, git@host:owner/name.git, or a path.',
    });
  }
  return httpRemote(parsed.url, access);
}

function httpRemote(url: RepositoryUrl, access: ForgeAccess): Remote {
  const { protocol, clean } = url;
  if (protocol === 'ssh' || protocol === 'file') return { protocol, clean };
  const origin = `${protocol}://${url.host}${url.port === undefined ? '' : `:${url.port}`}`;
  const trust = { ...certificateFile(origin, access.host.env), ...(access.ca ? { ca: access.ca } : {}) };
  const credentials = credentialsFor(url, access);
  if (credentials === undefined) return { protocol, clean, ...trust };
  const encoded = Buffer.from(credentials).toString('base64');
  access.host.log.secret(encoded);
  return { protocol, clean, header: { origin, value: `Authorization: Basic ${encoded}` }, ...trust };
}

/**
 * What stands in the address wins over the token, since it was written for exactly this host; but for the job token that
 * GitLab's runner writes into every checkout, which can push at most to its own project.
 */
function credentialsFor(url: RepositoryUrl, { host, token: given }: ForgeAccess): string | undefined {
  const token = given === '' ? undefined : given;
  const fromRunner = url.user === 'gitlab-ci-token';
  if (url.password !== undefined && url.password !== '' && !(fromRunner && token !== undefined)) {
    host.log.secret(url.password);
    return `${url.user ?? ''}:${url.password}`;
  }
  if (token === undefined) return undefined;
  host.log.secret(token);
  return `${token === host.env.CI_JOB_TOKEN ? 'gitlab-ci-token' : 'x-access-token'}:${token}`;
}

function certificateFile(origin: string, env: Readonly<Record<string, string | undefined>>): { caFile?: string } {
  const file = env.GIT_SSL_CAINFO || (sameOrigin(env.CI_SERVER_URL, origin) ? env.CI_SERVER_TLS_CA_FILE : '');
  return file === undefined || file === '' ? {} : { caFile: file };
}

function sameOrigin(url: string | undefined, origin: string): boolean {
  return url !== undefined && (url === origin || url.startsWith(`${origin}/`));
}
