import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import { isAbort, ToolError } from '../errors.ts';
import type { Host, Http, HttpRequest, HttpResponse, HttpStream } from '../host.ts';

const DEFAULT_TIMEOUT = 30_000;
const DEFAULT_MAX_BYTES = 32 * 1024 * 1024;
const CONNECT_TIMEOUT = 10_000;

/** The one transport, on Node's own client. See `Http` in `../host.ts` for what it promises. */
export function nodeHttp(env: Host['env']): Http {
  return {
    async send(request) {
      const signal = AbortSignal.any([
        AbortSignal.timeout(request.timeout ?? DEFAULT_TIMEOUT),
        ...(request.signal === undefined ? [] : [request.signal]),
      ]);
      const { message, destroy } = await exchange(env, request, signal);
      try {
        const body = await collect(message, request);
        return { status: message.statusCode ?? 0, headers: headersOf(message), body } satisfies HttpResponse;
      } catch (error) {
        throw translate(signal.aborted ? signal.reason : error, request);
      } finally {
        destroy();
      }
    },
    async open(request) {
      const deadline = new AbortController();
      const timer = setTimeout(() => deadline.abort(timeout(request)), request.timeout ?? DEFAULT_TIMEOUT);
      const signals = request.signal === undefined ? [deadline.signal] : [deadline.signal, request.signal];
      try {
        const { message, destroy } = await exchange(env, request, AbortSignal.any(signals));
        return {
          status: message.statusCode ?? 0,
          headers: headersOf(message),
          chunks: chunksOf(message, request),
          close: destroy,
        } satisfies HttpStream;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

interface Exchange {
  readonly message: http.IncomingMessage;
  readonly destroy: () => void;
}

function exchange(env: Host['env'], request: HttpRequest, signal: AbortSignal): Promise<Exchange> {
  const url = checkedUrl(request.url);
  return new Promise((resolve, reject) => {
    const agent = agentFor(url, request, env);
    const outgoing = (url.protocol === 'https:' ? https : http).request(url, {
      method: request.method,
      headers: { 'user-agent': 'drawbridge', ...linesOf(request.headers), ...contentLength(request) },
      agent,
      signal,
    });
    const destroy = () => {
      outgoing.destroy();
      agent.destroy();
    };
    outgoing.on('socket', (socket) => {
      if (!socket.connecting) return;
      const timer = setTimeout(
        () => outgoing.destroy(new Error(`no connection within ${CONNECT_TIMEOUT / 1000} s`)),
        CONNECT_TIMEOUT,
      );
      socket.once('connect', () => clearTimeout(timer));
      socket.once('close', () => clearTimeout(timer));
    });
    outgoing.once('response', (message) => resolve({ message, destroy }));
    outgoing.on('error', (error) => {
      destroy();
      reject(translate(signal.aborted ? signal.reason : error, request));
    });
    outgoing.end(request.body);
  });
}

function checkedUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new ToolError('input', `not an http or https URL: ${text}`);
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new ToolError('input', `refused to talk to ${url.host} without TLS`, {
      hint: 'Write https://; plain http is accepted for this machine (127.0.0.1, localhost, [::1]) only.',
    });
  }
  return url;
}

/** True for the names and addresses of this machine. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i.test(hostname);
}

function agentFor(url: URL, request: HttpRequest, env: Host['env']): http.Agent {
  const proxyEnv = request.proxy === undefined && isLoopback(url.hostname) ? {} : proxySettings(request, env);
  // `proxyEnv` is read by Node 24.5 and newer; older ones would go round the proxy in silence, so say it.
  if (Object.keys(proxyEnv).length > 0 && !supportsProxies()) {
    throw new ToolError('input', 'an HTTP proxy is configured, and this Node.js cannot use one', {
      hint: 'Run with Node.js 24.5 or newer.',
    });
  }
  if (url.protocol === 'http:') return new http.Agent({ keepAlive: false, proxyEnv } as http.AgentOptions);
  return new https.Agent({
    keepAlive: false,
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
    ...(request.ca === undefined ? {} : { ca: [...(request.onlyCa === true ? [] : rootCertificates()), request.ca] }),
    ...(request.certificate === undefined ? {} : { cert: request.certificate }),
    ...(request.key === undefined ? {} : { key: request.key }),
    ...(request.serverName === undefined ? {} : { servername: request.serverName }),
    proxyEnv,
  } as https.AgentOptions);
}

function proxySettings(request: HttpRequest, env: Host['env']): Record<string, string> {
  if (request.proxy !== undefined) return { HTTPS_PROXY: request.proxy, HTTP_PROXY: request.proxy };
  const names = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];
  const given = names.flatMap((name) => (env[name] ? [[name, env[name]] as const] : []));
  if (given.length === 0) return {};
  const noProxy = env.NO_PROXY ?? env.no_proxy;
  return { ...Object.fromEntries(given), ...(noProxy === undefined ? {} : { NO_PROXY: noProxy }) };
}

function supportsProxies(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 5);
}

function rootCertificates(): readonly string[] {
  // `getCACertificates` came with Node 22.15 and knows NODE_EXTRA_CA_CERTS too.
  return typeof tls.getCACertificates === 'function' ? tls.getCACertificates('default') : tls.rootCertificates;
}

function linesOf(headers: HttpRequest['headers'] = {}): http.OutgoingHttpHeaders {
  const lines = Object.entries(headers).map(
    ([name, value]) => [name, typeof value === 'string' ? value : [...value]] as const,
  );
  return Object.fromEntries(lines);
}

function contentLength(request: HttpRequest): Record<string, string> {
  return request.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(request.body)) };
}

function headersOf(message: http.IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

async function collect(message: http.IncomingMessage, request: HttpRequest): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of chunksOf(message, request)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function* chunksOf(message: http.IncomingMessage, request: HttpRequest): AsyncIterable<Uint8Array> {
  const maxBytes = request.maxBytes ?? DEFAULT_MAX_BYTES;
  let size = 0;
  try {
    for await (const chunk of message) {
      size += chunk.length;
      if (size > maxBytes)
        throw new ToolError('protocol', `${place(request)} answered with more than ${maxBytes} bytes`);
      yield chunk;
    }
  } catch (error) {
    throw translate(error, request);
  }
}

const CERTIFICATE_CODES = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_TLS_CERT|HOSTNAME_MISMATCH)/;

function translate(error: unknown, request: HttpRequest): unknown {
  if (error instanceof ToolError) return error;
  if (request.signal?.aborted) return request.signal.reason;
  if (isAbort(error)) return timeout(request);
  const { code = '', message = String(error) } = error as NodeJS.ErrnoException;
  if (CERTIFICATE_CODES.test(code)) {
    return new ToolError('denied', `${place(request)} showed a certificate that is not trusted (${code})`, {
      hint: certificateHint(code),
      cause: error,
    });
  }
  return new ToolError('temporary', `${place(request)} could not be reached: ${code || message}`, {
    hint: 'Check the address and that the server is up, then run again: nothing was lost.',
    cause: error,
  });
}

function certificateHint(code: string): string {
  if (code === 'CERT_HAS_EXPIRED') return 'It has run out: renew the certificate of the server.';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH') {
    return 'It is for other names: use a name that it holds in the address, or, in a kubeconfig, as tls-server-name.';
  }
  return 'Give the certificate authority as ca-certificate; verification cannot be switched off.';
}

function timeout(request: HttpRequest): ToolError {
  return new ToolError(
    'temporary',
    `${place(request)} did not answer within ${(request.timeout ?? DEFAULT_TIMEOUT) / 1000} s`,
  );
}

/** Origin and path, never the query or credentials. */
function place(request: HttpRequest): string {
  const url = new URL(request.url);
  return `${url.protocol}//${url.host}${url.pathname}`;
}
