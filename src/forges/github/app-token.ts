import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { ToolError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import type { ForgeAccess } from '../forge-client.ts';
import { type GithubClient, githubClient } from './client.ts';
import type { Place } from './place.ts';

/** What an app's token may do: nothing but what is needed, in the one repository. */
const PERMISSIONS = { contents: 'write', pull_requests: 'write', metadata: 'read' } as const;
/** The same of a token for words about commits, as far as the app has them: more than it has is refused as a whole. */
const OF_WORDS = { statuses: 'write', deployments: 'write', checks: 'read' } as const;
/** Milliseconds that a token must still live to be used. */
const MARGIN = 5 * 60_000;

export interface AppTokenOptions {
  readonly host: Host;
  readonly app: NonNullable<ForgeAccess['app']>;
  readonly place: Place;
  readonly ca?: string;
  /** Not given: to read and write files and requests. */
  readonly purpose?: 'words';
}

/**
 * Tokens of an installed GitHub App, for this repository only, made anew before they expire (after an hour).
 * https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-an-installation-access-token-for-a-github-app
 * @throws ToolError input (private key), denied, missing (the app is not installed there)
 */
export function appTokens(options: AppTokenOptions): () => Promise<string> {
  const { host } = options;
  const key = keyOf(options.app.privateKey);
  let current: Promise<Token> | undefined;
  return async () => {
    const token = await current?.catch(() => undefined);
    if (token !== undefined && token.until - MARGIN > host.clock.now()) return token.value;
    current = mint(options, key);
    return (await current).value;
  };
}

interface Token {
  readonly value: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

function keyOf(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new ToolError('input', 'app-private-key is no private key', {
      hint: 'Give the whole PEM file that GitHub made for the app, with its first and last line.',
    });
  }
}

async function mint(options: AppTokenOptions, key: KeyObject): Promise<Token> {
  const { host, app, place, ca } = options;
  const authorization = async () => `Bearer ${appJwt(app.id, key, host.clock.now())}`;
  const client = await githubClient({ host, place, authorization, ...(ca === undefined ? {} : { ca }) });
  const installation = await installationOf(client, place);
  const { token, expires_at } = await client.call('make a token for the app', (octokit) =>
    octokit.rest.apps.createInstallationAccessToken({
      installation_id: installation.id,
      repositories: [place.name],
      permissions: options.purpose === 'words' ? permissionsOfWords(installation) : PERMISSIONS,
    }),
  );
  host.log.secret(token);
  return { value: token, until: Date.parse(expires_at) };
}

interface Installation {
  readonly id: number;
  readonly permissions?: Readonly<Record<string, unknown>>;
}

function permissionsOfWords({ permissions = {} }: Installation) {
  const granted = Object.entries(OF_WORDS).filter(([name]) => permissions[name] !== undefined);
  const levels = granted.map(([name, level]) => [name, permissions[name] === 'read' ? 'read' : level] as const);
  return { metadata: 'read', ...(Object.fromEntries(levels) as Partial<typeof OF_WORDS>) } as const;
}

async function installationOf(client: GithubClient, { owner, name }: Place): Promise<Installation> {
  const tried = await client.attempt('find the app', [404], (octokit) =>
    octokit.rest.apps.getRepoInstallation({ owner, repo: name }),
  );
  if ('value' in tried) return tried.value;
  throw new ToolError('missing', `The GitHub App is not installed on ${client.location}`, {
    hint: 'Install it for this repository, and check app-id.',
  });
}

/**
 * What an app proves itself with; a minute back for clocks that differ, ten minutes at most
 * (https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app).
 * @param now milliseconds since 1970
 */
export function appJwt(id: string, key: KeyObject, now: number): string {
  const seconds = Math.floor(now / 1000);
  const claims = { iat: seconds - 60, exp: seconds + 540, iss: id };
  const signed = [{ alg: 'RS256', typ: 'JWT' }, claims].map((part) => base64url(JSON.stringify(part))).join('.');
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url')}`;
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}
