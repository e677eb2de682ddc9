/**
 * The closed list of what can go wrong, apart from a verdict on the change itself.
 * Only the front ends catch a `ToolError`; conflict, not-ready and already-done are values, not errors.
 */
export type ErrorCode =
  | 'input'
  | 'data'
  | 'missing'
  | 'internal'
  | 'io'
  | 'temporary'
  | 'protocol'
  | 'denied'
  | 'deadline'
  | 'interrupted'
  | 'terminated';

/** Exit codes of `ToolError`s, after BSD's sysexits where one fits (https://man.freebsd.org/cgi/man.cgi?sysexits). */
export const EXIT_CODE_OF_ERROR: Readonly<Record<ErrorCode, number>> = {
  input: 64,
  data: 65,
  missing: 69,
  internal: 70,
  io: 74,
  temporary: 75,
  protocol: 76,
  denied: 77,
  deadline: 124,
  interrupted: 130,
  terminated: 143,
};

export interface ToolErrorDetails {
  /** What to do next, one sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** Every single problem where several were found at once, each a sentence that names its place. */
  readonly problems?: readonly string[];
}

/** A failure told to people: what happened and where (`message`), and what to do next (`hint`). */
export class ToolError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly problems: readonly string[];

  constructor(code: ErrorCode, message: string, details: ToolErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'ToolError';
    this.code = code;
    this.hint = details.hint;
    this.problems = details.problems ?? [];
  }
}

/** True for what an aborted `AbortSignal` makes its waiters throw. */
export function isAbort(error: unknown): boolean {
  const { name } = Object(error) as { readonly name?: unknown };
  return name === 'AbortError' || name === 'TimeoutError';
}
