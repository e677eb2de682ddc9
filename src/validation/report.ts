import type { ResourceId } from '../manifests/resource.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import type { Baseline } from './baseline.ts';
import type { CelEngine } from './cel/engine.ts';
import type { Finding } from './finding.ts';
import type { Repository } from './manifest-set.ts';
import type { SuppressionSource } from './suppress.ts';
import type { IgnoreEntry } from './suppress-configuration.ts';

export interface CheckOptions {
  /** What an object of an unknown kind is: an error, a warning, or nothing. It is counted as skipped in any case. */
  readonly missingSchema: 'error' | 'warn' | 'skip';
  /** False: unknown fields and duplicate keys are warnings. */
  readonly strict: boolean;
  /** Rule ids, or groups such as `schema`. */
  readonly disableRules: readonly string[];
  /** Rules that are off unless they are named here; by id or group. */
  readonly enableRules?: readonly string[];
  /** The files to check; the others only say what these are (a kustomize patch, a patched base). Default: all. */
  readonly only?: (path: string) => boolean;
  /** Paths that were added, edited or deleted: only what they affect is told. Default: all is. */
  readonly changed?: ReadonlySet<string>;
  /** The repository that the files are in, where it is known. */
  readonly repository?: Repository;
  /** True where every manifest of the repository is among the files. */
  readonly whole?: boolean;
  /** What the configuration file asks to leave out. */
  readonly ignore?: readonly IgnoreEntry[];
  /** Findings that are known and accepted. */
  readonly baseline?: Baseline;
  /** What evaluates CEL: see `loadCel`. Without it no rule in CEL passes; each is reported as not evaluated. */
  readonly cel?: CelEngine;
  /** Files with ValidatingAdmissionPolicies that are not checked themselves. */
  readonly policies?: readonly SourceFile[];
  /** Files that were found and not read. */
  readonly unread?: readonly UnreadFile[];
}

/** What was found in objects that were rendered from the files. */
export interface RenderedFindings {
  /** Each has a unit, and its place in the source. */
  readonly findings: readonly Finding[];
  /** True for a finding about a document as it stands in its file, where what it is rendered to was checked instead. */
  replaces(finding: Finding): boolean;
}

export interface UnreadFile {
  readonly path: string;
  readonly reason: string;
  /** That its size or its name is why is a finding. */
  readonly fault?: 'size' | 'name';
}

export interface CheckReport {
  readonly findings: readonly Finding[];
  readonly files: number;
  /** Objects that were checked; an item of a List is one. */
  readonly documents: number;
  readonly skipped: readonly SkippedDocument[];
  /** The objects behind `documents`, for reports that name what passed too; those without a schema are in `skipped`. */
  readonly objects: readonly CheckedObject[];
  /** How many findings were left out, by what asked for it. */
  readonly suppressed: SuppressedCounts;
  /** What a baseline of this run would hold. */
  readonly baseline: readonly Finding[];
}

export type SuppressedCounts = Readonly<Record<SuppressionSource | 'baseline', number>>;

export interface CheckedObject {
  readonly path: string;
  /** Where its document begins. */
  readonly line: number;
  readonly resource: ResourceId;
}

export interface SkippedDocument {
  readonly path: string;
  /** From 1, within the file. */
  readonly document: number;
  readonly line: number;
  readonly reason: string;
  /** Where it is known what it would be. */
  readonly resource?: ResourceId;
}
