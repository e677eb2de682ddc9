import { ToolError } from '../errors.ts';
import { resolveConfigRepository } from '../forges/address.ts';
import type { Author, Forge, ForgeAccess } from '../forges/forge-client.ts';
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
  const access = accessOf(inputs, host);
  const forge = await connectForge(access, await resolveConfigRepository(host, inputs.configRepository));
  try {
    return await body(forge);
  } finally {
    await forge.close();
  }
}

export function accessOf({ token, author }: RepositoryInputs, host: ForgeAccess['host']): ForgeAccess {
  if (token !== undefined) host.log.secret(token);
  return {
    host,
    ...(token === undefined ? {} : { token }),
    ...(author === undefined ? {} : { author: parseAuthor(author) }),
  };
}

/** `Name <address>`, as Git writes it. */
function parseAuthor(text: string): Author {
  const [, name, email] = /^([^<>\n]+?) <([^<>\s]+)>$/.exec(text) ?? [];
  if (name !== undefined && email !== undefined) return { name, email };
  throw new ToolError('input', `author: "${text}" is not of the form Name <address>`, {
    hint: 'For example: Release Bot <release-bot@example.com>.',
  });
}
