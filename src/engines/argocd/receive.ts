import { ToolError } from '../../errors.ts';
import type { Answer } from '../api/answer.ts';
import { sameJson } from '../api/json.ts';
import { observeGone, observeTrying } from '../away.ts';
import type { Observation, Target, Wanted } from '../delivery-engine.ts';
import { type Application, readApplication } from './application.ts';
import { applicationName } from './application-ref.ts';
import { type Attention, afterFailedRead, afterStream, isGivenUp, isOlder, nextRead } from './attention.ts';
import { observeRefused } from './away.ts';
import { interpret, type Known } from './interpret.ts';
import type { SyncWindows } from './sync-windows.ts';

/** What the tasks that ask and listen bring back. */
export type Message =
  | {
      readonly kind: 'answer';
      readonly answer: Extract<Answer, { kind: 'ok' | 'refused' }>;
      readonly refresh: boolean;
      /** `finishedAt` of the operation that had ended when a refresh was asked. */
      readonly covers: number | undefined;
    }
  | { readonly kind: 'failed'; readonly error: ToolError; readonly refresh: boolean }
  | { readonly kind: 'event'; readonly type: string; readonly application: unknown }
  | { readonly kind: 'stream ended'; readonly reason: string }
  | { readonly kind: 'windows'; readonly windows: SyncWindows | undefined }
  | { readonly kind: 'children'; readonly equal: ReadonlySet<string> | undefined }
  | { readonly kind: 'look'; readonly at: number };

export interface Reception {
  readonly target: Target;
  readonly wanted: Wanted;
  readonly normalise: (url: string) => string;
  /** Of the server, for people. */
  readonly location: string;
  /** What it means that an Application is refused, see `ArgocdApi`. */
  readonly forbidden: string;
  readonly now: number;
  readonly random: number;
}

/** What a message makes of what was known. Pure. */
export interface Received {
  readonly attention: Attention;
  readonly observation?: Observation;
  readonly log?: { readonly level: 'debug' | 'info' | 'warning'; readonly text: string };
  /** Nothing more will be asked. */
  readonly over?: boolean;
}

/**
 * Milliseconds of nothing but reads that are older than what is known, after which they are believed: not one of several
 * servers lags behind, but the cluster was restored from a backup.
 */
const RESTORED = 60_000;
/** Milliseconds until the read after one that was older than what is known. */
const LAGGING = 2_000;

export function receive(attention: Attention, message: Message, reception: Reception): Received {
  const { target, now, random } = reception;
  switch (message.kind) {
    case 'answer':
      return receiveAnswer(attention, message, reception);
    case 'failed':
      return receiveFailure(attention, message.error, message.refresh, reception);
    case 'event':
      return receiveEvent(attention, message.type, readApplication(message.application), reception);
    case 'stream ended': {
      const log = { level: 'debug', text: `The stream of ${target.name} ended: ${message.reason}` } as const;
      return { attention: afterStream(attention, now, random), log };
    }
    case 'windows':
      return receiveWindows(attention, message.windows, reception);
    case 'children':
      return receiveChildren(attention, message.equal, reception);
    case 'look':
      return { attention: { ...attention, lookAt: message.at } };
  }
}

function receiveAnswer(
  before: Attention,
  { answer, refresh, covers }: Extract<Message, { kind: 'answer' }>,
  reception: Reception,
): Received {
  const { target, location, forbidden, now } = reception;
  const attention = { ...before, ...(refresh ? { refreshing: false } : { reading: false }) };
  const strange = (what: string) =>
    receiveFailure(attention, new ToolError('protocol', `${location} ${what}`), refresh, reception);
  if (answer.kind === 'refused') {
    const { status, message } = answer;
    if (status !== 403 && status !== 404) return strange(`refused to show ${target.name}: HTTP ${status} ${message}`);
    return settle(
      before,
      see(withoutApplication(attention), observeRefused(target, answer, forbidden, now)),
      reception,
    );
  }
  const application = readApplication(answer.value);
  if (application === undefined || !isAsked(target, application)) {
    return strange(`answered with something else than the application ${target.name}`);
  }
  if (isOlder(application, attention.application)) {
    const { olderSince = now } = attention;
    if (now - olderSince < RESTORED) return { attention: { ...attention, olderSince, nextRead: now + LAGGING } };
  }
  const informed = {
    ...attention,
    ...(answer.serverNow === undefined ? {} : { serverClock: { time: answer.serverNow, at: now } }),
    ...(covers === undefined ? {} : { refreshedAfter: covers }),
  };
  return settle(before, take(informed, application, 'read', reception), reception);
}

/** After a read that worked: the next one, and the end of an outage. */
function settle(before: Attention, received: Received, { target, now, random }: Reception): Received {
  const { failingSince, olderSince: _, lookAt, ...attention } = received.attention;
  const due = received.observation === undefined ? before.nextRead : nextRead(received.observation, now, random);
  return {
    ...received,
    attention: {
      ...attention,
      readSinceStream: true,
      nextRead: due,
      // A look that was wanted for later is still wanted.
      ...(lookAt === undefined || lookAt <= now ? {} : { lookAt }),
    },
    ...(failingSince === undefined ? {} : { log: { level: 'info', text: `${target.name} can be read again` } }),
  };
}

function take(before: Attention, application: Application, via: Observation['via'], reception: Reception): Received {
  const { target, wanted, normalise, now } = reception;
  const reading = { target, application, at: now, via };
  const attention = isSameComparison(application, before.application) ? before : withoutChildren(before);
  return see({ ...attention, application }, interpret(reading, wanted, knownOf(attention, now), normalise));
}

/** What was learned of the Applications that it deploys is about one revision and one operation. */
function isSameComparison(a: Application, b: Application | undefined): boolean {
  return a.operation?.finishedAt === b?.operation?.finishedAt && sameJson(a.sync?.revisions, b?.sync?.revisions);
}

function knownOf({ serverClock, refreshedAfter, equalChildren, windows }: Attention, now: number): Known {
  return {
    ...(refreshedAfter === undefined ? {} : { refreshedAfter }),
    ...(equalChildren === undefined ? {} : { equalChildren }),
    ...(windows === undefined ? {} : { windows }),
    ...(serverClock === undefined ? {} : { serverNow: serverClock.time + now - serverClock.at }),
  };
}

function see(before: Attention, observation: Observation): Received {
  const last = before.observation;
  const same = last?.state === observation.state && last.seenRevision === observation.seenRevision;
  const attention = same || observation.obstacle === 'window' ? before : withoutWindows(before);
  return {
    attention: { ...attention, observation, stateSince: same ? before.stateSince : observation.at },
    observation,
  };
}

function receiveFailure(before: Attention, error: ToolError, refresh: boolean, reception: Reception): Received {
  const { target, now, random } = reception;
  if (refresh && error.code !== 'denied') {
    // Cut short, or refused by a proxy: a plain read says how things stand, and what was asked for is done all the same.
    const text = `The refresh of ${target.name} did not come back: ${error.message}`;
    return { attention: { ...before, refreshing: false }, log: { level: 'debug', text } };
  }
  const attention = { ...afterFailedRead(before, now, random), refreshing: false };
  const isPassing = error.code === 'temporary' || error.code === 'protocol';
  if (!isPassing || isGivenUp(attention, now)) {
    return { ...see(attention, observeGone(target, error, now)), over: true };
  }
  const isNew = before.failingSince === undefined;
  const log = { level: isNew ? 'warning' : 'debug', text: `${target.name}: ${error.message}; trying on` } as const;
  // What was read before says more than that it cannot be read now.
  if (before.observation !== undefined) return { attention, log };
  return { attention, log, observation: observeTrying(target, error, now) };
}

function receiveEvent(
  attention: Attention,
  type: string,
  application: Application | undefined,
  reception: Reception,
): Received {
  // Whether it is gone, or what this is, a read tells for certain.
  if (type === 'DELETED' || application === undefined || !isAsked(reception.target, application)) {
    return { attention: { ...attention, nextRead: reception.now } };
  }
  const known = attention.application;
  if (isOlder(application, known) || application.resourceVersion === known?.resourceVersion) return { attention };
  return take(attention, application, 'stream', reception);
}

function receiveWindows(before: Attention, windows: SyncWindows | undefined, reception: Reception): Received {
  const attention = { ...before, askingWindows: false };
  if (windows === undefined || attention.application === undefined) return { attention };
  return take({ ...attention, windows }, attention.application, 'read', reception);
}

function receiveChildren(before: Attention, equal: ReadonlySet<string> | undefined, reception: Reception): Received {
  const attention = { ...before, askingChildren: false };
  if (equal === undefined || attention.application === undefined) return { attention };
  return take({ ...attention, equalChildren: equal }, attention.application, 'read', reception);
}

function withoutChildren(attention: Attention): Attention {
  const { equalChildren: _, childrenAskedAt: __, ...rest } = attention;
  return rest;
}

function withoutWindows(attention: Attention): Attention {
  const { windows: _, ...rest } = attention;
  return rest;
}

function withoutApplication(attention: Attention): Attention {
  const { application: _, refreshedAfter: __, lastRefresh: ___, ...rest } = attention;
  return rest;
}

/** Without a namespace the server picks one of several of the same name: whichever it was must at least be that name. */
function isAsked(target: Target, application: Application): boolean {
  if (application.name !== applicationName(target)) return false;
  return (
    target.namespace === undefined || application.namespace === undefined || application.namespace === target.namespace
  );
}
