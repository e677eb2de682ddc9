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
}

export type Render = (input: ReportInput) => string;

/** The values of `format`: what is printed at the end of a run. */
export const FORMATS = {
  text: ({ outcome, text }) => (outcome instanceof Error ? renderError(outcome, text) : renderText(outcome, text)),
  json: ({ command, outcome, version }) => renderJson(command, outcome, version),
} as const satisfies Record<string, Render>;

/** The kinds of `reports`, `KIND=FILE`: what is written beside it. */
export const REPORTS = {
  json: FORMATS.json,
} as const satisfies Record<string, Render>;

export type Format = keyof typeof FORMATS;
