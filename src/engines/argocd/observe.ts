import type { Observation, Observing, Target } from '../delivery-engine.ts';
import { type Mailbox, mailbox } from '../mailbox.ts';
import type { ObserveContext } from './observe-context.ts';
import { type ApplicationWatch, watchApplication } from './watch-application.ts';
import { watchApplicationSet } from './watch-application-set.ts';

type Message =
  | { readonly kind: 'observation'; readonly observation: Observation }
  | { readonly kind: 'ended'; readonly error: unknown };

interface Crowd {
  readonly context: ObserveContext;
  readonly messages: Mailbox<Message>;
  readonly watches: Map<string, ApplicationWatch>;
  readonly running: Promise<void>[];
}

/** All Applications side by side, in one sequence; those that join later as well. */
export function observe(targets: readonly Target[], context: ObserveContext): Observing {
  const stop = new AbortController();
  const crowd: Crowd = {
    context: { ...context, signal: AbortSignal.any([context.signal, stop.signal]) },
    messages: mailbox<Message>(context.host.clock),
    watches: new Map(),
    running: [],
  };
  return {
    observations: merge(targets, crowd, context.signal, stop),
    look: (target, at) => crowd.watches.get(target.name)?.look(at),
    join: (target) => join(crowd, target),
    leave: (target) => {
      crowd.watches.get(target.name)?.stop();
      crowd.watches.delete(target.name);
    },
  };
}

function join({ context, messages, watches, running }: Crowd, target: Target): void {
  if (watches.has(target.name) || context.signal.aborted) return;
  const tell = (observation: Observation) => messages.put({ kind: 'observation', observation });
  const watch = target.kind === 'ApplicationSet' ? watchApplicationSet : watchApplication;
  const one = watch(target, context, tell);
  watches.set(target.name, one);
  running.push(one.run().catch((error: unknown) => messages.put({ kind: 'ended', error })));
}

async function* merge(
  targets: readonly Target[],
  crowd: Crowd,
  signal: AbortSignal,
  stop: AbortController,
): AsyncGenerator<Observation> {
  for (const target of targets) join(crowd, target);
  try {
    for (;;) {
      const message = await next(crowd.messages, signal);
      if (message === undefined) return;
      if (message.kind === 'ended') throw message.error;
      yield message.observation;
    }
  } finally {
    stop.abort();
    await Promise.all(crowd.running);
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
