import { isAbort, ToolError } from '../errors.ts';
import type { Host, HttpRequest, HttpResponse } from '../host.ts';

export interface SdkFetchOptions {
  /** PEM, trusted beside the system's own. */
  readonly ca?: string;
  /** The only origin that anything is sent to, token and all. */
  readonly origin: string;
}

/** The signature that the SDKs ask for. */
export type SdkFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

const TRIES = 6;
/** Milliseconds of the first wait at most; each next one may be twice as long. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
/** GitHub asks for a minute after a secondary limit that names no time (https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api). */
const LIMITED_WAIT = 60_000;
/** Milliseconds that one read waits between its tries altogether. */
const WAITING_BUDGET = 120_000;

/**
 * The `fetch` that the SDKs of the forges are given, on the one transport. Their own retries send a POST up to ten times on
 * one 502 and cut a body off in silence, so they are switched off; here a read is tried again, and a write is sent once:
 * whoever sent it reads the state and decides. No redirect is followed, and nothing goes to another origin.
 * @throws ToolError temporary, denied (certificate), protocol
 */
export function sdkFetch(host: Pick<Host, 'http' | 'clock' | 'random' | 'signal'>, options: SdkFetchOptions): SdkFetch {
  return async (input, init) => {
    const request = await requestOf(new Request(input, init), options, host.signal);
    const answer = isRead(request) ? await readAgain(host, request) : await host.http.send(request);
    return responseOf(answer);
  };
}

async function requestOf(request: Request, { ca, origin }: SdkFetchOptions, signal: AbortSignal): Promise<HttpRequest> {
  if (new URL(request.url).origin !== origin) {
    throw new ToolError('protocol', `refused to send a request for ${origin} to ${new URL(request.url).origin}`);
  }
  const body = request.body === null ? undefined : new Uint8Array(await request.arrayBuffer());
  return {
    method: request.method as HttpRequest['method'],
    url: request.url,
    headers: Object.fromEntries(request.headers),
    signal,
    ...(body === undefined ? {} : { body }),
    ...(ca === undefined ? {} : { ca }),
  };
}

function isRead({ method }: HttpRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

async function readAgain(
  { http, clock, random, signal }: Pick<Host, 'http' | 'clock' | 'random' | 'signal'>,
  request: HttpRequest,
): Promise<HttpResponse> {
  let waited = 0;
  for (let attempt = 1; ; attempt++) {
    const result = await http.send(request).catch(temporaryOnly);
    const wait = waitAfter(result, attempt, random());
    if (wait === undefined || attempt === TRIES || waited + wait > WAITING_BUDGET) {
      if (result instanceof ToolError) throw result;
      return result;
    }
    waited += wait;
    await clock.sleep(wait, signal);
  }
}

function temporaryOnly(error: unknown): ToolError {
  if (error instanceof ToolError && error.code === 'temporary' && !isAbort(error)) return error;
  throw error;
}

/** Milliseconds to wait before another try; undefined where another one changes nothing. */
function waitAfter(result: HttpResponse | ToolError, attempt: number, random: number): number | undefined {
  const jittered = random * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** attempt);
  if (result instanceof ToolError) return jittered;
  const isLimit = result.status === 429 || isRateLimit(result);
  if (!isLimit && result.status < 500) return undefined;
  return retryAfter(result) ?? (isLimit ? LIMITED_WAIT : jittered);
}

/** GitHub answers 403 for both of its limits (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api). */
function isRateLimit({ status, headers, body }: HttpResponse): boolean {
  if (status !== 403) return false;
  return (
    headers['x-ratelimit-remaining'] === '0' ||
    headers['retry-after'] !== undefined ||
    /secondary rate limit/i.test(new TextDecoder().decode(body))
  );
}

/** From `Retry-After` (seconds or a date) or `X-RateLimit-Reset` (seconds since 1970), by the server's own clock. */
function retryAfter({ headers }: HttpResponse): number | undefined {
  const now = Date.parse(headers.date ?? '');
  const value = headers['retry-after'];
  if (value !== undefined) {
    const seconds = /^\d+$/.test(value.trim()) ? Number(value) : (Date.parse(value) - now) / 1000;
    return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 1), 24 * 3600) * 1000 : LIMITED_WAIT;
  }
  const reset = headers['x-ratelimit-remaining'] === '0' ? Number(headers['x-ratelimit-reset']) * 1000 : Number.NaN;
  return Number.isFinite(reset - now) ? Math.max(reset - now, 0) + 1000 : undefined;
}

const WITHOUT_BODY: ReadonlySet<number> = new Set([101, 204, 205, 304]);

function responseOf({ status, headers, body }: HttpResponse): Response {
  return new Response(WITHOUT_BODY.has(status) ? null : new Uint8Array(body), { status, headers });
}
