import type { ResourceId } from '../manifests/resource.ts';
import type { Finding } from './finding.ts';
import { names, namesOf } from './switched-on.ts';

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
  const met = new Set<Group>();
  const dropped = { comment: 0, annotation: 0, configuration: 0 };
  const lookUp = lookUpIn(suppressions);
  const kept = findings.filter((finding) => {
    const matching = lookUp(finding);
    const [first] = matching[0] ?? [];
    for (const group of matching) met.add(group);
    if (first !== undefined) dropped[first.source]++;
    return first === undefined;
  });
  const used = new Set([...met].flat());
  return { kept, dropped, unused: suppressions.filter((suppression) => !used.has(suppression)) };
}

type Group = readonly Suppression[];

/**
 * The suppressions that are about a finding, in the order of comments, annotations, configuration. Those of a file are found
 * by where they are and what they name, and stand for each other where both are the same, however many there are.
 */
function lookUpIn(suppressions: readonly Suppression[]): (finding: Finding) => readonly Group[] {
  const anywhere = suppressions.flatMap((one) => (one.covers.kind === 'matching' ? [{ one, group: [one] }] : []));
  const inFiles = Map.groupBy(suppressions, ({ covers }) => (covers.kind === 'matching' ? '' : covers.path));
  const indexed = new Map<string, Index>();
  const inFile = (path: string): Index | undefined => {
    const own = inFiles.get(path);
    if (own === undefined) return undefined;
    const index = indexed.get(path) ?? indexOf(own);
    indexed.set(path, index);
    return index;
  };
  return (finding) => [
    ...(inFile(finding.path)?.(finding) ?? []),
    ...anywhere.filter(({ one }) => isAbout(one, finding)).map(({ group }) => group),
  ];
}

type Index = (finding: Finding) => readonly Group[];

function indexOf(suppressions: readonly Suppression[]): Index {
  const pairs = suppressions.flatMap((suppression) => suppression.rules.map((name) => ({ suppression, name })));
  const byKey = Map.groupBy(pairs, ({ suppression, name }) => keyOf(suppression.covers, name));
  const groups = new Map([...byKey].map(([key, found]) => [key, found.map(({ suppression }) => suppression)]));
  const take = (covers: Coverage, ruleId: string) =>
    namesOf(ruleId).flatMap((name) => {
      const group = groups.get(keyOf(covers, name));
      return group === undefined ? [] : [group];
    });
  return ({ path, line, resource, ruleId }) => [
    ...take({ kind: 'line', path, line }, ruleId),
    ...(resource === undefined ? [] : take({ kind: 'object', path, resource }, ruleId)),
  ];
}

function keyOf(covers: Coverage, name: string): string {
  if (covers.kind === 'line') return `${covers.line} ${name}`;
  if (covers.kind === 'matching') return name;
  const { apiVersion, kind, namespace, name: own } = covers.resource;
  return JSON.stringify([apiVersion, kind, namespace, own, name]);
}

function isAbout({ rules, covers }: Suppression, finding: Finding): boolean {
  return covers.kind === 'matching' && names(rules, finding.ruleId) && covers.matches(finding);
}
