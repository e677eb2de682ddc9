import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { streamDecoder } from '../../../src/engines/argocd/event-stream.ts';

const encoder = new TextEncoder();

function decodeAll(chunks: readonly Uint8Array[]) {
  const decode = streamDecoder();
  return chunks.flatMap((chunk) => decode(chunk));
}

const TEXT = [
  'data: {"result":{"type":"ADDED","application":{"metadata":{"name":"läuft 🚀"}}}} \n\n\n',
  ':\n',
  '{"result":{"type":"MODIFIED","application":{"n":2}}}\n',
  '\r\n',
  '{"error":{"grpc_code":14,"http_code":503,"message":"shutting down","http_status":"Service Unavailable"}}\n',
].join('');

const EVENTS = [
  { kind: 'change', type: 'ADDED', application: { metadata: { name: 'läuft 🚀' } } },
  { kind: 'alive' },
  { kind: 'change', type: 'MODIFIED', application: { n: 2 } },
  { kind: 'error', message: 'shutting down' },
];

describe('a stream', () => {
  it('is read in both framings', () => expect(decodeAll([encoder.encode(TEXT)])).toEqual(EVENTS));

  it('is the same wherever it is cut', () => {
    const bytes = encoder.encode(TEXT);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 20 }), (cuts) => {
        const ends = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const chunks = ends.slice(1).map((end, index) => bytes.subarray(ends[index], end));
        expect(decodeAll(chunks)).toEqual(EVENTS);
      }),
    );
  });

  it('says of a line that is no JSON that it is an error', () => {
    expect(decodeAll([encoder.encode('data: {"result":\n')])).toEqual([
      { kind: 'error', message: 'a line that is no JSON' },
    ]);
    expect(decodeAll([encoder.encode('event: ping\nid: 1\n<html>\n')])).toEqual([]);
  });

  it('keeps half an event until it is whole, and takes 5 MB in small chunks', () => {
    const decode = streamDecoder();
    const line = encoder.encode(
      `data: ${JSON.stringify({ result: { application: { text: 'x'.repeat(5_000_000) } } })}\n`,
    );
    const started = performance.now();
    const events: unknown[] = [];
    for (let start = 0; start < line.length; start += 4096) events.push(...decode(line.subarray(start, start + 4096)));
    expect(events).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('ends a line that never ends', () => {
    const decode = streamDecoder();
    const megabyte = new Uint8Array(1024 * 1024).fill(120);
    const kinds = Array.from({ length: 33 }, () => decode(megabyte)).flat();
    expect(kinds).toEqual([{ kind: 'error', message: 'a line without an end' }]);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.array(fc.uint8Array()), (chunks) => void decodeAll(chunks)));
  });
});
