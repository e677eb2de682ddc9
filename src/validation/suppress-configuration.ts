import { pathFilter } from '../manifests/path-filter.ts';
import type { Finding } from './finding.ts';
import type { Suppression } from './suppress.ts';
import { isMadeOf } from './wildcard.ts';

/** An entry of `ignore` in the configuration file. What it does not name is not looked at. */
export interface IgnoreEntry {
  readonly rules: readonly string[];
  /** Globs, as `pathFilter` takes them. */
  readonly paths: readonly string[];
  /** Patterns with `*`. */
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  /** Where it stands. */
  readonly place: { readonly path: string; readonly line: number; readonly column: number };
}

export function configuredSuppression(entry: IgnoreEntry): Suppression {
  const { rules, place } = entry;
  return { source: 'configuration', rules, place, covers: { kind: 'matching', matches: matcherOf(entry) } };
}

/**
 * False where a run over some of the files cannot tell whether the entry is still needed: none of those that it is about
 * was looked at.
 */
export function isJudged(entry: IgnoreEntry, checked: readonly string[], whole: boolean): boolean {
  if (entry.paths.length === 0) return whole;
  const matches = pathFilter(entry.paths);
  return whole || checked.some(matches);
}

function matcherOf({ paths, kind, namespace, name }: IgnoreEntry): (finding: Finding) => boolean {
  const isPath = paths.length === 0 ? () => true : pathFilter(paths);
  const isKind = wildcard(kind);
  const isNamespace = wildcard(namespace);
  const isName = wildcard(name);
  return ({ path, resource }) =>
    isPath(path) && isKind(resource?.kind) && isNamespace(resource?.namespace) && isName(resource?.name);
}

function wildcard(pattern: string | undefined): (text: string | undefined) => boolean {
  if (pattern === undefined) return () => true;
  const parts = pattern.split('*');
  return (text) => text !== undefined && isMadeOf(text, parts);
}
