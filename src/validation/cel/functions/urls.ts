import { failed, type Result, type Url } from '../value.ts';
import { type Overload, on } from './define.ts';

const URL_TYPE = 'kubernetes.URL';

/** https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-url-library */
export const URLS: readonly Overload[] = [
  on('url', ['string'], (text) => parseUrl(text) ?? failed(`${JSON.stringify(text.slice(0, 60))} is no URL`)),
  on('isURL', ['string'], (text) => parseUrl(text) !== undefined),
  on('.getScheme', [URL_TYPE], ({ scheme }) => scheme),
  on('.getHost', [URL_TYPE], ({ host }) => host),
  on('.getHostname', [URL_TYPE], ({ host }) => host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1')),
  on('.getPort', [URL_TYPE], ({ host }) => /:(\d*)$/.exec(host)?.[1] ?? ''),
  on('.getEscapedPath', [URL_TYPE], ({ path }) => path),
  on('.getQuery', [URL_TYPE], ({ query }) => queryOf(query)),
];

/**
 * What both https://pkg.go.dev/net/url#ParseRequestURI and Parse take: an absolute URL, or an absolute path. Undefined for
 * anything else.
 */
export function parseUrl(text: string): Url | undefined {
  if (text === '*') return { type: URL_TYPE, text, scheme: '', host: '', path: '*', query: '' };
  if (/[\u0000-\u0020\u007f]/.test(text) && !/^[^?#]* [^?#]*$/.test(text)) return undefined;
  const match = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#.*)?$/s.exec(text);
  const [, scheme = '', authority, path = '', query = ''] = match ?? [];
  if (match === null || (scheme === '' && !text.startsWith('/')) || !isEscaped(path)) return undefined;
  const isHierarchical = authority !== undefined || path === '' || path.startsWith('/');
  if (scheme === '' && authority === undefined && !isHierarchical) return undefined;
  const host = authority?.slice(authority.lastIndexOf('@') + 1) ?? '';
  if (/[\u0000-\u001f\u007f]/.test(text) || !isHost(host)) return undefined;
  const isOpaque = !isHierarchical;
  const escaped = isOpaque ? '' : escapedPath(path);
  return { type: URL_TYPE, text, scheme: scheme.toLowerCase(), host, path: escaped, query };
}

function isEscaped(text: string): boolean {
  return !/%(?![0-9A-Fa-f]{2})/.test(text);
}

function isHost(host: string): boolean {
  if (host.startsWith('[')) return /^\[[0-9A-Fa-f:.]+(%25[^\]]*)?\](:\d*)?$/.test(host);
  const name = host.replace(/:\d*$/, '');
  return !/[\s:<>"\\^`{|}%[\]]/.test(name);
}

/** Go keeps a path that is well escaped, and escapes another one anew. */
function escapedPath(path: string): string {
  return path.replace(/[^A-Za-z0-9\-._~!$&'()*+,;=:@/[\]%]/gu, (character) => encodeURIComponent(character));
}

function queryOf(query: string): Result {
  const entries = new Map<string, string[]>();
  for (const [key, value] of new URLSearchParams(query)) {
    const values = entries.get(key) ?? [];
    values.push(value);
    entries.set(key, values);
  }
  return entries;
}
