import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readAnswer } from '../../../src/engines/api/answer.ts';

const encoder = new TextEncoder();

function answer(
  status: number,
  type: string | undefined,
  body: string,
  headers: Readonly<Record<string, string>> = {},
) {
  const withType = type === undefined ? headers : { 'content-type': type, ...headers };
  return readAnswer({ status, headers: withType, body: encoder.encode(body) });
}

describe('an answer', () => {
  it('is taken when it is JSON, with the time of the server', () => {
    const date = 'Sun, 22 Nov 2026 10:00:00 GMT';
    expect(answer(200, 'application/json', '{"a":1}', { date })).toEqual({
      kind: 'ok',
      value: { a: 1 },
      serverNow: Date.parse(date),
    });
  });

  it.each([
    ['a login page', 200, 'text/html', '<html></html>'],
    ['a login page that is forbidden', 403, 'text/html; charset=utf-8', '<html></html>'],
    ['a body that was cut', 200, 'application/json', '{"metadata":{"name":'],
    ['nothing', 200, 'application/json', ''],
    ['no content type', 200, undefined, '{}'],
    ['a text in JSON', 200, 'application/json', '"ok"'],
    ['a redirect', 307, undefined, ''],
  ])('%s is unknown', (_what, status, type, body) => {
    expect(answer(status, type, body).kind).toBe('unknown');
  });

  it.each([
    [
      403,
      'application/json',
      '{"error":"permission denied","code":7,"message":"permission denied"}',
      'permission denied',
    ],
    [
      403,
      'application/json',
      '{"error":{"grpc_code":7,"http_code":403,"message":"permission denied: logs"}}',
      'permission denied: logs',
    ],
    [415, 'text/plain; charset=utf-8', 'Invalid content type\n', 'Invalid content type'],
    [404, 'application/json', '{}', ''],
  ])('%s is a refusal, with its words', (status, type, body, message) => {
    expect(answer(status, type, body)).toEqual({ kind: 'refused', status, message });
  });

  it.each([
    [429, { 'retry-after': '7' }, 7_000],
    [503, { 'retry-after': 'Sun, 22 Nov 2026 10:00:30 GMT', date: 'Sun, 22 Nov 2026 10:00:00 GMT' }, 30_000],
    [503, { 'retry-after': 'Sun, 22 Nov 2026 09:00:00 GMT', date: 'Sun, 22 Nov 2026 10:00:00 GMT' }, 0],
    [503, { 'retry-after': 'soon' }, undefined],
    [502, {}, undefined],
  ])('%s is worth another try', (status, headers, after) => {
    expect(answer(status, undefined, '', headers)).toMatchObject({
      kind: 'again',
      ...(after === undefined ? {} : { after }),
    });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 599 }),
        fc.constantFrom('application/json', 'text/html', 'text/plain'),
        fc.uint8Array(),
        (status, type, body) => {
          readAnswer({ status, headers: { 'content-type': type }, body });
        },
      ),
    );
  });
});
