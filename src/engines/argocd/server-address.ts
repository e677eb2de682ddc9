import { ToolError } from '../../errors.ts';

/**
 * The base of all requests, without a slash at the end, from a URL or from `host[:port][/path]`. The path is the server's
 * `--rootpath` (https://argo-cd.readthedocs.io/en/stable/operator-manual/ingress/). https, unless `http://` is written, which
 * only loopback may: a plain request has given the token away before the server can send it elsewhere.
 * @throws ToolError input
 */
export function parseServerAddress(text: string): string {
  const written = text.trim();
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(written)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'https' && scheme !== 'http')
    throw wrong(`the protocol ${scheme} is not supported`);
  const url = URL.parse(scheme === undefined ? `https://${written}` : written);
  if (url === null || written === '' || /[\s\\]/.test(written)) throw wrong('it cannot be read');
  if (url.username !== '' || url.password !== '') throw wrong('it holds credentials; give them as ARGOCD_AUTH_TOKEN');
  if (url.search !== '' || url.hash !== '') throw wrong('it has a query or a fragment');
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) throw wrong('plain http is for loopback only; use https');
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

/** The address itself is not repeated: it may hold a password. */
function wrong(why: string): ToolError {
  return new ToolError('input', `argocd-server is no address of an Argo CD server: ${why}`, {
    hint: 'Write it as argocd.example.com, argocd.example.com:8443/argocd or https://argocd.example.com/argocd.',
  });
}
