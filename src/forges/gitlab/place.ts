import { ToolError } from '../../errors.ts';
import type { RepositoryAddress } from '../forge-client.ts';
import { parseRepositoryUrl, type RepositoryUrl } from '../repository-url.ts';

/** One project on one server. */
export interface Place {
  /** `https://gitlab.example.com`, with the path where GitLab is below one. */
  readonly web: string;
  /** `group/sub-group/name` */
  readonly project: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** True for gitlab.com, and for the server of the GitLab job that this runs in. */
export function isOnGitlab(address: RepositoryAddress, env: Environment): boolean {
  const host = urlOf(address)?.host;
  if (host === undefined || host === '') return false;
  if (webHost(host) === 'gitlab.com') return true;
  return env.GITLAB_CI === 'true' && (host === env.CI_SERVER_HOST || host === hostOf(env.CI_SERVER_URL));
}

/**
 * @param forgeUrl `https://gitlab.example.com/below`, with or without `/api/v4`. Not given: the server of the job that this
 *   runs in where it has the same host, else the host of the address
 * @throws ToolError input when the address is none of a server's projects
 */
export function placeOf(address: RepositoryAddress, env: Environment, forgeUrl?: string): Place {
  const url = urlOf(address);
  if (url === undefined || url.protocol === 'file') throw noProject();
  const own = env.GITLAB_CI === 'true' && url.host === hostOf(env.CI_SERVER_URL) ? env.CI_SERVER_URL : undefined;
  const web = (forgeUrl ?? own ?? webOf(url)).replace(/\/+$/, '').replace(/\/api\/v4$/, '');
  const parts = partsOf(url.path.replace(/\.git\/?$/, ''));
  const above = partsOf(new URL(web).pathname);
  // An ssh address has no such path in front.
  const isBelow = url.protocol !== 'ssh' && above.every((part, index) => parts[index] === part);
  const path = isBelow ? parts.slice(above.length) : parts;
  if (path.length < 2) throw noProject();
  return { web, project: path.join('/') };
}

function noProject(): ToolError {
  return new ToolError('input', 'forge: gitlab needs the address of a project on a server', {
    hint: 'For example https://gitlab.com/acme/platform/config.git.',
  });
}

function partsOf(path: string): readonly string[] {
  return path.split('/').filter((part) => part !== '');
}

function urlOf(address: RepositoryAddress): RepositoryUrl | undefined {
  const parsed = address.kind === 'url' ? parseRepositoryUrl(address.url) : undefined;
  return parsed?.kind === 'url' ? parsed.url : undefined;
}

export function isOverSsh(address: RepositoryAddress): boolean {
  return urlOf(address)?.protocol === 'ssh';
}

function hostOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).hostname : undefined;
}

function webOf({ protocol, host, port }: RepositoryUrl): string {
  if (protocol === 'ssh') return `https://${webHost(host)}`;
  return `${protocol}://${host}${port === undefined ? '' : `:${port}`}`;
}

/** Ssh on port 443 has a host name of its own (https://docs.gitlab.com/user/gitlab_com/#alternative-ssh-port). */
function webHost(host: string): string {
  return host.replace(/^(altssh|www)\.gitlab\.com$/, 'gitlab.com');
}

/**
 * A password in the address was written for exactly this project; it is what Git uses, too. The one that GitLab's runner
 * writes into every checkout is the token of the job, and gives way to a token that is given.
 */
export function tokenOf(address: RepositoryAddress, given: string | undefined): string | undefined {
  const { user, password } = urlOf(address) ?? {};
  const token = given === '' ? undefined : given;
  return user === 'gitlab-ci-token' ? (token ?? password) : password || token;
}

/** True where the token that `tokenOf` gives is the one that the runner wrote into the address. */
export function isRunnerPassword(address: RepositoryAddress, token: string | undefined): boolean {
  const { user, password } = urlOf(address) ?? {};
  return user === 'gitlab-ci-token' && password === token;
}
