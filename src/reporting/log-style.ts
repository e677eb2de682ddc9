import type { LogLevel } from '../host.ts';
import { safeLines, safeText } from './foreign-text.ts';
import { workflowCommand } from './github-command.ts';
import { sectionEnd, sectionId, sectionStart } from './gitlab-sections.ts';
import { type Colour, createPaint, type Paint } from './paint.ts';

/** A group of log lines between its start and its end. */
export interface LogGroup {
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** How one kind of log shows lines and groups. Pure text, without the last line end; `''` means that nothing is to be printed. */
export interface LogStyle {
  /** The message made safe and marked with its level. */
  line(level: LogLevel, message: string): string;
  groupStart(group: LogGroup): string;
  /** @param now milliseconds since 1970 */
  groupEnd(group: LogGroup, now: number): string;
}

export type LogKind = 'github' | 'gitlab' | 'terminal';

/** Which log it is, from the variables that the CI systems set in every job. */
export function logKind(env: Readonly<Record<string, string | undefined>>): LogKind {
  if (env.GITHUB_ACTIONS === 'true') return 'github';
  return env.GITLAB_CI === 'true' ? 'gitlab' : 'terminal';
}

/** Colours only for a terminal that can show them, and never where `NO_COLOR` is set (https://no-color.org). */
export function wantsColour(env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  return isTerminal && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
}

/** GitLab's log shows colours although it is no terminal; GitHub's shows its own for each level. */
export function createLogStyle(
  kind: LogKind,
  options: { readonly colour: boolean; readonly noColour?: boolean },
): LogStyle {
  if (kind === 'github') return GITHUB;
  return kind === 'gitlab' ? gitlab(createPaint(options.noColour !== true)) : terminal(createPaint(options.colour));
}

const GITHUB: LogStyle = {
  line: (level, message) => (level === 'info' ? safeLines(message) : workflowCommand(level, {}, safeLines(message))),
  groupStart: ({ title }) => workflowCommand('group', {}, safeText(title)),
  groupEnd: () => workflowCommand('endgroup', {}, ''),
};

function gitlab(paint: Paint): LogStyle {
  return {
    line: (level, message) => marked(level, message, paint),
    groupStart: (group) => sectionStart(sectionId(group.title, group.startedAt), group.title, group.startedAt),
    groupEnd: (group, now) => sectionEnd(sectionId(group.title, group.startedAt), now),
  };
}

function terminal(paint: Paint): LogStyle {
  return {
    line: (level, message) => marked(level, message, paint),
    groupStart: ({ title }) => paint('bold', safeText(title)),
    groupEnd: () => '',
  };
}

const MARKS: Readonly<Record<Exclude<LogLevel, 'info'>, { readonly word: string; readonly colour: Colour }>> = {
  debug: { word: 'debug: ', colour: 'dim' },
  warning: { word: 'warning: ', colour: 'yellow' },
  error: { word: 'error: ', colour: 'red' },
};

function marked(level: LogLevel, message: string, paint: Paint): string {
  const text = safeLines(message);
  if (level === 'info') return text;
  const { word, colour } = MARKS[level];
  return level === 'debug' ? paint(colour, word + text) : paint(colour, word) + text;
}
