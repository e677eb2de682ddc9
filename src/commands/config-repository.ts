import { ToolError } from '../errors.ts';
import { resolveConfigRepository } from '../forges/address.ts';
import type { Author, Forge, ForgeAccess, RepositoryAddress } from '../forges/forge-client.ts';
import { parseRepositoryUrl } from '../forges/repository-url.ts';
import type { Host } from '../host.ts';
import type { Outcome } from '../outcome.ts';
import type { CommandContext } from './context.ts';
import { withPages } from './pages.ts';

/** The inputs that say which repository, with which token and as whom. */
export interface RepositoryInputs {
  readonly configRepository?: string;
  readonly forge?: string;
  readonly forgeUrl?: string;
  readonly token?: string;
  readonly appId?: string;
  readonly appPrivateKey?: string;
  readonly caCertificate?: string;
  readonly author?: string;
}

/**
 * Opens the config repository for the time of `body`, and cleans up after it however it ends.
 * @throws ToolError input (address, author), missing, denied; and what `body` throws
 */
export async function withConfigRepository<T>(
  inputs: RepositoryInputs,
  context: CommandContext,
  body: (forge: Forge) => Promise<T>,
): Promise<T> {
  const address = await addressOf(inputs, context.host);
  const forge = await openForge(inputs, address, context);
  try {
    return await body(forge);
  } finally {
    await forge.close();
  }
}

/** As `withConfigRepository`; what the command came to gets links to the pages of the forge. */
export function withLinkedRepository(
  inputs: RepositoryInputs,
  context: CommandContext,
  body: (forge: Forge) => Promise<Outcome>,
): Promise<Outcome> {
  return withConfigRepository(inputs, context, async (forge) => withPages(await body(forge), forge));
}

/** Where the inputs say that the config repository is. @throws ToolError input, missing */
export function addressOf({ configRepository, forgeUrl }: RepositoryInputs, host: Host): Promise<RepositoryAddress> {
  return resolveConfigRepository(host, configRepository, forgeUrl === undefined ? {} : { forgeUrl });
}

/** @throws ToolError input (author, forge, half an app), io (certificate file) */
export async function openForge(
  inputs: RepositoryInputs,
  address: RepositoryAddress,
  { host, connectForge }: CommandContext,
): Promise<Forge> {
  return connectForge(await accessOf(inputs, host, address), address, inputs.forge);
}

/**
 * A token that was given for this goes to wherever the config repository is. One that the CI system puts into every job
 * goes to that system only. An app goes before a token.
 */
async function accessOf(inputs: RepositoryInputs, host: Host, address: RepositoryAddress): Promise<ForgeAccess> {
  const { author, forgeUrl, caCertificate } = inputs;
  const app = appOf(inputs);
  const isWithheld = app !== undefined || (isAmbient(inputs.token, host.env) && !isOwnServer(address, host.env));
  const token = isWithheld ? undefined : inputs.token;
  for (const secret of [token, inputs.appPrivateKey, app?.privateKey])
    if (secret !== undefined) host.log.secret(secret);
  return {
    host,
    ...(app === undefined ? {} : { app }),
    ...(token === undefined ? {} : { token }),
    ...(author === undefined ? {} : { author: parseAuthor(author) }),
    ...(forgeUrl === undefined ? {} : { forgeUrl }),
    ...(caCertificate === undefined ? {} : { ca: await readCertificate(host, caCertificate) }),
  };
}

/** A variable in one line may hold the line breaks of the key as `\\n`. */
function appOf({ appId, appPrivateKey }: RepositoryInputs): ForgeAccess['app'] {
  if (appId === undefined && appPrivateKey === undefined) return undefined;
  if (appId !== undefined && appPrivateKey !== undefined) {
    return { id: appId, privateKey: appPrivateKey.replaceAll('\\n', '\n') };
  }
  throw new ToolError('input', 'app-id and app-private-key belong together; one of them is missing', {
    hint: 'Give both, or a token.',
  });
}

/** PEM from a file. @throws ToolError input */
export async function readCertificate(host: Host, path: string): Promise<string> {
  const bytes = await host.files.read(path);
  const text = bytes === undefined ? undefined : new TextDecoder().decode(bytes);
  if (text?.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw new ToolError(
    'input',
    `ca-certificate: ${path} ${text === undefined ? 'does not exist' : 'holds no PEM certificate'}`,
    {
      hint: 'Give a file that begins with -----BEGIN CERTIFICATE-----.',
    },
  );
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
