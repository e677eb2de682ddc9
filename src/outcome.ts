import type { Edit } from './editing/edit.ts';
import type { Diagnosis, Target, Verdict } from './engines/delivery-engine.ts';
import type { ObjectDifference } from './rendering/object-difference.ts';
import type { Finding } from './validation/finding.ts';
import type { CheckedObject, SkippedDocument } from './validation/report.ts';

export type Result = 'ok' | 'failed' | 'superseded' | 'blocked' | 'timed-out' | 'unreachable' | 'cancelled' | 'error';

/** Exit codes of results that are no error; see `errors.ts` for those that are. */
export const EXIT_CODE = { ok: 0, failed: 1, superseded: 3, blocked: 4, timedOut: 124 } as const;

/** One target of a wait, as every report shows it. */
export interface TargetOutcome {
  readonly target: Target;
  readonly verdict: Verdict;
  /** Seconds until the verdict. */
  readonly seconds: number;
  readonly timeline: readonly TimelineEntry[];
  readonly diagnosis?: Diagnosis;
}

export interface TimelineEntry {
  /** Seconds since the wait began. */
  readonly seconds: number;
  readonly phase: string;
  readonly state: string;
  readonly reason: string;
}

/** Rows for people; the most telling columns first, since those that do not fit are left out. All of it is foreign text. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Commits in full that cells show shortened. */
  readonly revisions?: readonly string[];
}

/** Addresses of pages on the forge. */
export interface Pages {
  /** By commit id in full. */
  readonly commits: Readonly<Record<string, string>>;
  /** By `path:line` of an edit. */
  readonly places: Readonly<Record<string, string>>;
}

/** What a command came to. Everything that is printed, written or returned is made from this. */
export interface Outcome {
  readonly result: Result;
  readonly exitCode: number;
  /** Names as in the output table of `inputs/definitions.ts`; all values are strings. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly findings: readonly Finding[];
  /** What was looked at, in order of place, for reports that name what passed and what was skipped too. */
  readonly checked?: readonly (CheckedObject | SkippedDocument)[];
  readonly edits: readonly Edit[];
  readonly targets: readonly TargetOutcome[];
  /** What the command shows beside them. */
  readonly tables?: readonly Table[];
  /** Where people can look at what is named here; absent where the forge has no pages. */
  readonly pages?: Pages;
  /** What differs between two revisions of what is rendered, object by object; values of Secrets are masked. */
  readonly differences?: readonly ObjectDifference[];
  /** The result in one line for people. */
  readonly headline: string;
  /** Lines below the headline. */
  readonly notes: readonly string[];
}
