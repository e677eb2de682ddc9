import type { Host } from '../host.ts';

/** How a registry is logged in to. */
export type RegistryLogin =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  /** An OAuth refresh token, which registries such as Azure's hand out. */
  | { readonly kind: 'identity-token'; readonly token: string };

const DOCKER_HUB = 'docker.io';
/** The key under which Docker keeps the login of its hub (https://docs.docker.com/reference/cli/docker/login/). */
const DOCKER_HUB_KEY = 'https://index.docker.io/v1/';
const HELPER_TIMEOUT = 20_000;

/**
 * The login for a registry: `DRAWBRIDGE_REGISTRY_USERNAME` and `DRAWBRIDGE_REGISTRY_PASSWORD` (for
 * `DRAWBRIDGE_REGISTRY_HOST`, or for every registry where that is not set), else the Docker configuration with its
 * credential helpers (https://docs.docker.com/reference/cli/docker/login/#credential-helpers). None is no error: many are public.
 */
export async function registryLogin(host: Host, registry: string): Promise<RegistryLogin | undefined> {
  const own = ownLogin(host.env, registry);
  const login = own ?? (await dockerLogin(host, registry));
  if (login !== undefined) keepSecret(host, login.kind === 'basic' ? login.password : login.token);
  return login;
}

function keepSecret(host: Host, value: string): void {
  if (value.length >= 8) host.log.secret(value);
}

function ownLogin(env: Host['env'], registry: string): RegistryLogin | undefined {
  const {
    DRAWBRIDGE_REGISTRY_HOST: only = '',
    DRAWBRIDGE_REGISTRY_USERNAME: username,
    DRAWBRIDGE_REGISTRY_PASSWORD: password,
  } = env;
  if (!username || !password || (only !== '' && only !== registry)) return undefined;
  return { kind: 'basic', username, password };
}

interface DockerConfig {
  readonly auths?: Readonly<Record<string, { readonly auth?: string; readonly identitytoken?: string } | undefined>>;
  readonly credHelpers?: Readonly<Record<string, string | undefined>>;
  readonly credsStore?: string;
}

async function dockerLogin(host: Host, registry: string): Promise<RegistryLogin | undefined> {
  const config = await readDockerConfig(host);
  const keys =
    registry === DOCKER_HUB
      ? [DOCKER_HUB_KEY, 'index.docker.io', DOCKER_HUB]
      : [registry, `https://${registry}`, `https://${registry}/v2/`, `https://${registry}/v1/`];
  const helper = keys.map((key) => config.credHelpers?.[key]).find((name) => name !== undefined) ?? config.credsStore;
  if (helper !== undefined) {
    const login = await askHelper(host, helper, keys[0] ?? registry);
    if (login !== undefined) return login;
  }
  const entry = keys.map((key) => config.auths?.[key]).find((found) => found !== undefined);
  return entry === undefined ? undefined : loginOf(entry);
}

async function readDockerConfig(host: Host): Promise<DockerConfig> {
  const { DOCKER_CONFIG, HOME } = host.env;
  const folder = DOCKER_CONFIG || (HOME ? `${HOME}/.docker` : undefined);
  const bytes = folder === undefined ? undefined : await host.files.read(`${folder}/config.json`);
  if (bytes === undefined) return {};
  try {
    const config: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof config === 'object' && config !== null ? config : {};
  } catch {
    host.log.warning(`${folder}/config.json is not JSON, so no login is taken from it.`);
    return {};
  }
}

function loginOf({
  auth,
  identitytoken,
}: {
  readonly auth?: string;
  readonly identitytoken?: string;
}): RegistryLogin | undefined {
  if (identitytoken) return { kind: 'identity-token', token: identitytoken };
  const [, username, password] =
    /^([^:]*):([\s\S]*)$/.exec(
      Buffer.from(auth ?? '', 'base64')
        .toString('utf8')
        .replace(/\0+$/, ''),
    ) ?? [];
  return username && password ? { kind: 'basic', username, password } : undefined;
}

/** Helpers speak JSON over standard input and output (https://github.com/docker/docker-credential-helpers). */
async function askHelper(host: Host, helper: string, key: string): Promise<RegistryLogin | undefined> {
  if (!/^[A-Za-z0-9_.-]+$/.test(helper)) return undefined;
  const { PATH = '', HOME = '' } = host.env;
  const options = {
    env: { ...cloudVariables(host.env), PATH, HOME },
    input: key,
    timeout: HELPER_TIMEOUT,
    signal: host.signal,
  };
  const result = await host.processes.run(`docker-credential-${helper}`, ['get'], options).catch(() => undefined);
  if (result === undefined || result.exitCode !== 0) {
    host.log.debug(`docker-credential-${helper} knows no login for ${key}.`);
    return undefined;
  }
  return parseHelper(new TextDecoder().decode(result.stdout));
}

/** What the helpers of the clouds look at to find out who they are. */
function cloudVariables(env: Host['env']): Record<string, string> {
  const entries = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && /^(AWS_|GOOGLE_|CLOUDSDK_|AZURE_)/.test(entry[0]),
  );
  return Object.fromEntries(entries);
}

function parseHelper(text: string): RegistryLogin | undefined {
  try {
    const { Username, Secret } = JSON.parse(text) as { readonly Username?: unknown; readonly Secret?: unknown };
    if (typeof Secret !== 'string' || Secret === '') return undefined;
    if (Username === '<token>') return { kind: 'identity-token', token: Secret };
    return typeof Username === 'string' && Username !== ''
      ? { kind: 'basic', username: Username, password: Secret }
      : undefined;
  } catch {
    return undefined;
  }
}
