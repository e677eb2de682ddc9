import { ToolError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import type { Json } from '../api/json.ts';
import { type Mailbox, mailbox } from '../mailbox.ts';
import type { Cluster, ObjectKey, Reading, Scope, WatchEvent } from './cluster.ts';
import { isOlder, keyOf, printKey, resourceVersionOf } from './objects.ts';

/** Milliseconds between two reads, give or take a fifth: streams drop events, go silent and die in proxies. */
const READ_INTERVAL = 15_000;
/** Milliseconds until the second look at a 403, which a server that has just started also says to those who may. */
const SECOND_LOOK = 2_000;
/** Milliseconds before a stream that ended is opened again. */
const REOPEN_AFTER = 1_000;
/** Milliseconds before one that was refused, for want of a right or of resources, is asked for again. */
const REOPEN_REFUSED = 60_000;

/** What is seen of a scope, in the order of the server. */
export type Sighting =
  | { readonly kind: 'object'; readonly via: 'read' | 'stream'; readonly object: Json }
  | { readonly kind: 'gone'; readonly via: 'read' | 'stream'; readonly key: ObjectKey }
  /** A whole list was read: what was not told of since the last one is not there. `serverNow` by the server's own clock. */
  | { readonly kind: 'listed'; readonly serverNow?: number }
  /** Twice in a row the server would not say. Reading goes on. */
  | { readonly kind: 'refused'; readonly reading: Exclude<Reading<never>, { kind: 'found' }> }
  /** Reading failed after all its tries. It goes on. */
  | { readonly kind: 'failed'; readonly error: ToolError };

export interface Following {
  /** Until it is stopped or the signal is aborted. @throws the signal's reason */
  readonly run: () => Promise<void>;
  /** Asks for a read at that time (`Clock.monotonic` milliseconds), beside those made anyway. */
  readonly look: (at: number) => void;
  readonly stop: () => void;
}

type Message =
  | { readonly kind: 'read'; readonly reading: Awaited<ReturnType<Cluster['list']>> }
  | { readonly kind: 'read failed'; readonly error: ToolError }
  | { readonly kind: 'event'; readonly event: WatchEvent; readonly stream: number }
  | { readonly kind: 'ended'; readonly stream: number; readonly refused: boolean }
  | { readonly kind: 'look'; readonly at: number };

interface State {
  /** Newest resource version known of each object. */
  readonly known: Map<string, { readonly key: ObjectKey; readonly version: string }>;
  /** Where the next stream goes on; absent until a list was read. */
  version?: string | undefined;
  /** Number of the stream that counts; what older ones still bring is dropped. */
  stream: number;
  streaming: boolean;
  openAt: number;
  reading: boolean;
  /** When the newest read was begun, and when the next one is due. */
  askedAt: number;
  readAt: number;
  /** When one is wanted beside those; infinity while none is. */
  lookAt: number;
  refusals: number;
  closeStream: () => void;
}

/**
 * Keeps telling what there is in a scope: one list first, then a watch, and a list every 15 s that is the truth. At most one
 * stream and one read per 15 s. Events that are older than what was read before are dropped.
 */
export function follow(
  cluster: Cluster,
  scope: Scope,
  host: Pick<Host, 'clock' | 'random'>,
  parent: AbortSignal,
  tell: (sighting: Sighting) => void,
): Following {
  const stop = new AbortController();
  const signal = AbortSignal.any([parent, stop.signal]);
  const messages = mailbox<Message>(host.clock);
  const run = async (): Promise<void> => {
    try {
      await attend({ cluster, scope, host, signal, messages, tell });
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    } finally {
      stop.abort();
    }
  };
  return { run, look: (at) => messages.put({ kind: 'look', at }), stop: () => stop.abort() };
}

interface Context {
  readonly cluster: Cluster;
  readonly scope: Scope;
  readonly host: Pick<Host, 'clock' | 'random'>;
  readonly signal: AbortSignal;
  readonly messages: Mailbox<Message>;
  readonly tell: (sighting: Sighting) => void;
}

async function attend(context: Context): Promise<void> {
  const { clock } = context.host;
  const now = clock.monotonic();
  const state: State = {
    known: new Map(),
    stream: 0,
    streaming: false,
    openAt: now,
    reading: false,
    askedAt: now,
    readAt: now,
    lookAt: Number.POSITIVE_INFINITY,
    refusals: 0,
    closeStream: () => undefined,
  };
  try {
    for (;;) {
      start(context, state, clock.monotonic());
      const message = await context.messages.take(wakeAfter(state, clock.monotonic()), context.signal);
      if (message !== undefined) receive(context, state, message);
    }
  } finally {
    state.closeStream();
  }
}

/** Milliseconds until something is due; while nothing can be, as long as between two reads. */
function wakeAfter({ reading, readAt, lookAt, streaming, openAt, version }: State, now: number): number {
  const due = [reading ? [] : [readAt, lookAt], streaming || version === undefined ? [] : [openAt]].flat();
  return Math.min(now + READ_INTERVAL, ...due) - now;
}

/** Starts what is due; what comes of it arrives as a message. */
function start(context: Context, state: State, now: number): void {
  if (!state.reading && Math.min(state.readAt, state.lookAt) <= now) {
    state.reading = true;
    state.askedAt = now;
    if (state.lookAt <= now) state.lookAt = Number.POSITIVE_INFINITY;
    void read(context);
  }
  if (!state.streaming && state.version !== undefined && state.openAt <= now) {
    state.streaming = true;
    state.stream++;
    void listen(context, state, state.version, state.stream);
  }
}

async function read({ cluster, scope, signal, messages }: Context): Promise<void> {
  try {
    messages.put({ kind: 'read', reading: await cluster.list(scope, signal) });
  } catch (error) {
    if (signal.aborted) return;
    const known = error instanceof ToolError ? error : new ToolError('internal', String(error), { cause: error });
    messages.put({ kind: 'read failed', error: known });
  }
}

/** Never throws: a stream that cannot be had leaves the reads. */
async function listen(context: Context, state: State, version: string, stream: number): Promise<void> {
  const { cluster, scope, signal, messages } = context;
  let refused = false;
  try {
    const opened = await cluster.watch(scope, version, signal);
    if (opened.kind === 'expired') messages.put({ kind: 'event', event: EXPIRED, stream });
    refused = opened.kind !== 'found' && opened.kind !== 'expired';
    if (opened.kind !== 'found') return;
    if (state.stream !== stream || signal.aborted) return opened.value.close();
    state.closeStream = opened.value.close;
    for await (const event of opened.value.events) messages.put({ kind: 'event', event, stream });
  } catch {
    // The connection broke: it is opened again below.
  } finally {
    messages.put({ kind: 'ended', stream, refused });
  }
}

const EXPIRED: WatchEvent = { kind: 'error', expired: true, message: 'too old resource version' };

function receive(context: Context, state: State, message: Message): void {
  const now = context.host.clock.monotonic();
  if (message.kind === 'look') lookAt(state, message.at);
  else if (message.kind === 'read') takeReading(context, state, message.reading, now);
  else if (message.kind === 'read failed') {
    readAgain(context, state, now);
    context.tell({ kind: 'failed', error: message.error });
  } else if (message.stream === state.stream) takeFromStream(context, state, message, now);
}

/** A read under way does for what was wanted before it was begun, and for nothing later. */
function lookAt(state: State, at: number): void {
  if (!state.reading || at > state.askedAt) state.lookAt = Math.min(state.lookAt, at);
}

function readAgain({ host }: Context, state: State, now: number): void {
  state.reading = false;
  state.readAt = now + READ_INTERVAL * (0.8 + 0.4 * host.random());
}

function takeReading(
  context: Context,
  state: State,
  reading: Extract<Message, { kind: 'read' }>['reading'],
  now: number,
): void {
  readAgain(context, state, now);
  if (reading.kind !== 'found') {
    state.refusals++;
    if (state.refusals > 1) context.tell({ kind: 'refused', reading });
    else state.readAt = now + SECOND_LOOK;
    return;
  }
  state.refusals = 0;
  const { items, resourceVersion } = reading.value;
  const changes = items.filter((object) => isNews(state, object));
  const present = new Set(items.map((object) => printKey(keyOf(object))));
  const gone = [...state.known].filter(([name]) => !present.has(name)).map(([, { key }]) => key);
  // The stream kept something to itself: another one goes on from here.
  const missed = state.version !== undefined && changes.length + gone.length > 0;
  if (missed) renewStream(state, now);
  if (missed || state.version === undefined || !state.streaming) state.version = resourceVersion;
  // What has not changed is told as well: that it was looked at again is news to those who judge by time.
  for (const object of items) if (!isStale(state, object)) note(context, state, object, 'read');
  for (const key of gone) forget(context, state, key, 'read');
  const { serverNow } = reading;
  context.tell({ kind: 'listed', ...(serverNow === undefined ? {} : { serverNow }) });
}

function renewStream(state: State, now: number): void {
  state.stream++;
  state.closeStream();
  state.closeStream = () => undefined;
  state.streaming = false;
  state.openAt = now;
}

function takeFromStream(
  context: Context,
  state: State,
  message: Extract<Message, { kind: 'event' | 'ended' }>,
  now: number,
): void {
  if (message.kind === 'ended') {
    state.streaming = false;
    state.openAt = now + (message.refused ? REOPEN_REFUSED : REOPEN_AFTER);
    return;
  }
  const { event } = message;
  if (event.kind === 'bookmark') state.version = event.resourceVersion;
  else if (event.kind === 'error') {
    state.version = undefined;
    state.readAt = event.expired ? now : Math.min(state.readAt, now + REOPEN_AFTER);
  } else {
    state.version = resourceVersionOf(event.object);
    if (isStale(state, event.object)) return;
    if (event.kind === 'deleted') forget(context, state, keyOf(event.object), 'stream');
    else note(context, state, event.object, 'stream');
  }
}

function isNews(state: State, object: Json): boolean {
  return state.known.get(printKey(keyOf(object)))?.version !== resourceVersionOf(object) && !isStale(state, object);
}

function isStale(state: State, object: Json): boolean {
  const known = state.known.get(printKey(keyOf(object)));
  return known !== undefined && isOlder(resourceVersionOf(object), known.version);
}

function note(context: Context, state: State, object: Json, via: 'read' | 'stream'): void {
  const key = keyOf(object);
  state.known.set(printKey(key), { key, version: resourceVersionOf(object) });
  context.tell({ kind: 'object', via, object });
}

function forget(context: Context, state: State, key: ObjectKey, via: 'read' | 'stream'): void {
  if (state.known.delete(printKey(key))) context.tell({ kind: 'gone', via, key });
}
