/** One request that the stand-in was asked. */
export interface LedgerEntry {
  /** Milliseconds of the wall clock. */
  readonly at: number;
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  /** Absent without a good token. */
  readonly username?: string;
  /** Absent while it is not answered: a stream of something that does not exist never is. */
  readonly status?: number;
}

export interface Expectation {
  readonly method: string;
  /** The path with its query, or a pattern for it. */
  readonly target: string | RegExp;
  /** Default: once or more often. */
  readonly times?: number;
}

/** What differs between the requests that a test expects and those that came, one sentence each: none means all is well. */
export function differences(expectations: readonly Expectation[], entries: readonly LedgerEntry[]): readonly string[] {
  const unexpected = entries
    .filter((entry) => !expectations.some((expectation) => covers(expectation, entry)))
    .map((entry) => `unexpected request: ${entry.method} ${entry.target}`);
  const unused = expectations.flatMap((expectation) => {
    const count = entries.filter((entry) => covers(expectation, entry)).length;
    const right = expectation.times === undefined ? count > 0 : count === expectation.times;
    const wanted = `${expectation.method} ${expectation.target} ${expectation.times ?? 'at least one'} time(s)`;
    return right ? [] : [`expected ${wanted}, seen ${count} time(s)`];
  });
  return [...unexpected, ...unused];
}

function covers({ method, target }: Expectation, entry: LedgerEntry): boolean {
  if (method !== entry.method) return false;
  return typeof target === 'string' ? target === entry.target : target.test(entry.target);
}
