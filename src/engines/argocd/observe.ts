import type { Observation, Observing, Target } from '../delivery-engine.ts';
import { type Mailbox, mailbox } from '../mailbox.ts';
import type { ObserveContext } from './observe-context.ts';
import { type ApplicationWatch, watchApplication } from './watch-application.ts';

type Message =
  | { readonly kind: 'observation'; readonly observation: Observation }
  | { readonly kind: 'ended'; readonly error: unknown };

/** All Applications side by side, in one sequence. */
export function observe(targets: readonly Target[], context: ObserveContext): Observing {
  const watches = new Map<string, ApplicationWatch>();
  const messages = mailbox<Message>(context.host.clock);
  return {
    observations: merge(targets, context, messages, watches),
    look: (target, at) => watches.get(target.name)?.look(at),
    leave: (target) => watches.get(target.name)?.stop(),
  };
}

async function* merge(
  targets: readonly Target[],
  context: ObserveContext,
  messages: Mailbox<Message>,
  watches: Map<string, ApplicationWatch>,
): AsyncGenerator<Observation> {
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const tell = (observation: Observation) => messages.put({ kind: 'observation', observation });
  const running = targets.map(async (target) => {
    const one = watchApplication(target, { ...context, signal }, tell);
    watches.set(target.name, one);
    await one.run().catch((error: unknown) => messages.put({ kind: 'ended', error }));
  });
  try {
    for (;;) {
      const message = await next(messages, context.signal);
      if (message === undefined) return;
      if (message.kind === 'ended') throw message.error;
      yield message.observation;
    }
  } finally {
    stop.abort();
    await Promise.all(running);
  }
}

/** The next message; undefined when nobody waits any more. */
async function next(messages: Mailbox<Message>, signal: AbortSignal): Promise<Message | undefined> {
  while (!signal.aborted) {
    const message = await messages.take(60_000, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
      return undefined;
    });
    if (message !== undefined) return message;
  }
  return undefined;
}
