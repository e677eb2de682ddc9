import { describe, expect, it } from '@jest/globals';
import type { Outcome } from '../../src/outcome.ts';
import type { ObjectDifference } from '../../src/rendering/object-difference.ts';
import { renderComment } from '../../src/reporting/comment.ts';
import { differenceLines } from '../../src/reporting/differences.ts';
import { createPaint } from '../../src/reporting/paint.ts';

function difference(name: string, lines: number): ObjectDifference {
  return {
    unit: 'kustomization apps',
    change: 'changed',
    resource: { apiVersion: 'v1', kind: 'ConfigMap', name },
    lines: [
      { sign: '@', text: '4 lines' },
      { sign: ' ', text: '```' },
      ...Array.from({ length: lines }, (_, index) => ({ sign: '+' as const, text: `  line ${index}` })),
    ],
  };
}

function outcome(differences: readonly ObjectDifference[]): Outcome {
  const nothing = { findings: [], edits: [], targets: [], outputs: {}, notes: [] };
  return { ...nothing, result: 'ok', exitCode: 0, headline: 'Objects differ', differences };
}

describe('a difference for people', () => {
  it('names the object and what renders it, then the lines', () => {
    expect(differenceLines([difference('a', 1)], createPaint(false))).toEqual([
      '± ConfigMap a (kustomization apps)',
      '    @ 4 lines',
      '      ```',
      '    +   line 0',
    ]);
  });

  it('shows the beginning of what is long, and counts the rest', () => {
    expect(differenceLines([difference('a', 500)], createPaint(false)).at(-1)).toBe('    @ 302 more lines');
    const many = Array.from({ length: 20 }, (_, index) => difference(`m${index}`, 500));
    expect(differenceLines(many, createPaint(false)).at(-1)).toBe(
      '… and 10 more objects; format json names all of them',
    );
  });
});

describe('a difference as Markdown', () => {
  const render = (differences: readonly ObjectDifference[]) =>
    renderComment({ command: 'diff', version: '1.0.0', outcome: outcome(differences) });

  it('is an index, then a folded block for each object that its content cannot end', () => {
    const text = render([difference('a', 1)]);
    expect(text).toContain('| changed | `ConfigMap a` | `kustomization apps` |');
    expect(text).toContain('````diff\n@@ 4 lines\n ```\n+  line 0\n````');
  });

  it('keeps to the size of a comment, every block whole', () => {
    const text = render(Array.from({ length: 200 }, (_, index) => difference(`m${index}`, 150)));
    expect(Buffer.byteLength(text)).toBeLessThan(60_000);
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
    expect(text).toContain('More is left out here');
    expect(text).toContain('`ConfigMap m199`');
  });
});
