import { ToolError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import type { Observation, Observing, Target, Wanted } from '../delivery-engine.ts';
import { type Mailbox, mailbox } from '../mailbox.ts';
import { interpret, type Rules } from './interpret.ts';
import type { Reading } from './reading.ts';

export interface ObserveContext {
  readonly host: Pick<Host, 'clock' | 'random'>;
  readonly wanted: Wanted;
  readonly read: () => Promise<Reading>;
  readonly rulesOf: (target: Target) => Rules;
  readonly signal: AbortSignal;
}

/** Milliseconds between two reads, give or take a fifth, so that many pipelines do not ask all at once. */
const PERIOD = 15_000;
/** Milliseconds that lie between two reads at least, whoever asks for one. */
const SHORTEST = 1_000;
/** Milliseconds of failing reads until the forge counts as unreachable. */
const PATIENCE = 60_000;

interface Crowd {
  readonly context: ObserveContext;
  readonly targets: Map<string, Target>;
  readonly looks: Mailbox<number>;
  failingSince?: number | undefined;
}

/** All targets from one read: what is said about a commit is said about all of them. */
export function observe(targets: readonly Target[], context: ObserveContext): Observing {
  const crowd: Crowd = {
    context,
    targets: new Map(targets.map((target) => [target.name, target])),
    looks: mailbox<number>(context.host.clock),
  };
  return {
    observations: readings(crowd),
    look: (_, at) => crowd.looks.put(at),
    join: (target) => void crowd.targets.set(target.name, target),
    leave: (target) => void crowd.targets.delete(target.name),
  };
}

async function* readings(crowd: Crowd): AsyncGenerator<Observation> {
  const { context, targets } = crowd;
  const { host, signal } = context;
  while (!signal.aborted && targets.size > 0) {
    const read = await untilAborted(context.read(), signal).catch((error: unknown) => failure(crowd, error));
    if (signal.aborted) return;
    const at = host.clock.monotonic();
    if (read !== undefined) {
      crowd.failingSince = undefined;
      for (const target of [...targets.values()]) yield observationOf(target, read, at, context);
    }
    await pause(crowd, at).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}

/** A read that nobody waits for any more ends by itself, when the forge is closed. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  if (signal.aborted) return undefined;
  let stop: (() => void) | undefined;
  const aborted = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}

/** What a failed read makes of the targets; undefined while it may be mended by the next one. */
function failure(crowd: Crowd, error: unknown): ToolError | undefined {
  if (!(error instanceof ToolError)) throw error;
  if (error.code !== 'temporary') return error;
  const now = crowd.context.host.clock.monotonic();
  crowd.failingSince ??= now;
  return now - crowd.failingSince >= PATIENCE ? error : undefined;
}

function observationOf(target: Target, read: Reading | ToolError, at: number, context: ObserveContext): Observation {
  const shared = { target, at, via: 'read', deployed: [], lasting: 0, final: false, images: [] } as const;
  if (!(read instanceof ToolError)) return { ...shared, ...interpret(read, context.rulesOf(target)) };
  return {
    ...shared,
    ...{ state: 'unreachable', problem: read.code, trusted: true, resources: [] },
    reasons: [read.message, ...(read.hint === undefined ? [] : [read.hint])],
    fingerprint: read.message,
  };
}

/** Until the next read is due, or a look that was asked for. */
async function pause({ context, looks }: Crowd, readAt: number): Promise<void> {
  const { clock, random } = context.host;
  let due = readAt + PERIOD * (0.8 + 0.4 * random());
  for (;;) {
    const wait = due - clock.monotonic();
    if (wait <= 0) return;
    const asked = await looks.take(wait, context.signal);
    if (asked !== undefined) due = Math.min(due, Math.max(asked, readAt + SHORTEST));
  }
}
