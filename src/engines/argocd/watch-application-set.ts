import { ToolError } from '../../errors.ts';
import { list, record, text } from '../api/json.ts';
import { observeGone, observeTrying } from '../away.ts';
import type { Observation, Target, TargetState } from '../delivery-engine.ts';
import { type Mailbox, mailbox } from '../mailbox.ts';
import { type Application, readApplication } from './application.ts';
import { applicationName } from './application-ref.ts';
import { applicationsOfSet } from './discover.ts';
import { memberOf } from './members.ts';
import type { ObserveContext } from './observe-context.ts';
import type { ApplicationWatch } from './watch-application.ts';

/** Milliseconds between two reads of the list. */
const REREAD = 15_000;
/** The same while none was generated, or what comes of a nudge is not known yet. */
const REREAD_SOON = 5_000;
/** Milliseconds between two streams, when one does not last. */
const STREAM_PAUSE = 15_000;
/** Milliseconds between two nudges: a refresh of any Application of a set makes its controller look at its generators. */
const NUDGE = 60_000;
const REFRESH_TIMEOUT = 10_000;
/** Milliseconds from a nudge until what comes of it can be read; measured: 200. */
const GENERATING = 5_000;
/** Milliseconds for which changes are collected before the list is read again. */
const COLLECT = 200;
/** Milliseconds after which the controller has looked at its generators by itself; its own period is three minutes. */
const OWN_PERIOD = 190_000;
/** Milliseconds of failing after which a set is given up. */
const GIVE_UP = 120_000;

type Message = { readonly kind: 'changed' } | { readonly kind: 'look'; readonly at: number };

interface Watching {
  readonly target: Target;
  readonly context: ObserveContext;
  readonly messages: Mailbox<Message>;
  readonly signal: AbortSignal;
  readonly since: number;
}

/** What is known between two reads. Times are `Clock.monotonic` milliseconds. */
interface Knowledge {
  readonly names: readonly string[];
  readonly nudgedAt?: number;
  /** When the first nudge had been answered. */
  readonly answeredAt?: number;
  readonly settled?: boolean;
  readonly failingSince?: number;
}

/**
 * Asks and listens which Applications a set has generated. It is found by them, since `applications, get` is all that a gate
 * may be given; where the set itself can be read, the errors of its generators are told too.
 */
export function watchApplicationSet(
  target: Target,
  context: ObserveContext,
  tell: (observation: Observation) => void,
): ApplicationWatch {
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const since = context.host.clock.monotonic();
  const watching: Watching = { target, context, messages: mailbox(context.host.clock), signal, since };
  const run = async (): Promise<void> => {
    try {
      await attend(watching, tell);
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    } finally {
      stop.abort();
    }
  };
  return { run, look: (at) => watching.messages.put({ kind: 'look', at }), stop: () => stop.abort() };
}

async function attend(watching: Watching, tell: (observation: Observation) => void): Promise<void> {
  const { clock, log } = watching.context.host;
  let listening = false;
  let knowledge: Knowledge = { names: [] };
  for (;;) {
    try {
      const seen = await read(watching, knowledge);
      if (!listening) void listen(watching, new Set(seen.knowledge.names));
      listening = true;
      knowledge = seen.knowledge;
      tell(seen.observation);
    } catch (error) {
      if (watching.signal.aborted || !(error instanceof ToolError)) throw error;
      const failingSince = knowledge.failingSince ?? clock.monotonic();
      const isPassing = error.code === 'temporary' || error.code === 'protocol';
      if (!isPassing || clock.monotonic() - failingSince >= GIVE_UP) {
        return tell(observeGone(watching.target, error, clock.monotonic()));
      }
      if (knowledge.names.length === 0) tell(observeTrying(watching.target, error, clock.monotonic()));
      if (knowledge.failingSince === undefined) log.warning(`${watching.target.name}: ${error.message}; trying on`);
      knowledge = { ...knowledge, failingSince };
    }
    knowledge = await nudge(watching, knowledge);
    await rest(watching, clock.monotonic() + (knowledge.settled ? REREAD : REREAD_SOON));
  }
}

/** Until another read is due: by time, by a change, or by the wish of whoever waits. */
async function rest({ context, messages, signal }: Watching, due: number): Promise<void> {
  const { clock } = context.host;
  for (let until = due; clock.monotonic() < until; ) {
    const message = await messages.take(until - clock.monotonic(), signal);
    if (message?.kind === 'changed') until = Math.min(until, clock.monotonic() + COLLECT);
    if (message?.kind === 'look') until = Math.min(until, message.at);
  }
}

async function read(watching: Watching, { failingSince: _, ...before }: Knowledge) {
  const { target, context, signal, since } = watching;
  const [all, self] = await Promise.all([applicationsOfSet(context.api, target, signal), readSet(watching)]);
  const generated = all.filter(({ deleting }) => !deleting);
  const names = generated.map(({ name }) => name).sort();
  const isSame = names.join(' ') === before.names.join(' ');
  const now = context.host.clock.monotonic();
  const { answeredAt = Number.POSITIVE_INFINITY } = before;
  const looked = now - answeredAt >= GENERATING || now - since >= OWN_PERIOD;
  const settled = isSame && looked && names.length > 0;
  return {
    knowledge: { ...before, names, settled },
    observation: observationOf(watching, generated, { ...self, settled, now }),
  };
}

interface SetItself {
  /** Undefined where it was read. */
  readonly refused?: { readonly status: number; readonly message: string };
  readonly error?: string;
  readonly serverNow?: number;
}

/** A missing right (`applicationsets, get`) leaves it unknown; nothing else depends on it. */
async function readSet({ target, context, signal }: Watching): Promise<SetItself> {
  const answer = await context.api.applicationSet(target, { signal, tries: 1 }).catch(() => undefined);
  if (answer === undefined) return {};
  if (answer.kind === 'refused') return { refused: answer };
  const conditions = list(record(record(answer.value).status).conditions).map(record);
  const failed = conditions.find(({ type, status }) => type === 'ErrorOccurred' && status === 'True');
  return {
    ...(failed === undefined ? {} : { error: text(failed.message) ?? text(failed.reason) ?? 'an error' }),
    ...(answer.serverNow === undefined ? {} : { serverNow: answer.serverNow }),
  };
}

interface Seen extends SetItself {
  readonly settled: boolean;
  readonly now: number;
}

/** It has no revision of its own: it stands where its Applications stand, each of which is waited for. */
function observationOf(
  { target, context }: Watching,
  generated: readonly Application[],
  { refused, error, serverNow, settled, now }: Seen,
): Observation {
  const { name } = target;
  const members = generated.map((one) => memberOf({ name }, target, one.namespace, one));
  const { state, reason } = situationOf(name, members.length, refused, error);
  const { revision } = context.wanted;
  return {
    target,
    at: now,
    via: 'read',
    state,
    trusted: settled && state === 'healthy',
    ...(state === 'healthy' ? { seenRevision: revision, appliedRevision: revision } : {}),
    deployed: [],
    ...(serverNow === undefined ? {} : { comparedAt: serverNow }),
    lasting: 0,
    final: false,
    reasons: [reason],
    images: [],
    resources: [],
    members,
    fingerprint: JSON.stringify([state, settled, reason, members.map((member) => member.name)]),
  };
}

function situationOf(
  name: string,
  count: number,
  refused: SetItself['refused'],
  error: string | undefined,
): { readonly state: TargetState; readonly reason: string } {
  if (error !== undefined) return { state: 'failed', reason: `a generator of ${name} fails: ${error}` };
  if (count > 0) return { state: 'healthy', reason: `${count} applications generated` };
  const none = 'no application that the token may read was generated by it';
  if (refused === undefined) return { state: 'absent', reason: `${name} is there, and ${none}` };
  return {
    state: refused.status === 404 ? 'absent' : 'forbidden',
    reason: `${none}: ${name} does not exist, has generated none, or the token may not read them (${refused.message})`,
  };
}

async function nudge(watching: Watching, knowledge: Knowledge): Promise<Knowledge> {
  const { target, context, signal } = watching;
  const now = context.host.clock.monotonic();
  const [first] = knowledge.names;
  const isDue = knowledge.nudgedAt === undefined || now - knowledge.nudgedAt >= NUDGE;
  if (!context.options.refresh || first === undefined || !isDue) return knowledge;
  const one: Target = { ...target, name: first, kind: 'Application' };
  const options = { refresh: true, signal, timeout: REFRESH_TIMEOUT, tries: 1 };
  const answer = await context.api.application(one, options).catch(() => undefined);
  if (answer?.kind !== 'ok') return { ...knowledge, nudgedAt: now };
  return { ...knowledge, nudgedAt: now, answeredAt: knowledge.answeredAt ?? context.host.clock.monotonic() };
}

/** Only says that something came or went; what it is, the list tells. */
async function listen({ target, context, messages, signal }: Watching, known: Set<string>): Promise<void> {
  const { api, host } = context;
  const { namespace, project } = target;
  while (!signal.aborted) {
    await api.follow({ namespace, project }, signal, (type, value) => {
      const application = readApplication(value);
      if (application === undefined || application.generatedBy !== applicationName(target)) return;
      const isNew = !known.has(application.name);
      if (type === 'DELETED') known.delete(application.name);
      else known.add(application.name);
      if (isNew || type === 'DELETED') messages.put({ kind: 'changed' });
    });
    await host.clock.sleep(STREAM_PAUSE, signal).catch(() => undefined);
  }
}
