import type { ToolError } from '../errors.ts';
import { printResource } from '../manifests/resource.ts';
import type { Outcome, TargetOutcome } from '../outcome.ts';
import { compareFindings, type Finding, type Severity } from '../validation/finding.ts';
import { safeText } from './foreign-text.ts';
import { workflowCommand } from './github-command.ts';
import { verdictClause } from './words.ts';

/** The runner keeps the first ten of each level per step, and the first 4096 characters of a message. */
const PER_LEVEL = 10;
const MESSAGE_LIMIT = 4096;

const LEVEL = { error: 'error', warning: 'warning', info: 'notice' } as const satisfies Record<Severity, string>;

interface Annotation {
  readonly severity: Severity;
  readonly command: string;
}

/**
 * Workflow commands that put targets and findings beside the lines they are about: most severe first, ten per level, and
 * one notice that says how many there were in all when some are left out.
 * @param directory working directory relative to the repository's root, `''` for the root itself
 */
export function renderAnnotations(outcome: Outcome, directory = ''): readonly string[] {
  const all = [
    ...outcome.targets.filter(({ verdict }) => verdict.kind !== 'landed').map(annotateTarget),
    ...[...outcome.findings].sort(compareFindings).map((finding) => annotateFinding(finding, directory)),
  ];
  const tooMany = (['error', 'warning', 'info'] as const).some((severity) => level(all, severity).length > PER_LEVEL);
  const shown = [
    ...level(all, 'error').slice(0, PER_LEVEL),
    ...level(all, 'warning').slice(0, PER_LEVEL),
    ...level(all, 'info').slice(0, tooMany ? PER_LEVEL - 1 : PER_LEVEL),
  ];
  const more = all.length - shown.length;
  return [...shown.map(({ command }) => command), ...(more > 0 ? [moreNotice(more)] : [])];
}

/** The annotation of a run that ended with an error. */
export function renderErrorAnnotation(command: string, error: ToolError): string {
  const lines = [error.message, ...error.problems.map((problem) => `- ${problem}`)];
  const hint = error.hint === undefined ? [] : [`Next: ${error.hint}`];
  return workflowCommand('error', { title: `drawbridge ${command}` }, messageOf([...lines, ...hint]));
}

function level(annotations: readonly Annotation[], severity: Severity): readonly Annotation[] {
  return annotations.filter((annotation) => annotation.severity === severity);
}

function annotateFinding(finding: Finding, directory: string): Annotation {
  const { severity, ruleId, resource, message, hint } = finding;
  const title = resource === undefined ? ruleId : `${ruleId} in ${printResource(resource)}`;
  const properties = { ...placeOf(finding, directory), title: safeText(title, 200) };
  const lines = hint === undefined ? [message] : [message, hint];
  return { severity, command: workflowCommand(LEVEL[severity], properties, messageOf(lines)) };
}

/** Columns hold only within one line; the runner drops them, with a complaint, where the end is on another. */
function placeOf(finding: Finding, directory: string): Readonly<Record<string, string | number | undefined>> {
  const file = safeText(directory === '' ? finding.path : `${directory}/${finding.path}`);
  const { line, endLine = line } = finding;
  if (endLine > line) return { file, line, endLine };
  return { file, line, endLine, col: finding.column, endColumn: finding.endColumn };
}

function annotateTarget({ target, verdict }: TargetOutcome): Annotation {
  const words = `${target.name} ${verdictClause(verdict.kind)} in phase ${verdict.phase}`;
  const message = messageOf(verdict.reasons.length === 0 ? [words] : verdict.reasons);
  return { severity: 'error', command: workflowCommand('error', { title: safeText(words, 200) }, message) };
}

function moreNotice(more: number): string {
  const words = `${more} more, not shown beside their lines: GitHub takes ten of each kind. The job summary lists all of them.`;
  return workflowCommand('notice', { title: 'More findings' }, words);
}

function messageOf(lines: readonly string[]): string {
  const text = lines.map((line) => safeText(line)).join('\n');
  return text.length <= MESSAGE_LIMIT ? text : `${text.slice(0, MESSAGE_LIMIT - 2)} …`;
}
