import { compareFindings, type Finding, type Severity } from '../validation/finding.ts';

export type SeverityCounts = Readonly<Record<Severity, number>>;

/** The findings of one rule or one file. */
export interface Group {
  readonly name: string;
  readonly findings: readonly Finding[];
  readonly counts: SeverityCounts;
}

/** Groups by rule or by path: those with the most errors first, then warnings, then infos, then by name. */
export function groupFindings(findings: readonly Finding[], by: 'ruleId' | 'path'): readonly Group[] {
  const groups = [...Map.groupBy(findings, (finding) => finding[by])].map(([name, members]) => ({
    name,
    findings: members,
    counts: countSeverities(members),
  }));
  return groups.sort(
    ({ name: nameA, counts: a }, { name: nameB, counts: b }) =>
      b.error - a.error || b.warning - a.warning || b.info - a.info || (nameA < nameB ? -1 : 1),
  );
}

export function countSeverities(findings: readonly Finding[]): SeverityCounts {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const { severity } of findings) counts[severity]++;
  return counts;
}

/** `2 errors, 1 warning`. */
export function countWords({ error, warning, info }: SeverityCounts): string {
  const words = [plural(error, 'error'), plural(warning, 'warning'), plural(info, 'info')];
  return words.filter((word) => !word.startsWith('0 ')).join(', ');
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** From here on findings are too many to be read one after the other: they get headings and totals. */
export const MANY_FINDINGS = 20;

/** Errors, then warnings, then infos, each in order of place: what has to be cut is cut at the end. */
export function mostSevereFirst(findings: readonly Finding[]): readonly Finding[] {
  const inOrder = [...findings].sort(compareFindings);
  const of = (wanted: Severity) => inOrder.filter(({ severity }) => severity === wanted);
  return [...of('error'), ...of('warning'), ...of('info')];
}
