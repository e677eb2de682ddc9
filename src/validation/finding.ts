import type { ResourceId } from '../manifests/resource.ts';

export type Severity = 'error' | 'warning' | 'info';

/** One thing that is wrong in one place. */
export interface Finding {
  /** `group/name`, such as `schema/unknown-field`: the file `src/validation/rules/` and `docs/rules/` name it by. */
  readonly ruleId: string;
  readonly severity: Severity;
  /** Relative to `working-directory`, with `/`. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  readonly resource?: ResourceId;
  /** JSON pointer into the document. */
  readonly pointer?: string;
  readonly message: string;
  readonly hint?: string;
  /** What was rendered when it showed, such as `HelmRelease web/podinfo`; absent for what is wrong in a file as it stands. */
  readonly unit?: string;
}

/** The hint of a finding and what was rendered when it showed, as sentences for people. */
export function adviceOf({ message, hint, unit }: Finding): string | undefined {
  const seen =
    unit === undefined || message.toLowerCase().includes(unit.toLowerCase()) ? [] : [`Seen when rendering ${unit}.`];
  const sentences = [...(hint === undefined ? [] : [hint]), ...seen];
  return sentences.length === 0 ? undefined : sentences.join(' ');
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** Stable order for every report: path, line, column, severity, rule. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    compareText(a.path, b.path) ||
    a.line - b.line ||
    a.column - b.column ||
    RANK[a.severity] - RANK[b.severity] ||
    compareText(a.ruleId, b.ruleId) ||
    compareText(a.message, b.message)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
