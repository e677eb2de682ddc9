import type { ToolError } from '../errors.ts';
import { printResource } from '../manifests/resource.ts';
import type { Outcome, TargetOutcome } from '../outcome.ts';
import { adviceOf, type Finding, type Severity } from '../validation/finding.ts';
import { mostSevereFirst } from './count-findings.ts';
import { safeText } from './foreign-text.ts';
import { workflowCommand } from './github-command.ts';
import { pathFromRoot } from './located.ts';
import { verdictClause } from './words.ts';

/** The runner keeps the first ten of each level per step, and the first 4096 characters of a message. */
const PER_LEVEL = 10;
const MESSAGE_LIMIT = 4096;

const LEVEL = { error: 'error', warning: 'warning', info: 'notice' } as const satisfies Record<Severity, string>;

/**
 * Workflow commands that put targets and findings beside the lines they are about: most severe first, ten per level, and
 * one notice that says how many there were in all when some are left out.
 * @param directory working directory relative to the repository's root, `''` for the root itself
 */
export function renderAnnotations(outcome: Outcome, directory = ''): readonly string[] {
  const targets = outcome.targets.filter(({ verdict }) => verdict.kind !== 'landed');
  const findings = mostSevereFirst(outcome.findings);
  const of = (wanted: Severity, room: number) => findings.filter(({ severity }) => severity === wanted).slice(0, room);
  const errors = of('error', Math.max(0, PER_LEVEL - targets.length));
  const infos = of('info', PER_LEVEL);
  const commands = [
    ...targets.slice(0, PER_LEVEL).map(annotateTarget),
    ...[...errors, ...of('warning', PER_LEVEL), ...infos].map((finding) => annotateFinding(finding, directory)),
  ];
  const all = targets.length + findings.length;
  if (commands.length === all) return commands;
  const shown = infos.length === PER_LEVEL ? commands.slice(0, -1) : commands;
  return [...shown, moreNotice(all - shown.length)];
}

/** The annotation of a run that ended with an error. */
export function renderErrorAnnotation(command: string, error: ToolError): string {
  const lines = [error.message, ...error.problems.map((problem) => `- ${problem}`)];
  const hint = error.hint === undefined ? [] : [`Next: ${error.hint}`];
  return workflowCommand('error', { title: `drawbridge ${command}` }, messageOf([...lines, ...hint]));
}

function annotateFinding(finding: Finding, directory: string): string {
  const { severity, ruleId, resource, message } = finding;
  const hint = adviceOf(finding);
  const title = resource === undefined ? ruleId : `${ruleId} in ${printResource(resource)}`;
  const properties = { ...placeOf(finding, directory), title: safeText(title, 200) };
  const lines = hint === undefined ? [message] : [message, hint];
  return workflowCommand(LEVEL[severity], properties, messageOf(lines));
}

/** Columns hold only within one line; the runner drops them, with a complaint, where the end is on another. */
function placeOf(finding: Finding, directory: string): Readonly<Record<string, string | number | undefined>> {
  const file = safeText(pathFromRoot(finding.path, directory));
  const { line, endLine = line } = finding;
  if (endLine > line) return { file, line, endLine };
  return { file, line, endLine, col: finding.column, endColumn: finding.endColumn };
}

function annotateTarget({ target, verdict }: TargetOutcome): string {
  const words = `${target.name} ${verdictClause(verdict.kind)} in phase ${verdict.phase}`;
  const message = messageOf(verdict.reasons.length === 0 ? [words] : verdict.reasons);
  return workflowCommand('error', { title: safeText(words, 200) }, message);
}

function moreNotice(more: number): string {
  const words = `${more} more, not shown beside their lines: GitHub takes ten of each kind. The job summary lists all of them.`;
  return workflowCommand('notice', { title: 'More findings' }, words);
}

function messageOf(lines: readonly string[]): string {
  const text = lines.map((line) => safeText(line)).join('\n');
  return text.length <= MESSAGE_LIMIT ? text : `${text.slice(0, MESSAGE_LIMIT - 2)} …`;
}
