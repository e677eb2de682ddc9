import { ToolError } from '../errors.ts';
import type { Clock, Log, LogLevel } from '../host.ts';
import type { LogStyle } from '../reporting/log-style.ts';
import type { Redactor } from '../reporting/redact.ts';
import { liveLines, type Terminal } from './live-lines.ts';

export interface LogOptions {
  readonly style: LogStyle;
  readonly redactor: Redactor;
  readonly level: LogLevel;
  readonly clock: Clock;
  /** Where a finished line goes, without its line end. */
  readonly write: (line: string) => void;
  /** Where that is a terminal that can draw in place. */
  readonly terminal?: Terminal;
}

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warning: 2, error: 3 };

/** The log that people read along: each line made safe by the style, then redacted. */
export function createLog({ style, redactor, level, clock, write, terminal }: LogOptions): Log {
  const live = terminal === undefined || RANK.info < RANK[level] ? undefined : liveLines(terminal, redactor);
  const put = live?.above ?? write;
  const print = (line: string) => {
    if (line !== '') put(redactor.redact(line));
  };
  const at = (lineLevel: LogLevel) => (message: string) => {
    // Before and after: the style cuts and escapes, which can hide a secret from the redactor or make one up again.
    if (RANK[lineLevel] >= RANK[level]) print(style.line(lineLevel, redactor.redact(message)));
  };
  return {
    ...(live === undefined ? {} : { live }),
    debug: at('debug'),
    info: at('info'),
    warning: at('warning'),
    error: at('error'),
    secret: (value) => redactor.add(value),
    async group(title, body) {
      if (RANK.info < RANK[level]) return body();
      const group = { title, startedAt: clock.now() };
      print(style.groupStart(group));
      try {
        return await body();
      } finally {
        print(style.groupEnd(group, clock.now()));
      }
    },
  };
}

export function readLogLevel(text: string | undefined): LogLevel {
  return text !== undefined && text in RANK ? (text as LogLevel) : 'info';
}

/** A foreign error as one of ours, so that nothing but a `ToolError` reaches people. */
export function asToolError(error: unknown): ToolError {
  if (error instanceof ToolError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ToolError('internal', `An error in Drawbridge itself: ${message}`, {
    hint: 'Run again with log-level debug and report what it prints.',
    cause: error,
  });
}
