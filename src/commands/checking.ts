import type { CheckOptions, CheckReport } from '../validation/check.ts';
import type { Finding } from '../validation/finding.ts';

export interface CheckingInputs {
  readonly missingSchema: CheckOptions['missingSchema'];
  readonly strict: boolean;
  readonly disableRules: readonly string[];
}

export function checkOptions({ missingSchema, strict, disableRules }: CheckingInputs): CheckOptions {
  return { missingSchema, strict, disableRules };
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
