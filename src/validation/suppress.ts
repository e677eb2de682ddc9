import type { ResourceId } from '../manifests/resource.ts';
import type { Finding } from './finding.ts';
import { names } from './switched-on.ts';

export type SuppressionSource = 'comment' | 'annotation' | 'configuration';

/** A wish to leave findings out of the report. */
export interface Suppression {
  readonly source: SuppressionSource;
  /** Rule ids or groups. */
  readonly rules: readonly string[];
  /** Where the wish itself stands. */
  readonly place: { readonly path: string; readonly line: number; readonly column: number };
  readonly covers: Coverage;
}

/** Which findings of its rules a suppression is about. */
export type Coverage =
  | { readonly kind: 'line'; readonly path: string; readonly line: number }
  | { readonly kind: 'object'; readonly path: string; readonly resource: ResourceId }
  | { readonly kind: 'matching'; readonly matches: (finding: Finding) => boolean };

export interface Suppressed {
  readonly kept: readonly Finding[];
  readonly dropped: Readonly<Record<SuppressionSource, number>>;
  /** Those that no finding needed. */
  readonly unused: readonly Suppression[];
}

/** Takes out what is suppressed, and tells which wishes met nothing. */
export function suppress(findings: readonly Finding[], suppressions: readonly Suppression[]): Suppressed {
  const used = new Set<Suppression>();
  const dropped = { comment: 0, annotation: 0, configuration: 0 };
  const lookUp = byPath(suppressions);
  const kept = findings.filter((finding) => {
    const matching = lookUp(finding.path).filter((candidate) => isAbout(candidate, finding));
    const [first] = matching;
    for (const suppression of matching) used.add(suppression);
    if (first !== undefined) dropped[first.source]++;
    return first === undefined;
  });
  return { kept, dropped, unused: suppressions.filter((suppression) => !used.has(suppression)) };
}

function byPath(suppressions: readonly Suppression[]): (path: string) => readonly Suppression[] {
  const anywhere = suppressions.filter(({ covers }) => covers.kind === 'matching');
  const inFiles = Map.groupBy(suppressions, ({ covers }) => (covers.kind === 'matching' ? '' : covers.path));
  return (path) => [...(inFiles.get(path) ?? []), ...anywhere];
}

function isAbout({ rules, covers }: Suppression, finding: Finding): boolean {
  if (!names(rules, finding.ruleId)) return false;
  if (covers.kind === 'matching') return covers.matches(finding);
  if (covers.path !== finding.path) return false;
  return covers.kind === 'line' ? covers.line === finding.line : isSame(covers.resource, finding.resource);
}

function isSame(a: ResourceId, b: ResourceId | undefined): boolean {
  return a.apiVersion === b?.apiVersion && a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
}
