/** Milliseconds between two reads of all Applications. */
const RELIST = 15_000;
/** What is added at random, so that many waits do not ask in step. */
const JITTER = 3_000;
/** Milliseconds after a read until the next one when an Application has never been read, or a stream has ended. */
const RELIST_SOON = 2_000;
const AFTER_FAILURE = 5_000;
/** Milliseconds after which a stream has lasted; proxies cut idle ones after a minute or so. */
const LASTING_STREAM = 30_000;
const LONGEST_STREAM_WAIT = 30_000;

/** Where the one list and the one stream of many Applications stand. Times are `Clock.monotonic` milliseconds. */
export interface SharedAttention {
  /** Somebody wants a read: now, or as soon as the next one is due anyway. */
  readonly wanted: 'no' | 'when due' | 'soon';
  readonly listing: boolean;
  readonly listedAt: number;
  /** When the next list is due, if somebody wants one. */
  readonly nextList: number;
  readonly streaming: boolean;
  readonly streamedAt: number;
  readonly streamAfter: number;
  readonly shortStreams: number;
  /** A list has come since the last stream ended. */
  readonly listedSinceStream: boolean;
}

export function startShared(now: number): SharedAttention {
  return {
    wanted: 'no',
    listing: false,
    listedAt: Number.NEGATIVE_INFINITY,
    nextList: now,
    streaming: false,
    streamedAt: now,
    streamAfter: now,
    shortStreams: 0,
    listedSinceStream: false,
  };
}

export interface SharedAsks {
  readonly list: boolean;
  readonly stream: boolean;
  /** When to look again if nothing comes. */
  readonly wakeAt: number;
}

/** What is to be asked now. Pure. */
export function sharedAsks(attention: SharedAttention, now: number): SharedAsks {
  const { streaming, streamAfter, listedSinceStream } = attention;
  const listAt = listDue(attention);
  const streamAt = listedSinceStream && !streaming ? streamAfter : Number.POSITIVE_INFINITY;
  return { list: listAt <= now, stream: streamAt <= now, wakeAt: Math.min(listAt, streamAt, now + RELIST) };
}

function listDue({ wanted, listing, listedAt, nextList }: SharedAttention): number {
  if (wanted === 'no' || listing) return Number.POSITIVE_INFINITY;
  return wanted === 'soon' ? Math.min(nextList, listedAt + RELIST_SOON) : nextList;
}

export function started(attention: SharedAttention, { list, stream }: SharedAsks, now: number): SharedAttention {
  return {
    ...attention,
    ...(list ? { listing: true, listedAt: now, wanted: 'no' } : {}),
    ...(stream ? { streaming: true, streamedAt: now } : {}),
  };
}

/** @param at when it was wished; a list that was asked after that, and is to come, fulfils it */
export function afterWish(attention: SharedAttention, soon: boolean, at: number): SharedAttention {
  if (attention.listing && at <= attention.listedAt) return attention;
  return { ...attention, wanted: soon || attention.wanted === 'soon' ? 'soon' : 'when due' };
}

export function afterList(attention: SharedAttention, worked: boolean, now: number, random: number): SharedAttention {
  const { listedAt, listedSinceStream } = attention;
  return {
    ...attention,
    listing: false,
    listedSinceStream: listedSinceStream || worked,
    nextList: worked ? listedAt + RELIST + random * JITTER : now + AFTER_FAILURE,
  };
}

/** A stream that ended is opened anew within a second, after a list; one that never lasts ever more rarely. */
export function afterSharedStream(attention: SharedAttention, now: number, random: number): SharedAttention {
  const lasted = now - attention.streamedAt >= LASTING_STREAM;
  const shortStreams = lasted ? 0 : attention.shortStreams + 1;
  const wait = random * Math.min(LONGEST_STREAM_WAIT, 1_000 * 2 ** Math.max(0, shortStreams - 1));
  return {
    ...attention,
    wanted: shortStreams > 2 ? 'when due' : 'soon',
    streaming: false,
    listedSinceStream: false,
    shortStreams,
    streamAfter: now + wait,
  };
}
