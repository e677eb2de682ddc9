import type { Stage } from './stage.ts';

/** What the gate must say, and with which exit code. */
export interface Expected {
  readonly verdict: string;
  readonly exit: number;
  /** Must be among the words of the result. */
  readonly says?: RegExp;
  /** At most so many seconds. */
  readonly within?: number;
}

export interface Scenario {
  readonly name: string;
  readonly expected: Expected;
  /** Disturbs others, so it is played alone. */
  readonly alone?: boolean;
  /**
   * What it cannot do without, beside Argo CD and a cluster: processes of a lab of ours; a forge; namespaces for Applications;
   * a lab and the program docker-registry.
   */
  readonly needs?: 'lab' | 'gitea' | 'namespaces' | 'registry';
  /** The oldest Argo CD that can do it, such as 3.1. */
  readonly since?: string;
  /** A shape that Drawbridge does not wait for yet: shown as skipped, with this word. Take the line away to switch it on. */
  readonly notYet?: string;
  play(stage: Stage): Promise<void>;
}

/** One line of the table. */
export interface Row {
  readonly scenario: string;
  readonly version: string;
  readonly expected: string;
  readonly verdict: string;
  readonly seconds: number;
  /** What `argocd app wait` said at the same moment. */
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
