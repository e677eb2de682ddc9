import { resolve } from 'node:path';
import { ToolError } from '../errors.ts';
import type { Host } from '../host.ts';
import type { RepositoryAddress } from './forge-client.ts';
import { checkoutRemote, enclosingPlace, type GitPlace, gitPlace } from './git/checkout.ts';
import { parseRepositoryUrl } from './repository-url.ts';

const OWNER_AND_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]*(\/[A-Za-z0-9_][A-Za-z0-9_.-]*)+$/;
const HOW = 'Write a path, https://host/owner/name.git, git@host:owner/name.git, or owner/name.';
/** A checkout may be cloned from a checkout, and that from another; nobody needs more steps than this. */
const LONGEST_CHAIN = 5;

export interface AddressOptions {
  /** Where `owner/name` is; not given: the server of the CI system that this runs in. */
  readonly forgeUrl?: string;
}

/**
 * Where the config repository is, from what people write: a path, a Git URL, `owner/name`, or nothing for the repository
 * that the working directory was checked out from. A path to a bare repository is that repository; a path to a checkout
 * stands for the checkout's own remote, since the checkout itself is never touched. A folder that Git knows goes before
 * `owner/name`.
 * @throws ToolError input (refused addresses), missing (no such folder, no repository, no remote)
 */
export async function resolveConfigRepository(
  host: Host,
  text: string | undefined,
  options: AddressOptions = {},
): Promise<RepositoryAddress> {
  if (text === undefined || text === '') return currentRepository(host);
  const parsed = parseRepositoryUrl(text);
  if (parsed.kind === 'refused') throw refused(parsed.problem);
  if (parsed.kind === 'other') return pathOrName(host, text, options);
  return parsed.url.protocol === 'file' ? fileAddress(host, text, parsed.url.path) : { kind: 'url', url: text };
}

async function currentRepository(host: Host): Promise<RepositoryAddress> {
  const place = await enclosingPlace(host, host.workingDirectory);
  if (place !== undefined) return addressOf(host, place, LONGEST_CHAIN);
  throw new ToolError('missing', `${host.workingDirectory} is not in a Git repository.`, {
    hint: `Check the repository out first, or name one in config-repository. ${HOW}`,
  });
}

async function pathOrName(host: Host, text: string, options: AddressOptions): Promise<RepositoryAddress> {
  const path = resolve(host.workingDirectory, text);
  const place = await gitPlace(host, path);
  if (place !== undefined) return addressOf(host, place, LONGEST_CHAIN);
  if (OWNER_AND_NAME.test(text)) return namedRepository(host, text, options);
  const found = await host.files.stat(path);
  const what = found === undefined ? 'does not exist' : 'is not a Git repository';
  throw new ToolError('missing', `config-repository: ${path} ${what}.`, { hint: HOW });
}

function namedRepository({ env }: Host, name: string, { forgeUrl }: AddressOptions): RepositoryAddress {
  const servers = [env.GITHUB_SERVER_URL, env.CI_SERVER_URL].filter((url) => url !== undefined && url !== '');
  const server = forgeUrl || (servers.length === 1 ? servers[0] : undefined);
  if (server === undefined) {
    const why = servers.length === 0 ? 'no server is known' : 'both GITHUB_SERVER_URL and CI_SERVER_URL are set';
    throw new ToolError('input', `config-repository: ${name} names a repository on a server, but ${why}.`, {
      hint: 'Set forge-url, such as https://github.com, or write the whole URL; write ./ before a path.',
    });
  }
  const url = `${server.replace(/\/+$/, '')}/${name.replace(/\.git$/, '')}.git`;
  const parsed = parseRepositoryUrl(url);
  if (parsed.kind !== 'url') throw refused(parsed.kind === 'refused' ? parsed.problem : 'forge-url is no URL');
  return { kind: 'url', url };
}

async function fileAddress(host: Host, url: string, path: string): Promise<RepositoryAddress> {
  const place = await gitPlace(host, decodedPath(path));
  if (place === undefined) {
    throw new ToolError('missing', `config-repository: there is no Git repository at ${path}.`, { hint: HOW });
  }
  return place.kind === 'bare' ? { kind: 'url', url } : addressOf(host, place, LONGEST_CHAIN);
}

async function addressOf(host: Host, place: GitPlace, steps: number): Promise<RepositoryAddress> {
  if (place.kind === 'bare') return { kind: 'path', path: place.path };
  const remote = await checkoutRemote(host, place);
  const parsed = parseRepositoryUrl(withoutUser(remote));
  if (parsed.kind === 'refused') throw refused(`the remote of ${place.path} cannot be used: ${parsed.problem}`);
  if (parsed.kind === 'url' && parsed.url.protocol !== 'file') return { kind: 'url', url: withoutUser(remote) };
  const path = parsed.kind === 'url' ? decodedPath(parsed.url.path) : resolve(place.path, remote);
  const next = await gitPlace(host, path);
  if (next !== undefined && steps > 0) return addressOf(host, next, steps - 1);
  throw new ToolError('missing', `The remote of ${place.path} is ${path}, where there is no Git repository.`, {
    hint: HOW,
  });
}

/** Some hosts write the user's name into the addresses they offer for https; with a token it has no use. */
function withoutUser(remote: string): string {
  return remote.replace(/^(https?:\/\/)[^@/:]*@/i, '$1');
}

function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function refused(problem: string): ToolError {
  return new ToolError('input', `The address of the config repository is refused: ${problem}.`, { hint: HOW });
}
