import { ToolError } from '../../errors.ts';
import type { RepositoryAddress } from '../forge-client.ts';
import { parseRepositoryUrl, type RepositoryUrl } from '../repository-url.ts';
import { isActionsJob } from './job-token.ts';

/** One repository: where its API is, and where its pages are. */
export interface Place {
  /** `https://api.github.com`, or `https://HOST/api/v3` of an Enterprise Server. */
  readonly api: string;
  /** `https://github.com` */
  readonly web: string;
  readonly owner: string;
  readonly name: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** True for github.com and the tenants of ghe.com, and for the server of the GitHub Actions job that this runs in. */
export function isOnGithub(address: RepositoryAddress, env: Environment): boolean {
  const host = urlOf(address)?.host;
  if (host === undefined || host === '') return false;
  if (webHost(host) === 'github.com' || host.endsWith('.ghe.com')) return true;
  return isActionsJob(env) && host === hostOf(env.GITHUB_SERVER_URL);
}

/**
 * @param forgeUrl `https://github.example.com`, with or without `/api/v3`
 * @throws ToolError input when the address is none of a server's repositories
 */
export function placeOf(address: RepositoryAddress, forgeUrl?: string): Place {
  const url = urlOf(address);
  const parts = (url?.path ?? '')
    .replace(/\.git\/?$/, '')
    .split('/')
    .filter((part) => part !== '');
  const [owner, name] = parts;
  if (url === undefined || url.protocol === 'file' || owner === undefined || name === undefined || parts.length > 2) {
    throw new ToolError('input', 'forge: github needs the address of a repository on a server', {
      hint: 'For example https://github.com/acme/config.git.',
    });
  }
  const web = (forgeUrl ?? webOf(url)).replace(/\/+$/, '').replace(/\/api(\/v3|\/graphql)?$/, '');
  return { api: apiOf(web), web, owner, name };
}

function urlOf(address: RepositoryAddress): RepositoryUrl | undefined {
  const parsed = address.kind === 'url' ? parseRepositoryUrl(address.url) : undefined;
  return parsed?.kind === 'url' ? parsed.url : undefined;
}

function hostOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).hostname : undefined;
}

function webOf({ protocol, host, port }: RepositoryUrl): string {
  if (protocol === 'ssh') return `https://${webHost(host)}`;
  return `${protocol}://${host}${port === undefined ? '' : `:${port}`}`;
}

/** Ssh on port 443 has a host name of its own (https://docs.github.com/en/authentication/troubleshooting-ssh/using-ssh-over-the-https-port). */
function webHost(host: string): string {
  return host.replace(/^(ssh|www)\.github\.com$/, 'github.com');
}

/** https://docs.github.com/en/enterprise-server/rest/using-the-rest-api/getting-started-with-the-rest-api */
function apiOf(web: string): string {
  const host = hostOf(web);
  if (host === 'github.com') return 'https://api.github.com';
  return host?.endsWith('.ghe.com') === true ? `https://api.${host}` : `${web}/api/v3`;
}

/** A password in the address was written for exactly this repository; it is what Git uses, too. */
export function tokenInAddress(address: RepositoryAddress): string | undefined {
  return urlOf(address)?.password || undefined;
}
