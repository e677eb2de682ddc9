import type { Finding } from './finding.ts';

export interface CheckOptions {
  /** What an object of an unknown kind is: an error, a warning, or nothing. It is counted as skipped in any case. */
  readonly missingSchema: 'error' | 'warn' | 'skip';
  /** False: unknown fields and duplicate keys are warnings. */
  readonly strict: boolean;
  /** Rule ids, or groups such as `schema`. */
  readonly disableRules: readonly string[];
  /** The files to check; the others only say what these are (a kustomize patch, a patched base). Default: all. */
  readonly only?: (path: string) => boolean;
  /** Files that were found and not read. */
  readonly unread?: readonly UnreadFile[];
}

export interface UnreadFile {
  readonly path: string;
  readonly reason: string;
  /** True where its size is why: that is a finding. */
  readonly overLimit: boolean;
}

export interface CheckReport {
  readonly findings: readonly Finding[];
  readonly files: number;
  /** Objects that were checked; an item of a List is one. */
  readonly documents: number;
  readonly skipped: readonly SkippedDocument[];
}

export interface SkippedDocument {
  readonly path: string;
  /** From 1, within the file. */
  readonly document: number;
  readonly line: number;
  readonly reason: string;
}
