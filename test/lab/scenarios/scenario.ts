import type { Stage } from './stage.ts';

/** What the gate must say, and with which exit code. */
export interface Expected {
  readonly verdict: string;
  readonly exit: number;
  /** Must be among the words of the result. */
  readonly says?: RegExp;
  /** At most so many seconds. */
  readonly within?: number;
  /** As good as that one, where chance decides. */
  readonly or?: Pick<Expected, 'verdict' | 'exit'>;
}

/** A scenario of Argo CD, unless another stage is named. */
export interface Scenario<S = Stage> {
  readonly name: string;
  readonly expected: Expected;
  /** Disturbs others, so it is played alone. */
  readonly alone?: boolean;
  /**
   * What it cannot do without, beside the engine and a cluster: processes of a lab of ours; a forge; namespaces for Applications;
   * a lab and the program docker-registry.
   */
  readonly needs?: 'lab' | 'gitea' | 'namespaces' | 'registry';
  /** The oldest Argo CD that can do it, such as 3.1. */
  readonly since?: string;
  /** A shape that Drawbridge does not wait for yet: shown as skipped, with this word. Take the line away to switch it on. */
  readonly notYet?: string;
  /** Played only when all are asked for, or this one by name: it is long, or close to another one. */
  readonly extra?: boolean;
  play(stage: S): Promise<void>;
}

/** One line of the table. */
export interface Row {
  readonly scenario: string;
  readonly version: string;
  readonly expected: string;
  readonly verdict: string;
  readonly seconds: number;
  /** What the usual client of the server said at the same moment. */
  readonly other: string;
  /** Why it is not what was expected; empty where it is. */
  readonly problem: string;
  readonly skipped?: string;
}

const CODES: Readonly<Record<string, number>> = { landed: 0, failed: 1, superseded: 3, blocked: 4, timedOut: 124 };

/** An expectation with the exit code that goes with the verdict. */
export function expect(verdict: keyof typeof CODES, more: Partial<Expected> = {}): Expected {
  return { verdict, exit: CODES[verdict] ?? 1, ...more };
}

/** The server could not be asked: 69 not there, 75 for now, 77 not allowed. */
export function unreachable(exit: 69 | 75 | 77, says?: RegExp): Expected {
  return { verdict: 'unreachable', exit, ...(says === undefined ? {} : { says }) };
}
