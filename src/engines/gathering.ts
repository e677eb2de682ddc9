import type { Clock } from '../host.ts';
import type { Observation } from './delivery-engine.ts';
import { mailbox } from './mailbox.ts';

/** What several tasks observe side by side, in one sequence. */
export interface Gathering {
  /** Aborted when nobody waits any more: the tasks end with it. */
  readonly signal: AbortSignal;
  readonly tell: (observation: Observation) => void;
  /** What was not foreseen: the sequence ends with it. */
  readonly fail: (error: unknown) => void;
  /** Adds a task; what it throws is a failure of all. */
  readonly run: (task: () => Promise<unknown>) => void;
  /**
   * In the order in which they were told, until the outer signal is aborted. Its end waits for that of all tasks.
   * @param begin called when the first one is asked for
   * @throws what a task failed with
   */
  readonly observations: (begin: () => void) => AsyncGenerator<Observation>;
}

type Message =
  | { readonly kind: 'observation'; readonly observation: Observation }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Milliseconds between two looks at an empty mailbox; any number would do. */
const PATIENCE = 60_000;

export function gathering(clock: Clock, outer: AbortSignal): Gathering {
  const stop = new AbortController();
  const messages = mailbox<Message>(clock);
  const running: Promise<unknown>[] = [];
  const fail = (error: unknown) => messages.put({ kind: 'failed', error });

  /** Undefined when nobody waits any more. */
  async function next(): Promise<Message | undefined> {
    while (!outer.aborted) {
      const message = await messages.take(PATIENCE, outer).catch((error: unknown) => {
        if (!outer.aborted) throw error;
        return undefined;
      });
      if (message !== undefined) return message;
    }
    return undefined;
  }

  async function* observations(begin: () => void): AsyncGenerator<Observation> {
    try {
      begin();
      for (let message = await next(); message !== undefined; message = await next()) {
        if (message.kind === 'failed') throw message.error;
        yield message.observation;
      }
    } finally {
      stop.abort();
      await Promise.all(running);
    }
  }

  return {
    signal: AbortSignal.any([outer, stop.signal]),
    tell: (observation) => messages.put({ kind: 'observation', observation }),
    fail,
    run: (task) => void running.push(task().catch(fail)),
    observations,
  };
}
