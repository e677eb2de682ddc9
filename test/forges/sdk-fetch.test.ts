import { describe, expect, it } from '@jest/globals';
import { ToolError } from '../../src/errors.ts';
import { sdkFetch } from '../../src/forges/sdk-fetch.ts';
import type { Host, HttpRequest, HttpResponse } from '../../src/host.ts';

const ORIGIN = 'https://forge.example.test';

type Answer = Partial<Omit<HttpResponse, 'body'>> & { readonly body?: string };

/** A transport that gives these answers in order, and a clock that only notes how long it was to wait. */
function machine(...answers: readonly (Answer | ToolError)[]) {
  const left = [...answers];
  const sent: HttpRequest[] = [];
  const waits: number[] = [];
  const send = async (request: HttpRequest): Promise<HttpResponse> => {
    sent.push(request);
    const answer = left.shift();
    if (answer === undefined) throw new Error('one request too many');
    if (answer instanceof ToolError) throw answer;
    return { status: 200, headers: {}, ...answer, body: new TextEncoder().encode(answer.body ?? '{}') };
  };
  const clock = {
    now: () => 0,
    monotonic: () => 0,
    sleep: async (milliseconds: number) => void waits.push(milliseconds),
  };
  const host = { http: { send }, clock, random: () => 1, signal: new AbortController().signal } as unknown as Host;
  const fetch = (input: string, init?: RequestInit, options: { readonly lastWords?: boolean } = {}) =>
    sdkFetch(host, { origin: ORIGIN, ...options })(input, init);
  return { fetch, sent, waits, left };
}

const DOWN = new ToolError('temporary', 'cut');

describe('the fetch of the forges', () => {
  it('carries method, headers and body to the transport, and the answer back', async () => {
    const { fetch, sent } = machine({ status: 201, headers: { 'content-type': 'application/json' }, body: '{"a":1}' });
    const answer = await fetch(`${ORIGIN}/x`, { method: 'POST', headers: { authorization: 'Bearer t' }, body: '{}' });
    expect([answer.status, await answer.json()]).toEqual([201, { a: 1 }]);
    expect(sent).toEqual([
      expect.objectContaining({
        method: 'POST',
        url: `${ORIGIN}/x`,
        headers: expect.objectContaining({ authorization: 'Bearer t' }),
      }),
    ]);
  });

  it('tries a read again after failures and cuts, with growing waits, six times at most', async () => {
    const { fetch, waits } = machine({ status: 502 }, DOWN, { status: 503 }, { status: 200, body: '[]' });
    expect((await fetch(`${ORIGIN}/x`)).status).toBe(200);
    expect(waits).toEqual([1000, 2000, 4000]);
    const gone = machine(...Array(6).fill({ status: 500 }));
    expect([(await gone.fetch(`${ORIGIN}/x`)).status, gone.left.length]).toEqual([500, 0]);
    await expect(machine(...Array(6).fill(DOWN)).fetch(`${ORIGIN}/x`)).rejects.toBe(DOWN);
  });

  it('sends a write once, whatever comes back', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const { fetch, sent } = machine({ status: 502 });
      expect((await fetch(`${ORIGIN}/x`, { method })).status).toBe(502);
      expect(sent).toHaveLength(1);
      await expect(machine(DOWN).fetch(`${ORIGIN}/x`, { method })).rejects.toBe(DOWN);
    }
  });

  it.each([
    ['seconds', { status: 429, headers: { 'retry-after': '7' } }, [7_000]],
    [
      'a date, by the clock of the server',
      {
        status: 503,
        headers: { date: 'Tue, 24 Nov 2026 08:00:00 GMT', 'retry-after': 'Tue, 24 Nov 2026 08:00:20 GMT' },
      },
      [20_000],
    ],
    ['nonsense', { status: 429, headers: { 'retry-after': 'soon' } }, [60_000]],
    [
      'a past date',
      {
        status: 429,
        headers: { date: 'Tue, 24 Nov 2026 08:00:00 GMT', 'retry-after': 'Tue, 24 Nov 2026 07:00:00 GMT' },
      },
      [1_000],
    ],
    [
      'the reset of a limit',
      {
        status: 403,
        headers: {
          date: 'Tue, 24 Nov 2026 08:00:00 GMT',
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': String(Date.parse('2026-11-24T08:00:30Z') / 1000),
        },
      },
      [31_000],
    ],
    [
      'a secondary limit without a time',
      { status: 403, body: '{"message":"You have exceeded a secondary rate limit"}' },
      [60_000],
    ],
  ])('waits as long as the server asks for: %s', async (_what, answer, expected) => {
    const { fetch, waits } = machine(answer, { status: 200 });
    expect((await fetch(`${ORIGIN}/x`)).status).toBe(200);
    expect(waits).toEqual(expected);
  });

  it('does not wait longer than its budget', async () => {
    const { fetch, waits } = machine({ status: 429, headers: { 'retry-after': '86400' } });
    expect((await fetch(`${ORIGIN}/x`)).status).toBe(429);
    expect(waits).toEqual([]);
  });

  it.each([
    ['429', { status: 429, headers: { 'retry-after': '7' } }, [7_000]],
    ['403 with a time', { status: 403, headers: { 'retry-after': '3' } }, [3_000]],
    ['a secondary limit', { status: 403, body: '{"message":"You have exceeded a secondary rate limit"}' }, [60_000]],
  ])('waits a limit out for a write as well, since nothing was done: %s', async (_what, answer, expected) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const { fetch, sent, waits } = machine(answer, { status: 201 });
      expect((await fetch(`${ORIGIN}/x`, { method, body: '{"a":1}' })).status).toBe(201);
      expect([sent.length, waits]).toEqual([2, expected]);
      expect(sent[1]).toEqual(sent[0] === undefined ? undefined : { ...sent[0], signal: expect.anything() });
    }
  });

  it('waits for a limit no longer than a last word is worth', async () => {
    const limit = { status: 429, headers: { 'retry-after': '9' } };
    const { fetch, sent } = machine(limit);
    expect((await fetch(`${ORIGIN}/x`, { method: 'POST' }, { lastWords: true })).status).toBe(429);
    expect(sent).toHaveLength(1);
  });

  it('does not send a write again where the server may have done it', async () => {
    const broken = { status: 503, headers: { 'retry-after': '1' } };
    for (const answer of [broken, { status: 504 }, { status: 403 }, DOWN]) {
      const { fetch, sent } = machine(answer);
      await fetch(`${ORIGIN}/x`, { method: 'POST' }).catch(() => undefined);
      expect(sent).toHaveLength(1);
    }
  });

  it('takes an ordinary refusal as the answer, and follows no redirect', async () => {
    for (const status of [302, 401, 403, 404, 422])
      expect((await machine({ status }).fetch(`${ORIGIN}/x`)).status).toBe(status);
  });

  it('sends nothing to another origin', async () => {
    const { fetch, sent } = machine();
    await expect(fetch('https://elsewhere.example.test/x')).rejects.toMatchObject({ code: 'protocol' });
    expect(sent).toEqual([]);
  });
});

describe('the fetch of the forges, when the run is cancelled', () => {
  const INTERRUPTED = new ToolError('interrupted', 'Interrupted');

  /** A server that answers when told to, and a clock whose only sleeper wakes when told to. */
  function pending(options: { readonly lastWords?: boolean } = {}) {
    const run = new AbortController();
    const answers = Promise.withResolvers<HttpResponse>();
    const wake = Promise.withResolvers<void>();
    const sent: HttpRequest[] = [];
    const slept: number[] = [];
    const send = (request: HttpRequest): Promise<HttpResponse> => {
      sent.push(request);
      request.signal?.addEventListener('abort', () => answers.reject(request.signal?.reason));
      return answers.promise;
    };
    const sleep = (milliseconds: number) => {
      slept.push(milliseconds);
      return wake.promise;
    };
    const clock = { now: () => 0, monotonic: () => 0, sleep };
    const host = { http: { send }, clock, random: () => 1, signal: run.signal } as unknown as Host;
    const answer = { status: 201, headers: {}, body: new TextEncoder().encode('{}') };
    return { fetch: sdkFetch(host, { origin: ORIGIN, ...options }), run, answers, answer, wake, sent, slept };
  }

  const started = () => new Promise((resolve) => setImmediate(resolve));

  it('breaks a read off at once', async () => {
    const { fetch, run } = pending();
    const reading = fetch(`${ORIGIN}/x`);
    await started();
    run.abort(INTERRUPTED);
    await expect(reading).rejects.toBe(INTERRUPTED);
  });

  it('lets a write that is under way end, and tells its answer', async () => {
    const { fetch, run, answers, answer, slept } = pending();
    const writing = fetch(`${ORIGIN}/x`, { method: 'POST' });
    await started();
    run.abort(INTERRUPTED);
    await started();
    answers.resolve(answer);
    expect([(await writing).status, slept]).toEqual([201, [3_000]]);
  });

  it('says that the effect is not known when no answer came in time', async () => {
    const { fetch, run, wake } = pending();
    const writing = fetch(`${ORIGIN}/x?y=z`, { method: 'POST' });
    await started();
    run.abort(INTERRUPTED);
    wake.resolve();
    await expect(writing).rejects.toMatchObject({
      code: 'interrupted',
      message: 'Interrupted; whether POST /x took effect is not known',
      hint: expect.stringContaining('Run this again'),
    });
  });

  it('does not begin another write', async () => {
    const { fetch, run, sent } = pending();
    run.abort(INTERRUPTED);
    await expect(fetch(`${ORIGIN}/x`, { method: 'POST' })).rejects.toBe(INTERRUPTED);
    expect(sent).toEqual([]);
  });

  it('sends the last words, once and for three seconds', async () => {
    const { fetch, run, answers, answer, slept } = pending({ lastWords: true });
    run.abort(INTERRUPTED);
    const writing = fetch(`${ORIGIN}/x`, { method: 'POST' });
    await started();
    answers.resolve(answer);
    expect([(await writing).status, slept]).toEqual([201, [3_000]]);
    const late = pending({ lastWords: true });
    late.run.abort(INTERRUPTED);
    late.wake.resolve();
    await expect(late.fetch(`${ORIGIN}/x`, { method: 'POST' })).rejects.toMatchObject({ code: 'interrupted' });
    expect(late.sent).toHaveLength(1);
  });
});
