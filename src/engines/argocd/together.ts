import { ToolError } from '../../errors.ts';
import { list, record, text } from '../api/json.ts';
import type { Target } from '../delivery-engine.ts';
import { type Mailbox, mailbox } from '../mailbox.ts';
import { applicationName, type Defaults } from './application-ref.ts';
import type { ObserveContext } from './observe-context.ts';
import type { Message } from './receive.ts';
import {
  afterList,
  afterSharedStream,
  afterWish,
  type SharedAttention,
  sharedAsks,
  started,
  startShared,
} from './shared-attention.ts';

/**
 * Applications of one wait that are few: each is read and listened to by itself. Measured on a server with 500 of them, a
 * list costs as much as some twenty single reads, and a single read need not wait until the next list is due.
 */
const FEW = 8;
/** How many times more Applications than are waited for a list may hold, and still be cheaper than single reads. */
const MOST_STRANGERS = 4;
/** Milliseconds after the opening of a stream within which what it says first is as good as a read. */
const SNAPSHOT = 10_000;
const UNLISTED = 'it is not among those that it may list';

/** One of those that are read and listened to together. */
export interface Member {
  readonly target: Target;
  readonly put: (message: Message) => void;
}

/** One list and one stream for all Applications of a wait, where they are many. */
export interface Together {
  /** Whether reads are made for all at once. The last few are read by themselves again. */
  readonly reads: () => boolean;
  /** Whether there is one stream for all. */
  readonly listens: () => boolean;
  /** Asks for a read of all; `soon` where somebody has never been read. */
  readonly ask: (soon: boolean) => void;
  readonly add: (member: Member) => void;
  readonly remove: (member: Member) => void;
}

type Event =
  | { readonly kind: 'wish'; readonly soon: boolean; readonly at: number }
  | { readonly kind: 'listed'; readonly items: readonly unknown[]; readonly serverNow: number | undefined }
  | { readonly kind: 'not listed'; readonly error: ToolError }
  | { readonly kind: 'change'; readonly type: string; readonly application: unknown }
  | { readonly kind: 'stream ended'; readonly reason: string };

interface Crowd {
  readonly context: ObserveContext;
  /** By the name of the Application, which several can have in different namespaces. */
  readonly members: Map<string, Set<Member>>;
  /** Namespaces of those that are called by their name alone, where there are others of that name. */
  readonly homes: Map<string, string>;
  readonly events: Mailbox<Event>;
  reading: 'few' | 'together' | 'apart';
  listening: 'few' | 'together' | 'apart';
  size: number;
  opened: number;
  failing: boolean;
}

/** @param broken told when it cannot go on */
export function together(context: ObserveContext, broken: (error: unknown) => void): Together {
  const crowd: Crowd = {
    context,
    members: new Map(),
    homes: new Map(),
    events: mailbox(context.host.clock),
    reading: 'few',
    listening: 'few',
    size: 0,
    opened: 0,
    failing: false,
  };
  return {
    reads: () => crowd.reading === 'together' && crowd.size > FEW,
    listens: () => crowd.listening === 'together',
    ask: (soon) => crowd.events.put({ kind: 'wish', soon, at: context.host.clock.monotonic() }),
    add(member) {
      const name = applicationName(member.target);
      crowd.members.set(name, (crowd.members.get(name) ?? new Set()).add(member));
      crowd.size++;
      if (crowd.reading === 'few' && crowd.size > FEW) begin(crowd, broken);
    },
    remove(member) {
      if (crowd.members.get(applicationName(member.target))?.delete(member)) crowd.size--;
    },
  };
}

function begin(crowd: Crowd, broken: (error: unknown) => void): void {
  crowd.reading = 'together';
  crowd.listening = 'together';
  attend(crowd).catch((error: unknown) => {
    if (!crowd.context.signal.aborted) broken(error);
  });
}

async function attend(crowd: Crowd): Promise<void> {
  const { context, events } = crowd;
  const { clock, random } = context.host;
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  let attention = startShared(clock.monotonic());
  for (let isFirst = true; ; isFirst = false) {
    const now = clock.monotonic();
    if (isFirst) wakeAll(crowd, now);
    if (crowd.size <= FEW) attention = { ...attention, wanted: 'no' };
    const asks = sharedAsks(attention, now);
    attention = started(attention, asks, now);
    if (asks.list) void readAll(crowd, signal);
    if (asks.stream && crowd.listening === 'together') void listen(crowd, signal);
    const event = await events.take(sharedAsks(attention, now).wakeAt - now, signal);
    if (event !== undefined) attention = receive(crowd, attention, event, clock.monotonic(), random());
    if (crowd.reading === 'apart') {
      stop.abort();
      return;
    }
  }
}

/** Those that were few until now close their own streams and are listed with the others. */
function wakeAll(crowd: Crowd, now: number): void {
  for (const { put } of everybody(crowd)) put({ kind: 'look', at: now });
}

function everybody({ members }: Crowd): readonly Member[] {
  return [...members.values()].flatMap((same) => [...same]);
}

/** The project and the namespace by which the list can be narrowed: those that all have. */
function placeOf(crowd: Crowd): Defaults {
  const targets = everybody(crowd).map(({ target }) => target);
  const [first] = targets;
  const project = targets.every((target) => target.project === first?.project) ? first?.project : undefined;
  const namespace = targets.every((target) => target.namespace === first?.namespace) ? first?.namespace : undefined;
  return {
    ...(project === undefined ? {} : { project }),
    ...(namespace === undefined ? {} : { applicationNamespace: namespace }),
  };
}

async function readAll(crowd: Crowd, signal: AbortSignal): Promise<void> {
  const { context, events } = crowd;
  try {
    const answer = await context.api.applications(placeOf(crowd), { signal, tries: 2 });
    if (answer.kind === 'ok') {
      events.put({ kind: 'listed', items: list(record(answer.value).items), serverNow: answer.serverNow });
    } else
      events.put({ kind: 'not listed', error: new ToolError('protocol', `HTTP ${answer.status} ${answer.message}`) });
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof ToolError)) throw error;
    events.put({ kind: 'not listed', error });
  }
}

async function listen(crowd: Crowd, signal: AbortSignal): Promise<void> {
  const { context, events } = crowd;
  const { project, applicationNamespace: namespace } = placeOf(crowd);
  crowd.opened = context.host.clock.monotonic();
  const reason = await context.api.follow({ project, namespace }, signal, (type, application) => {
    // Most of what a busy server tells is about others.
    if (membersFor(crowd, application).length > 0) events.put({ kind: 'change', type, application });
  });
  if (!signal.aborted) events.put({ kind: 'stream ended', reason });
}

function receive(crowd: Crowd, attention: SharedAttention, event: Event, now: number, random: number): SharedAttention {
  switch (event.kind) {
    case 'wish':
      return crowd.size > FEW ? afterWish(attention, event.soon, event.at) : attention;
    case 'change':
      pass(crowd, event.type, event.application, now);
      return attention;
    case 'listed':
      receiveList(crowd, attention, event.items, event.serverNow);
      return afterList(attention, true, now, random);
    case 'not listed':
      receiveFailure(crowd, event.error);
      return afterList(attention, false, now, random);
    case 'stream ended':
      return receiveEnd(crowd, attention, event.reason, now, random);
  }
}

/** What a stream says first is how things stand, as a read would tell it; after that it tells of changes. */
function pass(crowd: Crowd, type: string, application: unknown, now: number): void {
  const isSnapshot = type === 'ADDED' && now - crowd.opened <= SNAPSHOT;
  for (const { put } of membersFor(crowd, application)) {
    if (isSnapshot) put(answerOf(application, undefined));
    else put({ kind: 'event', type, application });
  }
}

function answerOf(value: unknown, serverNow: number | undefined): Message {
  const answer = { kind: 'ok' as const, value, ...(serverNow === undefined ? {} : { serverNow }) };
  return { kind: 'answer', answer, refresh: false, covers: undefined };
}

function receiveList(
  crowd: Crowd,
  { listedSinceStream, streaming }: SharedAttention,
  items: readonly unknown[],
  serverNow: number | undefined,
): void {
  if (crowd.failing) crowd.context.host.log.info('The applications can be read again');
  crowd.failing = false;
  const isFirst = !listedSinceStream && !streaming;
  if (isFirst && items.length > MOST_STRANGERS * crowd.size) {
    separate(crowd, `${items.length} applications can be read, and ${crowd.size} are waited for`);
    return;
  }
  const found = new Map<Member, unknown[]>();
  for (const item of items) {
    for (const member of membersFor(crowd, item)) found.set(member, [...(found.get(member) ?? []), item]);
  }
  for (const member of everybody(crowd)) tell(crowd, member, found.get(member) ?? [], serverNow);
}

function tell(crowd: Crowd, member: Member, items: readonly unknown[], serverNow: number | undefined): void {
  const [item] = items;
  if (items.length > 1) void readAlone(crowd, member);
  else if (item !== undefined) member.put(answerOf(item, serverNow));
  else {
    const answer = { kind: 'refused' as const, status: 403, message: UNLISTED };
    member.put({ kind: 'answer', answer, refresh: false, covers: undefined });
  }
}

/** A name alone can stand for several Applications: only the server knows which of them it calls so. */
function membersFor({ members, homes }: Crowd, application: unknown): readonly Member[] {
  const metadata = record(record(application).metadata);
  const namespace = text(metadata.namespace);
  return [...(members.get(text(metadata.name) ?? '') ?? [])].filter(({ target }) => {
    const home = target.namespace ?? homes.get(target.name);
    return home === undefined || namespace === undefined || home === namespace;
  });
}

async function readAlone({ context, homes }: Crowd, { target, put }: Member): Promise<void> {
  const { api, signal } = context;
  try {
    const answer = await api.application(target, { signal });
    const namespace = answer.kind === 'ok' ? text(record(record(answer.value).metadata).namespace) : undefined;
    if (namespace !== undefined) homes.set(target.name, namespace);
    put({ kind: 'answer', answer, refresh: false, covers: undefined });
  } catch (error) {
    if (error instanceof ToolError && !signal.aborted) put({ kind: 'failed', error, refresh: false });
  }
}

function receiveFailure(crowd: Crowd, error: ToolError): void {
  const { log } = crowd.context.host;
  // Refused, or larger than can be taken: that stays so.
  if (error.code === 'protocol') {
    separate(crowd, `they cannot be listed: ${error.message}`);
    return;
  }
  if (!crowd.failing && error.code === 'temporary') log.warning(`The applications: ${error.message}; trying on`);
  crowd.failing = true;
  for (const { put } of everybody(crowd)) put({ kind: 'failed', error, refresh: false });
}

function receiveEnd(
  crowd: Crowd,
  attention: SharedAttention,
  reason: string,
  now: number,
  random: number,
): SharedAttention {
  crowd.context.host.log.debug(`The stream of all applications ended: ${reason}`);
  const next = afterSharedStream(attention, now, random);
  if (crowd.size <= FEW) separate(crowd, 'few are left');
  if (!/^HTTP 4\d\d$/.test(reason)) return next;
  crowd.listening = 'apart';
  wakeAll(crowd, now);
  return { ...next, streamAfter: Number.POSITIVE_INFINITY };
}

/** From now on each is read and listened to by itself, some at a time. */
function separate(crowd: Crowd, why: string): void {
  crowd.reading = 'apart';
  crowd.listening = 'apart';
  crowd.context.host.log.debug(`The applications are read one by one: ${why}`);
  for (const member of everybody(crowd)) void readAlone(crowd, member);
}
