/** A Git address taken apart. Credentials are separate, so that nothing else ever prints them. */
export interface RepositoryUrl {
  readonly protocol: 'https' | 'http' | 'ssh' | 'file';
  /** Lower case, with brackets around an IPv6 address; empty for `file`. */
  readonly host: string;
  readonly port?: string;
  /** With its leading slash, except in the short ssh form. */
  readonly path: string;
  readonly user?: string;
  readonly password?: string;
  /** What the git program is given: no password, and a user for ssh only. */
  readonly clean: string;
}

export type ParsedRepositoryUrl =
  | { readonly kind: 'url'; readonly url: RepositoryUrl }
  | { readonly kind: 'refused'; readonly problem: string }
  /** Not a URL at all: a path, or `owner/name`. */
  | { readonly kind: 'other' };

const PROTOCOLS: readonly string[] = ['https', 'http', 'ssh', 'file'];
const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9._-]*[a-z0-9])?)$/i;
const SSH_USER = /^[a-z0-9_][a-z0-9_.+-]*$/i;
/** `git@host:path`. One letter before the colon is a drive of Windows. */
const SHORT_SSH = /^(?:([^@/:]*)@)?(\[[0-9a-f:.]+\]|[^/:@[\]]{2,}):(.*)$/i;

/**
 * Takes apart what people and Git configurations write: `https://`, `ssh://`, `file://`, `git@host:path`, and `http://` to
 * loopback. Everything that makes Git run a program or misread its arguments is refused: remote helpers (`ext::`), a leading
 * dash, control characters, a user that reads like a host (https://git-scm.com/docs/git-clone#_git_urls).
 */
export function parseRepositoryUrl(text: string): ParsedRepositoryUrl {
  const problem = textProblem(text);
  if (problem !== undefined) return refused(problem);
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined) return parseWithScheme(text, scheme);
  const short = SHORT_SSH.exec(text);
  if (short === null) return { kind: 'other' };
  return checked({ protocol: 'ssh', host: short[2] ?? '', path: short[3] ?? '', ...optional('user', short[1]) });
}

function textProblem(text: string): string | undefined {
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(text)) return 'it holds a control or an invisible character';
  if (text.startsWith('-')) return 'it begins with a dash';
  if (/^[a-z0-9+.-]+::/i.test(text)) return 'remote helpers are not run';
  return undefined;
}

function parseWithScheme(text: string, scheme: string): ParsedRepositoryUrl {
  if (!PROTOCOLS.includes(scheme)) return refused(`the protocol ${scheme} is not supported`);
  const rest = text.slice(scheme.length + 3);
  const slash = rest.indexOf('/');
  if (slash < 0) return refused('it has no path');
  const path = rest.slice(slash);
  if (scheme === 'file') return fileUrl(rest.slice(0, slash), path);
  const parts = /^(?:([^@]*)@)?(\[[^\]]*\]|[^:@]*)(?::([0-9]+))?$/.exec(rest.slice(0, slash));
  if (parts === null) return refused('its host cannot be read');
  const [user, password] = splitOnce(parts[1]);
  return checked({
    protocol: scheme as RepositoryUrl['protocol'],
    host: parts[2] ?? '',
    path,
    ...optional('port', parts[3]),
    ...optional('user', user),
    ...optional('password', password),
  });
}

function fileUrl(authority: string, path: string): ParsedRepositoryUrl {
  if (authority !== '' && authority !== 'localhost') return refused('a file URL cannot name another computer');
  return { kind: 'url', url: { protocol: 'file', host: '', path, clean: `file://${path}` } };
}

type Parts = Omit<RepositoryUrl, 'clean'>;

function checked(parts: Parts): ParsedRepositoryUrl {
  if (!HOST.test(parts.host)) return refused('its host is not a plain host name (write other alphabets as xn--…)');
  if (isOtherHost(parts)) return refused('its host is a number that stands for another address; write that address');
  if (/[\\\s?#]/.test(parts.path)) return refused('its path holds a space, a backslash, ? or #');
  if (parts.path.replace(/^\/+/, '') === '') return refused('it has no path');
  if (/^\/?-/.test(parts.path)) return refused('its path begins with a dash');
  const problem = parts.protocol === 'ssh' ? sshProblem(parts) : httpProblem(parts);
  if (problem !== undefined) return refused(problem);
  return withCredentials({ ...parts, host: parts.host.toLowerCase() });
}

/** A URL may write an IPv4 address as fewer numbers: `0`, `127.1`, `0x7f.1` (https://url.spec.whatwg.org/#concept-ipv4-parser). */
function isOtherHost({ protocol, host }: Parts): boolean {
  const url = `${protocol === 'ssh' ? 'https' : protocol}://${host}`;
  return !URL.canParse(url) || new URL(url).hostname !== host.toLowerCase();
}

function sshProblem({ user, password }: Parts): string | undefined {
  if (password !== undefined) return 'ssh takes no password from an address';
  return user !== undefined && !SSH_USER.test(user) ? 'its user is not a plain name' : undefined;
}

function httpProblem({ protocol, host, user, password }: Parts): string | undefined {
  if (protocol === 'http' && !isLoopback(host)) return 'plain http goes to loopback only; use https';
  if (user === undefined) return undefined;
  if (/\\|%(0|1|2f|3a|40|5c|7f)/i.test(user)) return 'its user holds a character that belongs to the host';
  return password === undefined && user.includes('.')
    ? 'its user reads like a host name; leave the user out'
    : undefined;
}

function withCredentials(parts: Parts): ParsedRepositoryUrl {
  const { protocol, host, port, path, user, password } = parts;
  const place = `${host}${port === undefined ? '' : `:${port}`}${path.startsWith('/') ? '' : '/'}${path}`;
  if (protocol === 'ssh') return { kind: 'url', url: { ...parts, clean: sshAddress(parts, place) } };
  try {
    const url = { protocol, host, path, ...optional('port', port), clean: `${protocol}://${place}` };
    return { kind: 'url', url: { ...url, ...decoded('user', user), ...decoded('password', password) } };
  } catch {
    return refused('its user or password is not encoded properly');
  }
}

/** The short form stays short: its path is relative to the home folder of the user there, which no ssh:// URL can say. */
function sshAddress({ user, host, path }: Parts, place: string): string {
  const at = user === undefined || user === '' ? '' : `${user}@`;
  return path.startsWith('/') ? `ssh://${at}${place}` : `${at}${host}:${path}`;
}

/** `localhost`, `127.0.0.0/8` and `::1`. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i.test(host);
}

/**
 * One spelling for addresses of the same repository: no protocol, user, port, `.git` or slash at the end, the host in lower
 * case. `git@GitHub.com:acme/config.git` and `https://github.com/acme/config` both become `github.com/acme/config`. What is
 * no URL comes back without its `.git` and slashes at the end. Never throws, never returns credentials.
 */
export function normaliseRepositoryUrl(url: string): string {
  const text = url.trim();
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(text)?.[0];
  if (scheme !== undefined) return withoutSuffix(hostAndPath(text.slice(scheme.length)));
  const short = SHORT_SSH.exec(text);
  if (short === null) return withoutSuffix(text);
  return withoutSuffix(`${(short[2] ?? '').toLowerCase()}/${(short[3] ?? '').replace(/^\/+/, '')}`);
}

/**
 * As `normaliseRepositoryUrl`, but an address that differs from the known one in nothing but the port keeps it: two servers on
 * one host are two repositories. Across protocols the port tells nothing, since each has one of its own.
 * @param known an address of the repository that others are compared with; what is no URL tells no ports apart
 */
export function normaliserBeside(known: string | undefined): (url: string) => string {
  const own = known === undefined ? undefined : serverOf(known);
  if (known === undefined || own === undefined) return normaliseRepositoryUrl;
  const ownName = normaliseRepositoryUrl(known);
  return (url) => {
    const name = normaliseRepositoryUrl(url);
    const server = serverOf(url);
    if (name !== ownName || server?.protocol !== own.protocol || server.port === own.port) return name;
    return name.replace('/', `:${server.port}/`);
  };
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { https: '443', http: '80', ssh: '22' };

/** Not of the short form of ssh: what stands before its colon may be a name that the settings of ssh give a port to. */
function serverOf(url: string): { readonly protocol: string; readonly port: string } | undefined {
  const parts = /^(https?|ssh):\/\/(?:[^/]*@)?(?:\[[^\]/]*\]|[^/:@]*)(?::(\d+))?(?:\/|$)/i.exec(url.trim());
  const protocol = parts?.[1]?.toLowerCase();
  const port = parts?.[2] ?? DEFAULT_PORTS[protocol ?? ''];
  return protocol === undefined || port === undefined ? undefined : { protocol, port };
}

function hostAndPath(rest: string): string {
  const slash = rest.indexOf('/');
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  const host = authority.slice(authority.lastIndexOf('@') + 1).replace(/:\d*$/, '');
  return host.toLowerCase() + (slash < 0 ? '' : `/${rest.slice(slash).replace(/^\/+/, '')}`);
}

function withoutSuffix(text: string): string {
  return text
    .replace(/\/+$/, '')
    .replace(/\.git$/i, '')
    .replace(/\/+$/, '');
}

function splitOnce(text: string | undefined): readonly [string | undefined, string | undefined] {
  if (text === undefined || text === '') return [undefined, undefined];
  const colon = text.indexOf(':');
  return colon < 0 ? [text, undefined] : [text.slice(0, colon), text.slice(colon + 1)];
}

function optional<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: string };
}

function decoded<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  return optional(key, value === undefined ? undefined : decodeURIComponent(value));
}

function refused(problem: string): ParsedRepositoryUrl {
  return { kind: 'refused', problem };
}
