import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RelatedObservation, Verdict } from '../../src/engines/delivery-engine.ts';
import { liveLines } from '../../src/host/live-lines.ts';
import { displayWidth } from '../../src/reporting/layout.ts';
import { type LiveRow, liveTable } from '../../src/reporting/live-table.ts';
import { createPaint } from '../../src/reporting/paint.ts';
import { createRedactor } from '../../src/reporting/redact.ts';

const PLAIN = createPaint(false);
const TIME = { elapsed: 41_000, remaining: 559_000 };
const observation = {
  state: 'progressing',
  trusted: false,
  seenRevision: 'b'.repeat(40),
} as unknown as RelatedObservation;
const rolling: Verdict = {
  kind: 'waiting',
  phase: 'rolling',
  reasons: ['Synced, Progressing, operation Succeeded'],
  observation,
};
const landed: Verdict = { kind: 'landed', phase: 'settling', reasons: [], observation };
const failed: Verdict = {
  kind: 'failed',
  phase: 'rolling',
  reasons: ['Pod web-1 Degraded: ErrImagePull'],
  observation,
};

function row(name: string, verdict: Verdict, since = 12): LiveRow {
  return { name, verdict, since };
}

describe('the live table', () => {
  it('shows each target with its state, revision, seconds and reason, and how far all are', () => {
    const rows = [row('shop-api', rolling), row('shop-web', landed, 30), row('mail', failed, 20)];
    expect(liveTable(rows, { columns: 100, rows: 24 }, TIME, PLAIN)).toEqual([
      'shop-api  rolling out  bbbbbbb    29  Synced, Progressing, operation Succeeded',
      'shop-web  landed       bbbbbbb    30',
      'mail      failed       bbbbbbb    20  Pod web-1 Degraded: ErrImagePull',
      '0:41  1 of 3 live and healthy; 9:19 left',
    ]);
  });

  it('leaves out those that have landed where there is no room', () => {
    const rows = [
      ...Array.from({ length: 30 }, (_, index) => row(`done-${index}`, landed)),
      ...Array.from({ length: 3 }, (_, index) => row(`busy-${index}`, rolling)),
    ];
    const lines = liveTable(rows, { columns: 80, rows: 10 }, TIME, PLAIN);
    expect(lines).toHaveLength(7);
    expect(lines.slice(0, 3).map((line) => line.split(' ')[0])).toEqual(['busy-0', 'busy-1', 'busy-2']);
    expect(lines.at(-1)).toBe('0:41  30 of 33 live and healthy; 27 not shown; 9:19 left');
  });

  it('is never wider than the screen, nor higher, nor anything but text', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    const size = fc.record({ columns: fc.integer({ min: 20, max: 200 }), rows: fc.integer({ min: 5, max: 60 }) });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 40 }), size, (names, screen) => {
        const rows = names.map(([name, reason]) => row(name, { ...failed, reasons: [reason] }));
        const lines = liveTable(rows, screen, TIME, PLAIN);
        expect(lines.length).toBeLessThanOrEqual(screen.rows);
        for (const line of lines) {
          expect(displayWidth(line)).toBeLessThan(screen.columns);
          expect(line).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
        }
      }),
    );
  });
});

describe('lines that are drawn in place', () => {
  const scene = () => {
    const written: string[] = [];
    const size = { columns: 40 };
    const redactor = createRedactor();
    const terminal = { columns: () => size.columns, rows: () => 10, write: (text: string) => void written.push(text) };
    return { written, size, redactor, lines: liveLines(terminal, redactor) };
  };

  it('are erased before they are drawn again, and stay once released', () => {
    const { written, lines } = scene();
    lines.draw(['a', 'b']);
    lines.draw(['c']);
    lines.release();
    lines.draw(['d']);
    expect(written).toEqual(['a\nb\n', '\x1b[2A\r\x1b[Jc\n', 'd\n']);
  });

  it('stay below the lines of the log', () => {
    const { written, lines } = scene();
    lines.draw(['table']);
    lines.above('warning: something');
    expect(written.at(-1)).toBe('\x1b[1A\r\x1b[Jwarning: something\ntable\n');
  });

  it('are counted as the rows that they take on a terminal that became narrower', () => {
    const { written, size, lines } = scene();
    lines.draw([`\x1b[31m${'x'.repeat(30)}\x1b[39m`]);
    size.columns = 20;
    lines.draw(['y']);
    expect(written.at(-1)).toBe('\x1b[2A\r\x1b[Jy\n');
  });

  it('never show a secret', () => {
    const { written, redactor, lines } = scene();
    redactor.add('a long secret');
    lines.draw(['it is a long secret']);
    expect(written.join('')).not.toContain('a long secret');
  });
});
