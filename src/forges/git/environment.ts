import type { RepositoryUrl } from '../repository-url.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What Git needs from the machine: where programs are, proxies, certificates, temporary files. Nothing called `GIT_*`. */
const INHERITED: readonly string[] = [
  'PATH',
  'SystemRoot',
  'SYSTEMROOT',
  'TEMP',
  'TMP',
  'TMPDIR',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'all_proxy',
  'no_proxy',
];

/**
 * ssh finds its keys, agent and known hosts through these. `GIT_SSH_COMMAND` is the user's own choice of program, and the
 * only variable of Git's own that is passed on; HOME is the real one here, for a `~` in it.
 */
const INHERITED_BY_SSH: readonly string[] = ['SSH_AUTH_SOCK', 'GIT_SSH_COMMAND', 'HOME', 'USER', 'LOGNAME'];

/** Never a prompt, a hook, a file system monitor, a clean-up in the background, or a protocol that was not asked for. */
export const SAFE_CONFIGURATION: readonly string[] = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.attributesFile=/dev/null',
  'core.excludesFile=/dev/null',
  'core.askPass=',
  'credential.helper=',
  'gc.auto=0',
  'maintenance.auto=false',
  'submodule.recurse=false',
  'fetch.recurseSubmodules=false',
  'push.recurseSubmodules=no',
  'push.gpgSign=false',
  'log.showSignature=false',
  'transfer.bundleURI=false',
  'advice.detachedHead=false',
  'protocol.allow=never',
];

/**
 * Redirects are refused because a custom header could travel with one. A transfer under 1,000 bytes a second for 30 seconds
 * is given up (https://git-scm.com/docs/git-config#Documentation/git-config.txt-httplowSpeedLimit).
 */
export function networkConfiguration(remote: Pick<RepositoryUrl, 'protocol' | 'clean'>, caFile?: string): string[] {
  return [
    `protocol.${remote.protocol}.allow=always`,
    'protocol.version=2',
    'http.followRedirects=false',
    'http.lowSpeedLimit=1000',
    'http.lowSpeedTime=30',
    ...(caFile === undefined ? [] : [`http.sslCAInfo=${caFile}`]),
    `remote.origin.url=${remote.clean}`,
  ];
}

/** The environment of every Git process: an empty home, no configuration of the machine or the user, English messages. */
export function baseEnvironment(env: Environment, home: string): Record<string, string> {
  return {
    ...pick(env, INHERITED),
    HOME: home,
    XDG_CONFIG_HOME: home,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_CEILING_DIRECTORIES: home.replace(/[/\\][^/\\]*$/, ''),
  };
}

export function sshEnvironment(env: Environment): Record<string, string> {
  return pick(env, INHERITED_BY_SSH);
}

/**
 * Configuration by environment, so that the value stands in no argument vector and no file
 * (https://git-scm.com/docs/git-config#Documentation/git-config.txt-GITCONFIGCOUNT). The header is bound to one origin.
 */
export function headerEnvironment(origin: string, header: string): Record<string, string> {
  return { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: `http.${origin}/.extraHeader`, GIT_CONFIG_VALUE_0: header };
}

function pick(env: Environment, names: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of names) {
    const value = env[name];
    if (value !== undefined && value !== '') found[name] = value;
  }
  return found;
}
