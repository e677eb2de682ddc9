import { createHash } from 'node:crypto';
import { ToolError } from '../errors.ts';
import type { Host, HttpRequest, HttpResponse } from '../host.ts';
import type { ImageRef } from '../image/image-ref.ts';
import { type Challenge, parseChallenge } from './challenge.ts';
import { type RegistryLogin, registryLogin } from './credentials.ts';

/** The manifest that a reference points at: of an image, or of an index over several platforms. */
export interface FoundManifest {
  readonly digest: string;
}

/** An index first: with only the image types, a registry answers with the manifest of one platform, and a pin would pin that. */
const MANIFEST_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** Milliseconds between looks at a tag that is not there: registries show a push with a delay. */
const LAG_PAUSES: readonly number[] = [1_000, 2_000, 4_000];
const FAILURE_PAUSES: readonly number[] = [500, 2_000, 8_000];

/**
 * Asks the registry for a tag or a digest (https://distribution.github.io/distribution/spec/api/#pulling-an-image-manifest).
 * Undefined where it does not exist, after a short wait for what was pushed just now.
 * @throws ToolError denied, temporary, protocol
 */
export async function findManifest(host: Host, image: ImageRef, reference: string): Promise<FoundManifest | undefined> {
  const place = placeOf(image);
  const login = await registryLogin(host, place.registry);
  for (const pause of [...LAG_PAUSES, undefined]) {
    const found = await ask(host, place, reference, login);
    if (found !== undefined || pause === undefined) return found;
    await host.clock.sleep(pause, host.signal);
  }
  return undefined;
}

interface Place {
  /** As people write it: `docker.io`, `ghcr.io`, `localhost:5000`. */
  readonly registry: string;
  readonly base: string;
  readonly repository: string;
}

function placeOf({ registry = 'docker.io', repository }: ImageRef): Place {
  const isHub = registry === 'docker.io' || registry === 'index.docker.io';
  const name = isHub ? 'docker.io' : registry;
  const server = isHub ? 'registry-1.docker.io' : registry;
  const isLocal = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(server);
  const path = isHub && !repository.includes('/') ? `library/${repository}` : repository;
  return { registry: name, base: `${isLocal ? 'http' : 'https'}://${server}`, repository: path };
}

async function ask(
  host: Host,
  place: Place,
  reference: string,
  login: RegistryLogin | undefined,
): Promise<FoundManifest | undefined> {
  const url = `${place.base}/v2/${place.repository}/manifests/${reference}`;
  const authorization = await authorizationFor(host, place, url, login);
  const answer = await read(host, { method: 'HEAD', url, headers: headersWith(authorization) });
  if (answer.status === 404) return undefined;
  if (answer.status === 401 || answer.status === 403) throw denied(place, login);
  if (answer.status !== 200) throw unexpected(place, answer.status);
  const digest = answer.headers['docker-content-digest'];
  return { digest: checked(digest ?? (await digestOfBody(host, url, authorization)), place) };
}

function headersWith(authorization: string | undefined): Record<string, string> {
  return { accept: MANIFEST_TYPES, ...(authorization === undefined ? {} : { authorization }) };
}

/** Asks once without a login; the challenge says which kind of login this registry wants, and for what. */
async function authorizationFor(
  host: Host,
  place: Place,
  url: string,
  login: RegistryLogin | undefined,
): Promise<string | undefined> {
  const answer = await read(host, { method: 'HEAD', url, headers: headersWith(undefined) });
  if (answer.status !== 401) return undefined;
  const challenge = parseChallenge(answer.headers['www-authenticate'] ?? '');
  if (challenge?.kind === 'bearer') return `Bearer ${await fetchToken(host, place, challenge, login)}`;
  if (login?.kind === 'basic') return basic(login);
  throw denied(place, login);
}

function basic({ username, password }: Extract<RegistryLogin, { kind: 'basic' }>): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

async function fetchToken(
  host: Host,
  place: Place,
  challenge: Extract<Challenge, { kind: 'bearer' }>,
  login: RegistryLogin | undefined,
): Promise<string> {
  const scope = challenge.scope ?? `repository:${place.repository}:pull`;
  const answer = await read(
    host,
    login?.kind === 'identity-token'
      ? refreshRequest(challenge, scope, login.token)
      : tokenRequest(challenge, scope, login),
  );
  if (answer.status === 401 || answer.status === 403) throw denied(place, login);
  const token = answer.status === 200 ? tokenOf(answer) : undefined;
  if (token === undefined) throw unexpected(place, answer.status);
  if (token.length >= 8) host.log.secret(token);
  return token;
}

function tokenRequest(
  { realm, service }: Extract<Challenge, { kind: 'bearer' }>,
  scope: string,
  login: Extract<RegistryLogin, { kind: 'basic' }> | undefined,
): HttpRequest {
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set('service', service);
  url.searchParams.set('scope', scope);
  return { method: 'GET', url: url.href, headers: login === undefined ? {} : { authorization: basic(login) } };
}

/** https://distribution.github.io/distribution/spec/auth/oauth/ */
function refreshRequest(
  { realm, service = '' }: Extract<Challenge, { kind: 'bearer' }>,
  scope: string,
  token: string,
): HttpRequest {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    service,
    scope,
    refresh_token: token,
    client_id: 'drawbridge',
  });
  return {
    method: 'POST',
    url: realm,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  };
}

function tokenOf({ body }: HttpResponse): string | undefined {
  try {
    const { token, access_token } = JSON.parse(new TextDecoder().decode(body)) as Record<string, unknown>;
    const value = token ?? access_token;
    return typeof value === 'string' && value !== '' ? value : undefined;
  } catch {
    return undefined;
  }
}

async function digestOfBody(host: Host, url: string, authorization: string | undefined): Promise<string> {
  const { body } = await read(host, { method: 'GET', url, headers: headersWith(authorization) });
  return `sha256:${createHash('sha256').update(body).digest('hex')}`;
}

function checked(digest: string, place: Place): string {
  if (/^sha256:[0-9a-f]{64}$|^sha512:[0-9a-f]{128}$/.test(digest)) return digest;
  throw new ToolError('protocol', `${place.registry} answered with a digest that is none for ${place.repository}`);
}

/** Asking changes nothing, so that it may be done again after a failure. */
async function read(host: Host, request: HttpRequest): Promise<HttpResponse> {
  for (const pause of [...FAILURE_PAUSES, undefined]) {
    const result = await host.http.send({ ...request, signal: host.signal }).catch(temporaryOnly);
    const failed = result instanceof ToolError || result.status === 429 || result.status >= 500;
    if (!failed) return result;
    if (pause === undefined)
      throw result instanceof ToolError
        ? result
        : new ToolError('temporary', `${new URL(request.url).origin} answers with status ${result.status}`, {
            hint: 'Nothing was written; run this again.',
          });
    await host.clock.sleep(pause * (0.5 + host.random() / 2), host.signal);
  }
  throw new ToolError('internal', 'a registry was asked no times');
}

function temporaryOnly(error: unknown): ToolError {
  if (error instanceof ToolError && error.code === 'temporary') return error;
  throw error;
}

function denied({ registry, repository }: Place, login: RegistryLogin | undefined): ToolError {
  const who = login === undefined ? 'without a login' : 'with the login at hand';
  return new ToolError('denied', `${registry} does not show ${repository} ${who}`, {
    hint: 'Log in with docker login, or set DRAWBRIDGE_REGISTRY_USERNAME and DRAWBRIDGE_REGISTRY_PASSWORD. Some registries say so for a repository that does not exist.',
  });
}

function unexpected({ registry, repository }: Place, status: number): ToolError {
  return new ToolError('protocol', `${registry} answered with status ${status} for ${repository}`);
}
