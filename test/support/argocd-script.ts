import { ToolError } from '../../src/errors.ts';
import type { Http, HttpRequest, HttpResponse, HttpStream } from '../../src/host.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** An answer; never answering; or a connection that fails. */
export type Reply = Partial<HttpResponse> | 'hang' | 'refuse';

/** What comes through a stream and when, in milliseconds since it was opened; after the last one it stays open, or ends. */
export interface StreamScript {
  readonly chunks: readonly { readonly at: number; readonly bytes: Uint8Array }[];
  readonly ends?: 'never' | 'closed' | 'broken';
  readonly headersAt?: number;
  readonly status?: number;
}

export interface Asked {
  readonly at: number;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

interface Rule {
  readonly key: string;
  /** How often it may be asked: exactly so often, or at least once. */
  readonly times: number | 'some';
  readonly reply: (asked: Asked) => Reply | StreamScript | Promise<Reply>;
  used: number;
}

export interface ArgocdScript {
  readonly http: Http;
  readonly asked: readonly Asked[];
  /** Answers `METHOD /path?query`. Rules of one key are used up in their order. */
  on(
    key: string,
    reply: Reply | StreamScript | ((asked: Asked) => Reply | StreamScript | Promise<Reply>),
    times?: number | 'some',
  ): ArgocdScript;
  /** Everything that was expected was asked, and nothing else. */
  verify(): void;
}

export const SERVER = 'https://argocd.example.com';

/** A server that answers what is written and fails the test on anything else, and on anything that is not asked. */
export function argocdScript(clock: VirtualClock): ArgocdScript {
  const rules: Rule[] = [];
  const asked: Asked[] = [];
  const unexpected: string[] = [];

  const ruleFor = (request: HttpRequest): { readonly rule: Rule; readonly ask: Asked } => {
    const path = request.url.slice(SERVER.length);
    const { method } = request;
    const headers = Object.fromEntries(
      Object.entries(request.headers ?? {}).map(([name, value]) => [name, String(value)]),
    );
    const body = typeof request.body === 'string' ? request.body : undefined;
    const ask = { at: clock.monotonic(), method, path, headers, body };
    asked.push(ask);
    const rule = rules.find(
      ({ key, times, used }) => key === `${method} ${path}` && (times === 'some' || used < times),
    );
    if (rule === undefined) {
      unexpected.push(`${method} ${path} at ${ask.at}`);
      throw new Error(`the script does not expect ${method} ${path} at ${ask.at} ms`);
    }
    rule.used++;
    return { rule, ask };
  };

  const script: ArgocdScript = {
    asked,
    http: {
      async send(request) {
        const { rule, ask } = ruleFor(request);
        const reply = (await rule.reply(ask)) as Reply;
        return within(clock, request, () => answer(clock, request, reply));
      },
      async open(request) {
        const { rule, ask } = ruleFor(request);
        const reply = (await rule.reply(ask)) as StreamScript;
        await within(clock, request, () => clock.sleep(reply.headersAt ?? 0, request.signal));
        return openStream(clock, request, reply);
      },
    },
    on(key, reply, times = 1) {
      rules.push({ key, times, reply: typeof reply === 'function' ? reply : () => reply, used: 0 });
      return script;
    },
    verify() {
      const unused = rules.filter(({ times, used }) => (times === 'some' ? used === 0 : used < times));
      const problems = [
        ...unexpected.map((one) => `unexpected: ${one}`),
        ...unused.map(({ key }) => `not asked: ${key}`),
      ];
      if (problems.length > 0) throw new Error(problems.join('\n'));
    },
  };
  return script;
}

async function answer(clock: VirtualClock, request: HttpRequest, reply: Reply): Promise<HttpResponse> {
  if (reply === 'refuse') throw new ToolError('temporary', 'argocd.example.com could not be reached: ECONNREFUSED');
  if (reply === 'hang') await clock.sleep(Number.MAX_SAFE_INTEGER, request.signal);
  const { status = 200, headers = {}, body = new Uint8Array() } = reply as Partial<HttpResponse>;
  return { status, body, headers: { date: new Date(clock.now()).toUTCString(), ...headers } };
}

/** What the transport promises: the request's own deadline and its signal. */
async function within<T>(clock: VirtualClock, request: HttpRequest, work: () => Promise<T>): Promise<T> {
  const ended = new AbortController();
  const signal = AbortSignal.any([ended.signal, ...(request.signal === undefined ? [] : [request.signal])]);
  const alarm = clock.sleep(request.timeout ?? 30_000, signal).then(() => {
    throw new ToolError(
      'temporary',
      `argocd.example.com did not answer within ${(request.timeout ?? 30_000) / 1000} s`,
    );
  });
  alarm.catch(() => undefined);
  try {
    return await Promise.race([work(), alarm]);
  } finally {
    ended.abort();
  }
}

function openStream(clock: VirtualClock, request: HttpRequest, script: StreamScript): HttpStream {
  const closed = new AbortController();
  const signal = AbortSignal.any([closed.signal, ...(request.signal === undefined ? [] : [request.signal])]);
  const opened = clock.monotonic();
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (const { at, bytes } of script.chunks) {
      await clock.sleep(Math.max(0, opened + at - clock.monotonic()), signal);
      yield bytes;
    }
    if (script.ends === 'broken') throw new ToolError('temporary', 'the connection broke');
    if (script.ends !== 'closed') await clock.sleep(Number.MAX_SAFE_INTEGER, signal);
  }
  const headers = { 'content-type': 'text/event-stream' };
  return { status: script.status ?? 200, headers, chunks: chunks(), close: () => closed.abort(new Error('closed')) };
}

const encoder = new TextEncoder();

export function json(
  value: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Partial<HttpResponse> {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: encoder.encode(JSON.stringify(value)),
  };
}

/** As grpc-gateway writes an error. */
export function refusal(status: number, code: number, message: string): Partial<HttpResponse> {
  return json({ error: message, code, message }, status);
}

export function page(status = 200): Partial<HttpResponse> {
  return { status, headers: { 'content-type': 'text/html' }, body: encoder.encode('<html><form>Log in</form></html>') };
}

/** As Argo CD frames an event: the newlines come in a chunk of their own. */
export function event(at: number, type: string, application: unknown): StreamScript['chunks'] {
  const line = `data: ${JSON.stringify({ result: { type, application } })} \n\n`;
  return [
    { at, bytes: encoder.encode(line) },
    { at, bytes: encoder.encode('\n') },
  ];
}

export function keepAlives(until: number): StreamScript['chunks'] {
  return Array.from({ length: Math.floor(until / 15_000) }, (_, index) => ({
    at: (index + 1) * 15_000,
    bytes: encoder.encode(':\n'),
  }));
}
