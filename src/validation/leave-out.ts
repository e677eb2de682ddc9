import type { Baseline } from './baseline.ts';
import type { Finding } from './finding.ts';
import { isRuleName, ruleSuggestion } from './read-configuration.ts';
import type { CheckOptions, SuppressedCounts } from './report.ts';
import { RULES } from './rules/registry.ts';
import type { Rule } from './rules/rule.ts';
import { unusedSuppression } from './rules/suppress-unused.ts';
import { type Suppression, suppress } from './suppress.ts';
import { configuredSuppression, isJudged } from './suppress-configuration.ts';
import { isSwitchedOn, names } from './switched-on.ts';

export interface Settled {
  readonly findings: readonly Finding[];
  readonly suppressed: SuppressedCounts;
  /** What a baseline of this run would hold: all that is not suppressed otherwise. */
  readonly baseline: readonly Finding[];
}

/** Leaves out what comments, annotations, the configuration and the baseline ask to, and tells which of them met nothing. */
export function settle(
  findings: readonly Finding[],
  inFiles: readonly Suppression[],
  checked: readonly string[],
  options: CheckOptions,
): Settled {
  const entries = (options.ignore ?? []).map((entry) => ({ entry, suppression: configuredSuppression(entry) }));
  const { kept, dropped, unused } = suppress(findings, [...inFiles, ...entries.map(({ suppression }) => suppression)]);
  const whole = isWhole(options);
  const unjudged = new Set(
    entries.filter(({ entry }) => !isJudged(entry, checked, whole)).map(({ suppression }) => suppression),
  );
  const told = isSwitchedOn(unusedSuppression, options)
    ? unused.filter((suppression) => !unjudged.has(suppression)).flatMap((suppression) => tell(suppression, options))
    : [];
  const { baseline } = options;
  if (baseline === undefined) {
    return { findings: [...kept, ...told], suppressed: { ...dropped, baseline: 0 }, baseline: kept };
  }
  const rest = baseline.apply(kept);
  const stale = whole && isSwitchedOn(unusedSuppression, options) ? staleBaseline(baseline, rest.unused) : [];
  const suppressed = { ...dropped, baseline: rest.dropped };
  return { findings: [...rest.kept, ...told, ...stale], suppressed, baseline: kept };
}

function isWhole({ whole, only, changed }: CheckOptions): boolean {
  return whole === true && only === undefined && changed === undefined;
}

/** No more than this many findings on names that one wish has wrong. */
const MOST = 20;

/** A wish about rules that did not run says nothing wrong. */
function tell({ source, rules, place }: Suppression, options: CheckOptions): readonly Finding[] {
  const { id: ruleId, severity } = unusedSuppression;
  const finding = (message: string, hint: string) => ({ ruleId, severity, ...place, message, hint });
  const wrong = rules.filter((name) => !isRuleName(name));
  if (rules.length === 0) return [finding(`This ${NOUN[source]} names no rule.`, HOW)];
  if (wrong.length > 0) {
    return wrong
      .slice(0, MOST)
      .map((name) => finding(`This ${NOUN[source]} names ${name}, which is no rule.`, ruleSuggestion(name)));
  }
  const isRunning = RULES.some((rule) => names(rules, rule.id) && isSwitchedOn(rule, options) && canSee(rule, options));
  if (!isRunning) return [];
  return [finding(`This ${NOUN[source]} suppresses nothing: no finding of ${rules.join(', ')} is here.`, 'Remove it.')];
}

/** What rules over several files find depends on which files are there. */
function canSee(rule: Rule, options: CheckOptions): boolean {
  return !('checkSet' in rule) || isWhole(options);
}

const HOW = 'Write the ids of rules with commas between them, then the reason.';
const NOUN: Readonly<Record<Suppression['source'], string>> = {
  comment: 'comment',
  annotation: 'annotation',
  configuration: 'entry',
};

function staleBaseline({ path }: Baseline, count: number): readonly Finding[] {
  if (count === 0) return [];
  const { id: ruleId, severity } = unusedSuppression;
  const message = `The baseline counts ${count} more ${count === 1 ? 'finding than there is' : 'findings than there are'}.`;
  return [{ ruleId, severity, path, line: 1, column: 1, message, hint: 'Write it anew with write-baseline.' }];
}
