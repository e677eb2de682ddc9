import type { Outcome } from '../outcome.ts';
import type { CheckOptions, CheckReport } from '../validation/check.ts';
import type { Finding } from '../validation/finding.ts';
import { count } from './words.ts';

export interface CheckingInputs {
  readonly missingSchema: CheckOptions['missingSchema'];
  readonly strict: boolean;
  readonly disableRules: readonly string[];
  readonly enableRules: readonly string[];
}

export function checkOptions(inputs: CheckingInputs): CheckOptions {
  const { missingSchema, strict, disableRules, enableRules } = inputs;
  return { missingSchema, strict, disableRules, enableRules };
}

export function isFailure(findings: readonly Finding[], failOn: 'error' | 'warning'): boolean {
  return findings.some(({ severity }) => severity === 'error' || (failOn === 'warning' && severity === 'warning'));
}

/** The outputs `documents`, `errors`, `warnings` and `skipped`. */
export function countsOf({ documents, findings, skipped }: CheckReport): Readonly<Record<string, string>> {
  const of = (severity: Finding['severity']) =>
    String(findings.filter((finding) => finding.severity === severity).length);
  return {
    documents: String(documents),
    errors: of('error'),
    warnings: of('warning'),
    skipped: String(skipped.length),
  };
}

/** Objects and skipped documents together, in order of place. */
export function checkedOf({ objects, skipped }: CheckReport): NonNullable<Outcome['checked']> {
  return [...objects, ...skipped].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line));
}

const MOST_REASONS = 8;

/** One line per reason for which documents were skipped, the most frequent first, so that nothing is left out in silence. */
export function skippedNotes({ skipped }: Pick<CheckReport, 'skipped'>): readonly string[] {
  const counts = new Map<string, number>();
  for (const { reason } of skipped) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const rows = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const shown = rows.slice(0, MOST_REASONS).map(([reason, number]) => `${number} skipped: ${reason}`);
  const left = rows.slice(MOST_REASONS).reduce((sum, [, number]) => sum + number, 0);
  return left === 0 ? shown : [...shown, `${left} skipped for other reasons`];
}

const BY: Readonly<Record<keyof CheckReport['suppressed'], string>> = {
  comment: 'by comments',
  annotation: 'by annotations',
  configuration: 'by the configuration',
  baseline: 'by the baseline',
};

/** `3 findings suppressed: 2 by comments, 1 by the baseline`; nothing where none is. */
export function suppressedNotes({ suppressed }: Pick<CheckReport, 'suppressed'>): readonly string[] {
  const rows = (['comment', 'annotation', 'configuration', 'baseline'] as const).filter((key) => suppressed[key] > 0);
  const all = rows.reduce((sum, key) => sum + suppressed[key], 0);
  if (all === 0) return [];
  return [`${count(all, 'finding')} suppressed: ${rows.map((key) => `${suppressed[key]} ${BY[key]}`).join(', ')}`];
}
