import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ownText, ownWord } from '../../src/validation/own-text.ts';

const ANY_TEXT = fc.string({ unit: 'binary', maxLength: 40 }).chain((text) =>
  // Halves of pairs too: a text may be cut anywhere.
  fc.nat({ max: text.length }).map((from) => text.slice(from)),
);

describe('texts of their own', () => {
  it('are the same texts', () => {
    fc.assert(
      fc.property(ANY_TEXT, (text) => {
        expect(ownText(text)).toBe(text);
        expect(ownWord(text)).toBe(text);
      }),
    );
  });

  it('let go of what they were cut from', () => {
    const held = memoryHeldBy((text) => text);
    expect(held).toBeGreaterThan(50e6);
    expect(memoryHeldBy(ownText)).toBeLessThan(held / 10);
    expect(memoryHeldBy(ownWord)).toBeLessThan(held / 10);
  });
});

/** Bytes that stay in use while 100 names are kept, each out of a file of 900 KB. */
function memoryHeldBy(cut: (name: string) => string): number {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const kept = Array.from({ length: 100 }, (_, index) => cut(fileWith(index).slice(0, 30)));
  collectGarbage();
  const held = process.memoryUsage().heapUsed - before;
  expect(new Set(kept).size).toBe(100);
  return held;
}

function fileWith(index: number): string {
  const bytes = Buffer.alloc(900_000, 'x');
  bytes.write(`name-${index}`);
  return bytes.toString();
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}
