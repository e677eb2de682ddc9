import type { Observation, ObserveOptions, Wanted } from '../delivery-engine.ts';
import type { Application } from './application.ts';
import { dependsOnChildren, type Learned, needsSettling } from './settled.ts';
import type { SyncWindows } from './sync-windows.ts';

/** Milliseconds between two reads; they are the truth, since streams lose events, go silent and die in proxies. */
const REREAD = 15_000;
/** Milliseconds between two reads of an Application that is not there: nothing else can tell that it has come. */
const REREAD_ABSENT = 5_000;
/** Milliseconds between two refreshes that ask Argo CD to look at the repository. */
const NUDGE = 30_000;
/** Milliseconds until the next try after a read that failed; the client has waited between its own tries already. */
const AFTER_FAILURE = 5_000;
/** Milliseconds for which a difference must last before windows are asked for and another refresh is due. */
const IDLE = 3_000;
/** Milliseconds for which only Applications that it deploys must differ before it is asked how. */
const CHILDREN_IDLE = 1_000;
/** Milliseconds between two refreshes of an Application whose comparison fails, or that starts nothing. */
const NUDGE_STUCK = 10_000;
/** Milliseconds after which a stream has lasted; proxies cut idle ones after a minute or so. */
const LASTING_STREAM = 30_000;
const LONGEST_STREAM_WAIT = 30_000;
/** Milliseconds for which a refresh that is under way stands for a read: it usually answers within one second. */
const REFRESH_ANSWERS = 3_000;
/** Milliseconds of failing after which an Application is given up. */
const GIVE_UP = 120_000;

/** All that is kept of one Application between two messages. Times are `Clock.monotonic` milliseconds. */
export interface Attention extends Learned {
  readonly application?: Application;
  readonly observation?: Observation;
  /** Since when the state is what it is. */
  readonly stateSince: number;
  /** The server's clock, milliseconds since 1970, and when it said so. */
  readonly serverClock?: { readonly time: number; readonly at: number };
  readonly windows?: SyncWindows;
  readonly windowsAskedAt?: number;
  readonly childrenAskedAt?: number;
  readonly nextRead: number;
  /** When whoever waits wants a read, beside those made anyway. */
  readonly lookAt?: number;
  readonly lastRefresh?: number;
  readonly failingSince?: number;
  /** Since when every read was older than what was known. */
  readonly olderSince?: number;
  readonly streamAfter: number;
  readonly streamedAt?: number;
  /** Streams in a row that did not last. */
  readonly shortStreams: number;
  /** A read has come since the last stream ended. */
  readonly readSinceStream: boolean;
  readonly reading: boolean;
  readonly refreshing: boolean;
  readonly streaming: boolean;
  readonly askingWindows: boolean;
  readonly askingChildren: boolean;
}

export function startAttention(now: number): Attention {
  return {
    stateSince: now,
    nextRead: now,
    streamAfter: now,
    shortStreams: 0,
    readSinceStream: false,
    reading: false,
    refreshing: false,
    streaming: false,
    askingWindows: false,
    askingChildren: false,
  };
}

export interface Asks {
  readonly read: boolean;
  readonly refresh: boolean;
  readonly stream: boolean;
  readonly windows: boolean;
  /** How the Applications that it deploys differ from what they should be. */
  readonly children: boolean;
  /** When to look again if nothing comes. */
  readonly wakeAt: number;
}

/** What is to be asked now. Pure; `related` and `refresh` come from whoever waits. */
export function asksOf(attention: Attention, wanted: Wanted, options: ObserveOptions, now: number): Asks {
  const refreshAt = attention.refreshing ? Number.POSITIVE_INFINITY : nudgeAt(attention, wanted, options, now);
  const windowsAt = windowsDue(attention);
  const childrenAt = childrenDue(attention);
  const readable = attention.observation !== undefined && !isAway(attention.observation);
  const streamAt =
    readable && attention.readSinceStream && !attention.streaming ? attention.streamAfter : Number.POSITIVE_INFINITY;
  const readAt = readDue(attention);
  return {
    // A refresh answers with the Application too.
    read: readAt <= now && !(refreshAt <= now),
    refresh: refreshAt <= now,
    stream: streamAt <= now,
    windows: windowsAt <= now,
    children: childrenAt <= now,
    wakeAt: Math.min(readAt, refreshAt, streamAt, windowsAt, childrenAt, now + REREAD),
  };
}

function readDue({ reading, refreshing, nextRead, lookAt, lastRefresh = 0 }: Attention): number {
  if (reading) return Number.POSITIVE_INFINITY;
  const due = Math.min(nextRead, lookAt ?? nextRead);
  return refreshing ? Math.max(due, lastRefresh + REFRESH_ANSWERS) : due;
}

function isAway({ state }: Observation): boolean {
  return state === 'absent' || state === 'forbidden' || state === 'unreachable';
}

/**
 * When the next refresh is due. It needs no more than the right to read, makes Argo CD compare with the newest commit, and
 * never deploys anything that it would not deploy by itself.
 */
function nudgeAt(attention: Attention, wanted: Wanted, options: ObserveOptions, now: number): number {
  const { observation, application, lastRefresh, stateSince } = attention;
  const never = Number.POSITIVE_INFINITY;
  if (!options.refresh || observation === undefined || application === undefined || isAway(observation)) return never;
  // It would block until somebody takes the annotation away.
  if (application.skipReconcile) return never;
  if (needsSettling(application, attention)) return settleAt(attention, now);
  const regular = lastRefresh === undefined ? now : lastRefresh + NUDGE;
  if (!isSeen(observation, wanted, options)) {
    return observation.state === 'failed' ? Math.min(regular, (lastRefresh ?? now) + NUDGE_STUCK) : regular;
  }
  const stuck = Math.max(stateSince + IDLE, (lastRefresh ?? 0) + NUDGE_STUCK);
  if (observation.state === 'pending') return stuck;
  const isGreen = observation.state === 'healthy' && observation.trusted;
  // Events of the cluster can be lost inside Argo CD too: then a rollout looks unfinished until the next comparison.
  return isGreen || observation.state === 'blocked' ? never : Math.max(stateSince, lastRefresh ?? 0) + NUDGE;
}

function isSeen({ seenRevision, boundToParent }: Observation, wanted: Wanted, { related }: ObserveOptions): boolean {
  if (seenRevision === undefined) return false;
  if (boundToParent === true) return true;
  const relation = seenRevision === wanted.revision ? 'equal' : related(seenRevision);
  return relation === 'equal' || relation === 'contains' || relation === 'reverted';
}

/** Whole seconds must differ for the order to be told, so that a refresh within the same second would be for nothing. */
function settleAt({ application, serverClock, lastRefresh }: Attention, now: number): number {
  const finishedAt = application?.operation?.finishedAt;
  const again = lastRefresh === undefined ? now : lastRefresh + 2_000;
  if (finishedAt === undefined || serverClock === undefined) return again;
  return Math.max(again, serverClock.at + finishedAt + 1_100 - serverClock.time);
}

/** A closed window shows in no field of the Application: it just stays different. */
function windowsDue({ observation, application, stateSince, windowsAskedAt, askingWindows }: Attention): number {
  const isIdle =
    observation?.state === 'pending' || (observation?.state === 'blocked' && observation.obstacle === 'window');
  if (!isIdle || askingWindows || !application?.automated || application.operationPending)
    return Number.POSITIVE_INFINITY;
  return Math.max(stateSince + IDLE, (windowsAskedAt ?? Number.NEGATIVE_INFINITY) + REREAD);
}

/** A difference that only looks like one shows in no field either. */
function childrenDue({ application, stateSince, childrenAskedAt, askingChildren }: Attention): number {
  if (application === undefined || askingChildren || !dependsOnChildren(application)) return Number.POSITIVE_INFINITY;
  return Math.max(stateSince + CHILDREN_IDLE, (childrenAskedAt ?? Number.NEGATIVE_INFINITY) + REREAD);
}

/** When to read again after an answer: 15 s, with a fifth of jitter either way. */
export function nextRead(observation: Observation, now: number, random: number): number {
  const base = isAway(observation) ? REREAD_ABSENT : REREAD;
  return now + base * (0.8 + 0.4 * random);
}

export function afterFailedRead(attention: Attention, now: number, random: number): Attention {
  const failingSince = attention.failingSince ?? now;
  return { ...attention, reading: false, failingSince, nextRead: now + AFTER_FAILURE * (0.8 + 0.4 * random) };
}

/** A stream that ended is opened anew within a second, after a read; one that never lasts ever more rarely. */
export function afterStream(attention: Attention, now: number, random: number): Attention {
  const lasted = attention.streamedAt !== undefined && now - attention.streamedAt >= LASTING_STREAM;
  const shortStreams = lasted ? 0 : attention.shortStreams + 1;
  const wait = random * Math.min(LONGEST_STREAM_WAIT, 1_000 * 2 ** Math.max(0, shortStreams - 1));
  return {
    ...attention,
    streaming: false,
    readSinceStream: false,
    shortStreams,
    streamAfter: now + wait,
    nextRead: now,
  };
}

export function isGivenUp({ failingSince }: Attention, now: number): boolean {
  return failingSince !== undefined && now - failingSince >= GIVE_UP;
}

/**
 * Whether an Application is older than the one in hand. A stream that was held up delivers late what a read has overtaken.
 * Versions are compared as numbers, which all API servers of Kubernetes give; others are taken as new.
 */
export function isOlder(application: Application, known: Application | undefined): boolean {
  if (known === undefined || !/^\d+$/.test(application.resourceVersion) || !/^\d+$/.test(known.resourceVersion))
    return false;
  return BigInt(application.resourceVersion) < BigInt(known.resourceVersion);
}
