import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { ToolError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import type { ForgeAccess } from '../forge-client.ts';
import { type GithubClient, githubClient } from './client.ts';
import type { Place } from './place.ts';

/** What an app's token may do: nothing but what is needed, in the one repository. */
const PERMISSIONS = { contents: 'write', pull_requests: 'write', metadata: 'read' } as const;
/** Milliseconds that a token must still live to be used. */
const MARGIN = 5 * 60_000;

export interface AppTokenOptions {
  readonly host: Host;
  readonly app: NonNullable<ForgeAccess['app']>;
  readonly place: Place;
  readonly ca?: string;
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
      installation_id: installation,
      repositories: [place.name],
      permissions: PERMISSIONS,
    }),
  );
  host.log.secret(token);
  return { value: token, until: Date.parse(expires_at) };
}

async function installationOf(client: GithubClient, { owner, name }: Place): Promise<number> {
  const tried = await client.attempt('find the app', [404], (octokit) =>
    octokit.rest.apps.getRepoInstallation({ owner, repo: name }),
  );
  if ('value' in tried) return tried.value.id;
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
