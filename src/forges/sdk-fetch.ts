import { isAbort, ToolError } from '../errors.ts';
import type { Host, HttpRequest, HttpResponse } from '../host.ts';
import { withGrace } from './grace.ts';

export interface SdkFetchOptions {
  /** PEM, trusted beside the system's own. */
  readonly ca?: string;
  /** The only origin that anything is sent to, token and all. */
  readonly origin: string;
  /** Writes are sent also when the run was cancelled before, once and for 3 s: they tell that it was. */
  readonly lastWords?: boolean;
}

/** The signature that the SDKs ask for. */
export type SdkFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

const TRIES = 6;
/** Milliseconds of the first wait at most; each next one may be twice as long. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
/** GitHub asks for a minute after a secondary limit that names no time (https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api). */
const LIMITED_WAIT = 60_000;
/** Milliseconds that one request waits between its tries altogether. */
const WAITING_BUDGET = 120_000;
/** The same for a word that nobody should wait long for. */
const LAST_WORDS_BUDGET = 5_000;

/**
 * The `fetch` that the SDKs of the forges are given, on the one transport. Their own retries send a POST up to ten times on
 * one 502 and cut a body off in silence, so they are switched off; here a read is tried again, and a write is sent once:
 * whoever sent it reads the state and decides. Only a limit of the server is waited out for a write too, since its answer
 * says that nothing was done. No redirect is followed, and nothing goes to another origin.
 * When the run is cancelled, a read ends at once, and a write under way has 3 s to end in a known state.
 * @throws ToolError temporary, denied (certificate), protocol; interrupted, terminated
 */
export function sdkFetch(host: Transport, options: SdkFetchOptions): SdkFetch {
  return async (input, init) => {
    const request = await requestOf(new Request(input, init), options);
    const answer = isRead(request) ? await readAgain(host, request) : await write(host, request, options);
    return responseOf(answer, request.url);
  };
}

type Transport = Pick<Host, 'http' | 'clock' | 'random' | 'signal'>;

async function requestOf(request: Request, { ca, origin }: SdkFetchOptions): Promise<HttpRequest> {
  if (new URL(request.url).origin !== origin) {
    throw new ToolError('protocol', `refused to send a request for ${origin} to ${new URL(request.url).origin}`);
  }
  const body = request.body === null ? undefined : new Uint8Array(await request.arrayBuffer());
  return {
    method: request.method as HttpRequest['method'],
    url: request.url,
    headers: Object.fromEntries(request.headers),
    ...(body === undefined ? {} : { body }),
    ...(ca === undefined ? {} : { ca }),
  };
}

function isRead({ method }: HttpRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

function readAgain(host: Transport, request: HttpRequest): Promise<HttpResponse> {
  const send = () => host.http.send({ ...request, signal: host.signal }).catch(temporaryOnly);
  return again(host, send, waitAfter);
}

function write(host: Transport, request: HttpRequest, { lastWords }: SdkFetchOptions): Promise<HttpResponse> {
  const send = () => {
    if (lastWords !== true) host.signal.throwIfAborted();
    return sendOnce(host, request);
  };
  return again(host, send, waitForLimit, lastWords === true ? LAST_WORDS_BUDGET : WAITING_BUDGET);
}

/** Sends until the answer is final, as often and as long as it may. */
async function again(
  { clock, random, signal }: Transport,
  send: () => Promise<HttpResponse | ToolError>,
  waitOf: typeof waitAfter,
  budget = WAITING_BUDGET,
): Promise<HttpResponse> {
  let waited = 0;
  for (let attempt = 1; ; attempt++) {
    const result = await send();
    const wait = waitOf(result, attempt, random());
    if (wait === undefined || attempt === TRIES || waited + wait > budget) {
      if (result instanceof ToolError) throw result;
      return result;
    }
    waited += wait;
    await clock.sleep(wait, signal);
  }
}

/** A write that is under way when the run is cancelled is not broken off at once: its answer says what was done. */
async function sendOnce(host: Transport, request: HttpRequest): Promise<HttpResponse> {
  const { signal, dispose } = withGrace(host);
  try {
    return await host.http.send({ ...request, signal });
  } catch (error) {
    throw signal.aborted ? unknownEffect(error, request) : error;
  } finally {
    dispose();
  }
}

function unknownEffect(error: unknown, { method, url }: HttpRequest): unknown {
  if (!(error instanceof ToolError)) return error;
  const text = `${error.message}; whether ${method} ${new URL(url).pathname} took effect is not known`;
  return new ToolError(error.code, text, { hint: 'Run this again: what was done is found again.', cause: error });
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

/** As `waitAfter`, of an answer that proves that nothing was done. */
function waitForLimit(result: HttpResponse | ToolError, attempt: number, random: number): number | undefined {
  const isLimit = !(result instanceof ToolError) && (result.status === 429 || isRateLimit(result));
  return isLimit ? waitAfter(result, attempt, random) : undefined;
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

/** GitHub's SDK takes its pages apart with the address of the answer, which a `Response` made by hand has not. */
function responseOf({ status, headers, body }: HttpResponse, url: string): Response {
  const response = new Response(WITHOUT_BODY.has(status) ? null : new Uint8Array(body), { status, headers });
  return Object.defineProperty(response, 'url', { value: url });
}
