import { ToolError } from '../errors.ts';
import { resolveConfigRepository } from '../forges/address.ts';
import type { Author, Forge, ForgeAccess, RepositoryAddress } from '../forges/forge-client.ts';
import { parseRepositoryUrl } from '../forges/repository-url.ts';
import type { Host } from '../host.ts';
import type { CommandContext } from './context.ts';

/** The inputs that say which repository, with which token and as whom. */
export interface RepositoryInputs {
  readonly configRepository?: string;
  readonly token?: string;
  readonly author?: string;
}

/**
 * Opens the config repository for the time of `body`, and cleans up after it however it ends.
 * @throws ToolError input (address, author), missing, denied; and what `body` throws
 */
export async function withConfigRepository<T>(
  inputs: RepositoryInputs,
  { host, connectForge }: CommandContext,
  body: (forge: Forge) => Promise<T>,
): Promise<T> {
  const address = await resolveConfigRepository(host, inputs.configRepository);
  const forge = await connectForge(accessOf(inputs, host, address), address);
  try {
    return await body(forge);
  } finally {
    await forge.close();
  }
}

/**
 * A token that was given for this goes to wherever the config repository is. One that the CI system puts into every job
 * goes to that system only.
 */
export function accessOf(inputs: RepositoryInputs, host: ForgeAccess['host'], address: RepositoryAddress): ForgeAccess {
  const { author } = inputs;
  const token = isAmbient(inputs.token, host.env) && !isOwnServer(address, host.env) ? undefined : inputs.token;
  if (token !== undefined) host.log.secret(token);
  return {
    host,
    ...(token === undefined ? {} : { token }),
    ...(author === undefined ? {} : { author: parseAuthor(author) }),
  };
}

function isAmbient(token: string | undefined, env: Host['env']): boolean {
  const given = [env.DRAWBRIDGE_TOKEN, env.INPUT_TOKEN];
  return !given.includes(token) && [env.GITHUB_TOKEN, env.GITLAB_TOKEN, env.CI_JOB_TOKEN].includes(token);
}

/** True where the address is a path, or on the server of the CI system that this runs in. */
export function isOwnServer(address: RepositoryAddress, env: Host['env']): boolean {
  if (address.kind === 'path') return true;
  const own = [env.GITHUB_SERVER_URL, env.CI_SERVER_URL].flatMap((url) => hostOf(`${url}/x`));
  return hostOf(address.url).some((host) => own.includes(host));
}

function hostOf(url: string): readonly string[] {
  const parsed = parseRepositoryUrl(url);
  return parsed.kind === 'url' && parsed.url.host !== '' ? [`${parsed.url.host}:${parsed.url.port ?? ''}`] : [];
}

/** `Name <address>`, as Git writes it. */
function parseAuthor(text: string): Author {
  const [, name, email] = /^([^<>\n]+?) <([^<>\s]+)>$/.exec(text) ?? [];
  if (name !== undefined && email !== undefined) return { name, email };
  throw new ToolError('input', `author: "${text}" is not of the form Name <address>`, {
    hint: 'For example: Release Bot <release-bot@example.com>.',
  });
}
