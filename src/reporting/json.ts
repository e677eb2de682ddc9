import type { Edit } from '../editing/edit.ts';
import { type ErrorCode, EXIT_CODE_OF_ERROR, ToolError } from '../errors.ts';
import type { Outcome, Result, TargetOutcome } from '../outcome.ts';
import { compareFindings, type Finding } from '../validation/finding.ts';
import { revisionOf } from './words.ts';

/**
 * The one JSON document of a run, described by `docs/outcome.schema.json`. Ends with `\n`. Values are as they are, not
 * made safe for people; but the text itself holds no character that a terminal or a CI log would act on, since those are
 * written as `\u` escapes, which every JSON reader turns back.
 */
export function renderJson(command: string, outcome: Outcome | ToolError, version: string): string {
  const run = outcome instanceof ToolError ? errorDocument(outcome) : outcomeDocument(outcome);
  return printJson({ tool: 'drawbridge', version, command, ...run });
}

/** Plain data as JSON that can be printed into any log; ends with `\n`. */
export function printJson(value: unknown): string {
  return `${escapeForLogs(JSON.stringify(value, null, 2))}\n`;
}

function outcomeDocument(outcome: Outcome): object {
  return {
    result: outcome.result,
    exitCode: outcome.exitCode,
    outputs: outcome.outputs,
    findings: [...outcome.findings].sort(compareFindings).map(findingRecord),
    edits: outcome.edits.map(editRecord),
    targets: outcome.targets.map(targetRecord),
  };
}

function errorDocument(error: ToolError): object {
  const { code, message, problems, hint = null } = error;
  const result = resultOfError(code);
  const nothing = { outputs: { result }, findings: [], edits: [], targets: [] };
  return { result, exitCode: EXIT_CODE_OF_ERROR[code], ...nothing, error: { code, message, problems, hint } };
}

/** The `result` output of a run that ended with an error. */
export function resultOfError(code: ErrorCode): Result {
  if (code === 'deadline') return 'timed-out';
  return code === 'interrupted' || code === 'terminated' ? 'cancelled' : 'error';
}

function findingRecord(finding: Finding): object {
  const { ruleId, severity, path, line, column, resource = null, message, hint = null } = finding;
  const { endLine, endColumn, pointer, unit } = finding;
  return { ruleId, severity, path, line, column, endLine, endColumn, resource, pointer, message, hint, unit };
}

function editRecord(edit: Edit): object {
  const { path, line, place, before, after, image = null, imageBefore = null, imageAfter = null } = edit;
  return { path, line, place, before, after, image, imageBefore, imageAfter };
}

/** One target as the `targets` array of the document shows it. */
export function targetRecord(outcome: TargetOutcome): object {
  const { target, verdict, seconds, timeline, diagnosis } = outcome;
  return {
    name: target.name,
    kind: target.kind,
    namespace: target.namespace,
    project: target.project,
    verdict: verdict.kind,
    state: verdict.observation?.state ?? null,
    phase: verdict.phase,
    revision: revisionOf(outcome),
    seconds,
    reasons: verdict.reasons,
    timeline,
    diagnosis: diagnosis === undefined ? null : { sections: diagnosis.sections, hints: diagnosis.hints },
  };
}

/** `#` before `[` goes too: the GitHub runner reads commands such as `##[error]` anywhere in a line. */
function escapeForLogs(json: string): string {
  return json.replace(
    /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]|(?<=#\p{M}*)#(?=\p{M}*\[)/gu,
    (character) =>
      Array.from({ length: character.length }, (_, index) => unicodeEscape(character.charCodeAt(index))).join(''),
  );
}

function unicodeEscape(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
