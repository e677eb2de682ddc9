import { ToolError } from '../errors.ts';
import type { Outcome } from '../outcome.ts';
import type { CheckOptions, CheckReport } from '../validation/check.ts';
import type { Finding } from '../validation/finding.ts';
import { isRuleName, ruleSuggestion } from '../validation/read-configuration.ts';
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

/**
 * Holds the names in `disable-rules` and `enable-rules` against the rules and groups that there are.
 * @throws ToolError input with every name that is none
 */
export function checkRuleNames({ disableRules, enableRules }: RuleNames): void {
  const problemsOf = (input: string, names: readonly string[]) =>
    names
      .filter((name) => !isRuleName(name))
      .map((name) => `${input}: ${name} is no rule and no group of rules. ${ruleSuggestion(name)}`);
  const problems = [...problemsOf('disable-rules', disableRules), ...problemsOf('enable-rules', enableRules)];
  if (problems.length === 0) return;
  throw new ToolError('input', 'There are no such rules.', {
    problems,
    hint: 'Name each rule on its own; schema, or schema/*, is a whole group.',
  });
}

export type RuleNames = Pick<CheckingInputs, 'disableRules' | 'enableRules'>;

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

/** One line per reason for which documents were skipped, the most frequent first. There are no more reasons than kinds of files. */
export function skippedNotes({ skipped }: Pick<CheckReport, 'skipped'>): readonly string[] {
  const counts = new Map<string, number>();
  for (const { reason } of skipped) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const rows = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return rows.map(([reason, number]) => `${number} skipped: ${reason}`);
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
