import { ToolError } from '../../errors.ts';
import type { Observation, Target } from '../delivery-engine.ts';
import { type Mailbox, mailbox } from '../mailbox.ts';
import type { Application } from './application.ts';
import { applicationName } from './application-ref.ts';
import { type Asks, type Attention, asksOf, startAttention } from './attention.ts';
import { readEqualChildren } from './equal-children.ts';
import type { ObserveContext } from './observe-context.ts';
import { type Message, receive } from './receive.ts';
import { readSyncWindows } from './sync-windows.ts';
import type { Member, Together } from './together.ts';

/** Milliseconds that a refresh is waited for. It blocks until the comparison is done; cut short, it is served all the same. */
const REFRESH_TIMEOUT = 10_000;

interface Watching {
  readonly target: Target;
  readonly context: ObserveContext;
  /** What is done for all Applications at once. */
  readonly together: Together;
  readonly messages: Mailbox<Message>;
  readonly signal: AbortSignal;
  /** Of its own stream, while it has one. */
  stream?: AbortController;
}

/** Asks and listens about one Application. */
export interface ApplicationWatch {
  /** Until it is stopped, the signal is aborted, or it has told that it gave up. @throws the signal's reason */
  readonly run: () => Promise<void>;
  /** Asks for a read at that time, beside those made anyway. */
  readonly look: (at: number) => void;
  readonly stop: () => void;
}

export function watchApplication(
  target: Target,
  context: ObserveContext,
  tell: (observation: Observation) => void,
  together: Together,
): ApplicationWatch {
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const watching: Watching = { target, context, together, messages: mailbox(context.host.clock), signal };
  const member: Member = { target, put: watching.messages.put };
  together.add(member);
  const run = async (): Promise<void> => {
    try {
      await attend(watching, tell);
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    } finally {
      together.remove(member);
      stop.abort();
    }
  };
  return { run, look: (at) => watching.messages.put({ kind: 'look', at }), stop: () => stop.abort() };
}

/** The loop: ask what is due, wait for what comes, make of it what it means. */
async function attend(watching: Watching, tell: (observation: Observation) => void): Promise<void> {
  const { context, together, messages, signal } = watching;
  const { clock, log } = context.host;
  let attention = startAttention(clock.monotonic());
  for (;;) {
    const now = clock.monotonic();
    attention = listening(watching, attention, now);
    attention = start(watching, attention, asksOf(attention, context.wanted, context.options, now), now);
    const { wakeAt } = asksOf(attention, context.wanted, context.options, now);
    const message = await messages.take(wakeAt - now, signal);
    if (message === undefined) continue;
    const received = receive(attention, message, receptionOf(watching));
    attention = received.attention;
    // What happens to all of them is told once.
    if (received.log !== undefined) log[together.reads() ? 'debug' : received.log.level](received.log.text);
    if (received.observation !== undefined) tell(received.observation);
    if (received.over) return;
  }
}

/** Without a stream of its own while there is one for all. */
function listening(watching: Watching, attention: Attention, now: number): Attention {
  const isShared = attention.streamAfter === Number.POSITIVE_INFINITY;
  if (!watching.together.listens()) return isShared ? { ...attention, streamAfter: now } : attention;
  watching.stream?.abort();
  return isShared ? attention : { ...attention, streamAfter: Number.POSITIVE_INFINITY };
}

function receptionOf({ target, context }: Watching) {
  const { host, wanted, normalise, api } = context;
  const { location, forbidden } = api;
  return { target, wanted, normalise, location, forbidden, now: host.clock.monotonic(), random: host.random() };
}

/** Starts what is due; what comes of it arrives as a message. */
function start(watching: Watching, attention: Attention, asks: Asks, now: number): Attention {
  if (asks.read) read(watching, attention);
  if (asks.refresh) void ask(watching, attention.application, true);
  if (asks.stream) void listen(watching);
  if (asks.windows) void askWindows(watching);
  if (asks.children) void askChildren(watching);
  const isLooking = (asks.read || asks.refresh) && attention.lookAt !== undefined && attention.lookAt <= now;
  return {
    ...(isLooking ? withoutLook(attention) : attention),
    ...(asks.read ? { reading: true } : {}),
    ...(asks.refresh ? { refreshing: true, lastRefresh: now } : {}),
    ...(asks.stream ? { streaming: true, streamedAt: now } : {}),
    ...(asks.windows ? { askingWindows: true, windowsAskedAt: now } : {}),
    ...(asks.children ? { askingChildren: true, childrenAskedAt: now } : {}),
  };
}

function withoutLook(attention: Attention): Attention {
  const { lookAt: _, ...rest } = attention;
  return rest;
}

function read(watching: Watching, { application, observation }: Attention): void {
  if (watching.together.reads()) watching.together.ask(observation === undefined);
  else void ask(watching, application, false);
}

async function ask({ target, context, messages, signal }: Watching, known: Application | undefined, refresh: boolean) {
  const limits = refresh ? { timeout: REFRESH_TIMEOUT, tries: 1 } : {};
  const covers = refresh ? endOfOperation(known) : undefined;
  try {
    const answer = await context.api.application(target, { refresh, signal, ...limits });
    messages.put({ kind: 'answer', answer, refresh, covers });
  } catch (error) {
    if (signal.aborted) return;
    messages.put({ kind: 'failed', error: asToolError(error), refresh });
  }
}

/** When the last operation ended; undefined while one is under way. */
function endOfOperation(application: Application | undefined): number | undefined {
  return application?.operationPending === false ? application.operation?.finishedAt : undefined;
}

function asToolError(error: unknown): ToolError {
  return error instanceof ToolError ? error : new ToolError('internal', String(error), { cause: error });
}

async function listen(watching: Watching): Promise<void> {
  const { target, context, messages, signal } = watching;
  const { namespace, project } = target;
  const place = { name: applicationName(target), namespace, project };
  const own = new AbortController();
  watching.stream = own;
  const reason = await context.api.follow(place, AbortSignal.any([signal, own.signal]), (type, application) =>
    messages.put({ kind: 'event', type, application }),
  );
  messages.put({ kind: 'stream ended', reason });
}

/** A right that is missing, or a failure, leaves the windows unknown. */
async function askWindows({ target, context, messages, signal }: Watching): Promise<void> {
  const answer = await context.api.syncWindows(target, { signal, tries: 2 }).catch(() => undefined);
  messages.put({ kind: 'windows', windows: answer?.kind === 'ok' ? readSyncWindows(answer.value) : undefined });
}

/** What cannot be read leaves the parent as different as it looks. */
async function askChildren({ target, context, messages, signal }: Watching): Promise<void> {
  const answer = await context.api.managedApplications(target, { signal, tries: 2 }).catch(() => undefined);
  messages.put({ kind: 'children', equal: answer?.kind === 'ok' ? readEqualChildren(answer.value) : undefined });
}
