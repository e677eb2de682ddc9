import { describe, expect, it } from '@jest/globals';
import type { RelatedObservation, Verdict, VerdictKind } from '../../src/engines/delivery-engine.ts';
import type { TargetOutcome } from '../../src/outcome.ts';
import { crowdLine } from '../../src/reporting/crowd.ts';
import { createPaint } from '../../src/reporting/paint.ts';
import { targetBlocks } from '../../src/reporting/summary-blocks.ts';
import { targetLines } from '../../src/reporting/text-rollout.ts';
import { worstFirst } from '../../src/reporting/worst-first.ts';

function outcome(name: string, kind: VerdictKind): TargetOutcome {
  const verdict: Verdict = { kind, phase: 'settling', reasons: kind === 'landed' ? [] : ['no image'] };
  return { target: { name, kind: 'Application' }, verdict, seconds: 10, timeline: [] };
}

function outcomes(landed: number, failed: number): readonly TargetOutcome[] {
  const good = Array.from({ length: landed }, (_, index) => outcome(`good-${index}`, 'landed'));
  return [...good, ...Array.from({ length: failed }, (_, index) => outcome(`bad-${index}`, 'failed'))];
}

describe('a table of many targets', () => {
  it('keeps the order while all of them fit', () => {
    const targets = outcomes(39, 1);
    expect(worstFirst(targets)).toEqual({ shown: targets, rest: '' });
  });

  it('begins with the worst, and counts what it leaves out', () => {
    const { shown, rest } = worstFirst([...outcomes(460, 3), outcome('late', 'superseded')]);
    expect(shown.slice(0, 5).map(({ target }) => target.name)).toEqual(['bad-0', 'bad-1', 'bad-2', 'late', 'good-0']);
    expect(shown).toHaveLength(40);
    expect(rest).toBe('and 424 more: 424 landed');
  });

  it('is told so in the text, with the reasons of the first that failed', () => {
    const lines = targetLines(outcomes(460, 40), 100, createPaint(false));
    expect(lines[42]).toBe('  … and 460 more: 460 landed');
    expect(lines.filter((line) => line.includes('failed in phase'))).toHaveLength(20);
  });

  it('is told so in the summary', () => {
    const [table, more] = targetBlocks({ targets: outcomes(480, 20) } as unknown as Parameters<typeof targetBlocks>[0]);
    expect([...(table?.rows ?? [])]).toHaveLength(200);
    expect(more?.head).toEqual(['', '… and 300 more: 300 landed']);
  });
});

describe('the sign of life of many targets', () => {
  it('says how far they all are', () => {
    const observation = { state: 'progressing', trusted: false } as unknown as RelatedObservation;
    const waiting = (phase: Verdict['phase']): Verdict => ({ kind: 'waiting', phase, reasons: [], observation });
    const verdicts: readonly Verdict[] = [
      outcome('a', 'landed').verdict,
      outcome('b', 'failed').verdict,
      waiting('rolling'),
      waiting('rolling'),
      waiting('unseen'),
    ];
    expect(crowdLine(verdicts, 12, { elapsed: 30_000, remaining: 570_000 })).toBe(
      '  0:30  1 of 12 live and healthy; 2 rolling out, 1 failed, 1 not seen yet, 7 not read yet; 9:30 left',
    );
  });
});
