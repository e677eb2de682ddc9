import type { ToolError } from '../errors.ts';
import type { Outcome } from '../outcome.ts';
import { renderJson } from './json.ts';
import { renderError, renderText, type TextOptions } from './text.ts';

/** All that a report can be made from. */
export interface ReportInput {
  readonly command: string;
  readonly version: string;
  readonly outcome: Outcome | ToolError;
  readonly text?: TextOptions;
  /** Where paths of findings start, relative to the root of the repository; `''` for the root itself. */
  readonly directory?: string;
  /** The least severe finding that fails what it is about. */
  readonly failOn?: 'error' | 'warning';
  /** Milliseconds since 1970. */
  readonly startedAt?: number;
}

export type Render = (input: ReportInput) => string;

/** The values of `format`: what is printed at the end of a run. */
export const FORMATS = {
  text: ({ outcome, text }) => (outcome instanceof Error ? renderError(outcome, text) : renderText(outcome, text)),
  json: ({ command, outcome, version }) => renderJson(command, outcome, version),
} as const satisfies Record<string, Render>;

/** The kinds of `reports`, `KIND=FILE`: what is written beside it. Loaded when wanted. */
export const REPORTS = {
  sarif: async () => (await import('./sarif.ts')).renderSarif,
  codequality: async () => (await import('./codequality.ts')).renderCodeQuality,
  junit: async () => (await import('./junit.ts')).renderJUnit,
  json: async () => FORMATS.json,
  tap: async () => (await import('./tap.ts')).renderTap,
  comment: async () => (await import('./comment.ts')).renderComment,
} as const satisfies Record<string, () => Promise<Render>>;

export type Format = keyof typeof FORMATS;
export type ReportKind = keyof typeof REPORTS;
