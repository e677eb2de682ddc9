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
  return { fetch: sdkFetch(host, { origin: ORIGIN }), sent, waits, left };
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
