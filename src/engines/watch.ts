import { ToolError } from '../errors.ts';
import type { Relation, Revision } from '../forges/forge-client.ts';
import type { Host } from '../host.ts';
import type { TargetOutcome } from '../outcome.ts';
import type {
  ActResult,
  DeliveryEngine,
  Diagnosis,
  Observation,
  Observing,
  Target,
  Verdict,
  Wanted,
} from './delivery-engine.ts';
import {
  below,
  DEEPEST,
  departed,
  depthOf,
  isComing,
  isDecided,
  MOST_MEMBERS,
  orphaned,
  relatedHistory,
  rootOf,
  withMembers,
} from './family.ts';
import { type JudgeOptions, judge } from './judge.ts';
import { imagesToShow, repositoriesOf } from './live-images.ts';
import { type Mailbox, mailbox } from './mailbox.ts';
import { type Relations, relations, revisionsOf } from './relations.ts';
import { actionDue, afterAction, remember, startWatching, summarise, type Watched } from './watched.ts';

/** Milliseconds between two signs of life of a target that does not change. */
const HEARTBEAT = 30_000;
/** Milliseconds that a diagnosis may take, so that the whole ends within 5 s of the deadline. */
const DIAGNOSIS_BUDGET = 4_000;
const DIAGNOSED: ReadonlySet<Verdict['kind']> = new Set(['failed', 'timedOut', 'blocked']);

export interface ProgressEvent {
  /** `change`: another state; `heartbeat`: still the same; `verdict`: the end of this target. */
  readonly kind: 'change' | 'heartbeat' | 'verdict';
  readonly target: Target;
  /** Seconds since the wait began. */
  readonly seconds: number;
  readonly verdict: Verdict;
}

export interface WatchRequest {
  readonly engine: DeliveryEngine;
  readonly targets: readonly Target[];
  readonly wanted: Wanted;
  readonly options: JudgeOptions;
  /** Milliseconds for all targets together. */
  readonly timeout: number;
  /** Whether the engine is asked to look at its source at once. */
  readonly refresh: boolean;
  /** How a revision stands to the wanted one. Asked once for each revision, and again while the answer is unknown. */
  readonly relation: (revision: Revision) => Promise<Relation>;
  readonly progress: (event: ProgressEvent) => void;
  readonly host: Pick<Host, 'clock' | 'signal'>;
}

type Message =
  | { readonly kind: 'observation'; readonly observation: Observation }
  | { readonly kind: 'related' }
  | { readonly kind: 'acted'; readonly target: string; readonly action: string; readonly result: ActResult }
  | { readonly kind: 'broken'; readonly error: unknown };

interface Scene {
  readonly request: WatchRequest;
  readonly started: number;
  readonly deadline: number;
  readonly signal: AbortSignal;
  readonly messages: Mailbox<Message>;
  readonly known: Relations;
  readonly related: (revision: Revision) => Relation | undefined;
  readonly watched: Map<string, Watched>;
  /** The image repositories that each target has shown. */
  readonly shown: Map<string, Set<string>>;
  readonly observing: Observing;
}

/**
 * Waits until every target has its verdict, all of them in parallel under one deadline, and so every target that is found
 * below one of them. Ends by the deadline and 5 s, the diagnosis of what went wrong included.
 * @throws ToolError the reason of `host.signal` when it is aborted, at once
 */
export async function watch(request: WatchRequest): Promise<readonly TargetOutcome[]> {
  const { host, engine, targets, wanted } = request;
  const stop = new AbortController();
  const signal = AbortSignal.any([host.signal, stop.signal]);
  const messages = mailbox<Message>(host.clock);
  const known = relations(request.relation, () => messages.put({ kind: 'related' }));
  const related = (revision: Revision) => (revision === wanted.revision ? 'equal' : known.get(revision));
  const observing = engine.observe(targets, wanted, { refresh: request.refresh, related }, signal);
  const started = host.clock.monotonic();
  const scene: Scene = {
    request,
    started,
    deadline: started + request.timeout,
    signal,
    messages,
    known,
    related,
    watched: new Map(targets.map((target) => [target.name, startWatching(target, started)])),
    shown: new Map(targets.map(({ name }) => [name, new Set<string>()])),
    observing,
  };
  const pump = forward(observing.observations, messages);
  try {
    while (undecided(scene).length > 0) await step(scene);
    stop.abort();
    return await Promise.all([...scene.watched.values()].map((one) => outcomeOf(scene, one)));
  } finally {
    stop.abort();
    await pump;
  }
}

async function forward(observations: AsyncIterable<Observation>, messages: Mailbox<Message>): Promise<void> {
  try {
    for await (const observation of observations) messages.put({ kind: 'observation', observation });
  } catch (error) {
    messages.put({ kind: 'broken', error });
  }
}

function undecided(scene: Scene): readonly Watched[] {
  return [...scene.watched.values()].filter((one) => !isDecided(one));
}

/** One message or one timer, then a fresh judgement of every target that it can change. */
async function step(scene: Scene): Promise<void> {
  const { request, deadline, messages } = scene;
  const { clock, signal } = request.host;
  const dueAt = Math.min(deadline, ...undecided(scene).map(({ toldAt }) => toldAt + HEARTBEAT));
  const message = await messages.take(dueAt - clock.monotonic(), signal);
  if (message !== undefined) receive(scene, message);
  const now = clock.monotonic();
  const only = now < dueAt && message !== undefined ? nameIn(message, scene) : undefined;
  const due = undecided(scene).filter((one) => only === undefined || rootOf(one, scene.watched) === only);
  // A parent's verdict needs those of its members.
  const depths = new Map(due.map(({ target }) => [target.name, depthIn(scene, target)]));
  const depth = ({ target: { name } }: Watched) => depths.get(name) ?? 0;
  for (const { target } of [...due].sort((a, b) => depth(b) - depth(a))) {
    const one = scene.watched.get(target.name);
    if (one !== undefined && !isDecided(one)) consider(scene, one, now);
  }
}

function depthIn({ watched }: Scene, { name }: Target): number {
  const one = watched.get(name);
  return one === undefined ? 0 : depthOf(one, watched);
}

/**
 * The one target, of those that were named, that a message is about or about a member of. None where it is about all, such as
 * which of them runs which image.
 */
function nameIn(message: Message, { request, watched }: Scene): string | undefined {
  if (message.kind !== 'observation' && message.kind !== 'acted') return undefined;
  if (message.kind === 'observation' && request.wanted.images.length > 0 && watched.size > 1) return undefined;
  const one = watched.get(message.kind === 'acted' ? message.target : message.observation.target.name);
  return one === undefined ? undefined : rootOf(one, watched);
}

function receive(scene: Scene, message: Message): void {
  if (message.kind === 'observation') {
    const { observation } = message;
    const one = scene.watched.get(observation.target.name);
    if (one === undefined || one.diagnosis !== undefined) return;
    for (const name of repositoriesOf(observation.images)) scene.shown.get(observation.target.name)?.add(name);
    scene.known.lookUp(differing(observation, scene.request.wanted), observation.at);
    const updated = remember(one, observation);
    scene.watched.set(observation.target.name, updated);
    meet(scene, updated, observation);
  } else if (message.kind === 'acted') {
    const one = scene.watched.get(message.target);
    if (one !== undefined) scene.watched.set(message.target, afterAction(one, message.action, message.result));
  } else if (message.kind === 'broken') {
    giveUp(scene, message.error);
  }
}

/** Members are watched from when they are first named, and no longer once their parent has arrived without them. */
function meet(scene: Scene, parent: Watched, { members = [], at }: Observation): void {
  const { watched, related, observing, shown } = scene;
  const unknown = members.filter(({ name }) => !watched.has(name));
  const isTooDeep = depthOf(parent, watched) >= DEEPEST;
  if (unknown.length > 0 && (isTooDeep || watched.size + unknown.length > MOST_MEMBERS)) {
    tooMany(scene, parent, isTooDeep ? `${DEEPEST} generations` : `${MOST_MEMBERS} applications`);
    return;
  }
  for (const target of unknown) {
    watched.set(target.name, startWatching(target, at));
    shown.set(target.name, new Set());
    observing.join(target);
  }
  for (const { target } of departed(parent, watched, related)) {
    observing.leave(target);
    watched.delete(target.name);
    shown.delete(target.name);
  }
}

function tooMany(scene: Scene, parent: Watched, bound: string): void {
  const { phase } = parent.verdict;
  conclude(scene, parent, { kind: 'blocked', phase, reasons: [`more than ${bound} are below it, which is the bound`] });
}

function differing(observation: Observation, wanted: Wanted): readonly Revision[] {
  return revisionsOf(observation).filter((revision) => revision !== wanted.revision);
}

/** The engine cannot be observed at all any more: every target that is left ends with that error. */
function giveUp(scene: Scene, error: unknown): void {
  if (!(error instanceof ToolError)) throw error;
  for (const { target } of undecided(scene)) {
    const one = scene.watched.get(target.name);
    if (one === undefined || isDecided(one)) continue;
    const { phase } = one.verdict;
    conclude(scene, one, { kind: 'unreachable', phase, reasons: [error.message], code: error.code });
  }
}

function consider(scene: Scene, one: Watched, now: number): void {
  const verdict = verdictOn(scene, one, now);
  if (verdict.kind !== 'waiting') {
    conclude(scene, one, verdict);
  } else if (now >= scene.deadline) {
    conclude(scene, one, { ...verdict, kind: 'timedOut' });
  } else {
    const updated = tell(scene, lookAgain(scene, one, verdict.due), verdict, now);
    const action = actionDue(updated, scene.request.options);
    scene.watched.set(one.target.name, action === undefined ? updated : act(scene, updated, action));
  }
}

/** Asks for the look that could decide, once. */
function lookAgain(scene: Scene, one: Watched, due: number | undefined): Watched {
  if (due === undefined || due === one.lookAt) return one;
  scene.observing.look(one.target, due);
  return { ...one, lookAt: due };
}

/** The revision is for every target, an image only for those that run it. */
function wantedOf({ request: { wanted }, shown }: Scene, { name }: Target): Wanted {
  if (wanted.images.length === 0) return wanted;
  const own = shown.get(name) ?? new Set();
  const others = new Set([...shown].flatMap(([other, names]) => (other === name ? [] : [...names])));
  return { ...wanted, images: imagesToShow(wanted.images, own, others) };
}

function verdictOn(scene: Scene, one: Watched, now: number): Verdict {
  const { watched, related } = scene;
  const options: JudgeOptions = { ...scene.request.options, ...(one.refusal === undefined ? {} : { sync: 'never' }) };
  const history = relatedHistory(one, watched, related);
  const judged = judge(history, wantedOf(scene, one.target), options, now, one.since);
  const isStillComing = judged.code === 'missing' && isComing(one, watched, related, options.appearTimeout);
  const verdict: Verdict = isStillComing ? { ...judged, kind: 'waiting' } : withMembers(judged, one, watched);
  const isStuck = verdict.kind === 'blocked' || verdict.kind === 'waiting';
  return one.refusal === undefined || !isStuck ? verdict : { ...verdict, reasons: [one.refusal, ...verdict.reasons] };
}

/** Reports a change of state, or a sign of life when there was none for long. */
function tell(scene: Scene, one: Watched, verdict: Verdict, now: number): Watched {
  const entry = summarise(one, verdict, now - scene.started);
  const changed = entry !== undefined;
  if (!changed && now - one.toldAt < HEARTBEAT) return { ...one, verdict };
  const seconds = (now - scene.started) / 1000;
  scene.request.progress({ kind: changed ? 'change' : 'heartbeat', target: one.target, seconds, verdict });
  return { ...one, verdict, toldAt: now, timeline: changed ? [...one.timeline, entry] : one.timeline };
}

/** Starts what was asked for, once for each revision; the answer comes back as a message. */
function act(scene: Scene, one: Watched, kind: 'sync' | 'terminate'): Watched {
  const { request, messages, signal } = scene;
  const revision = one.history.at(-1)?.seenRevision;
  const action = `${kind} ${revision}`;
  const report = (result: ActResult) => messages.put({ kind: 'acted', target: one.target.name, action, result });
  void request.engine
    .act(one.target, kind, kind === 'sync' ? revision : undefined, signal)
    .then(report, (error: unknown) => {
      if (!signal.aborted) report({ kind: 'refused', reason: error instanceof Error ? error.message : String(error) });
    });
  return { ...one, acted: [...one.acted, action] };
}

function conclude(scene: Scene, one: Watched, verdict: Verdict): void {
  scene.observing.leave(one.target);
  const now = scene.request.host.clock.monotonic();
  const seconds = (now - scene.started) / 1000;
  const entry = summarise(one, verdict, now - scene.started);
  scene.request.progress({ kind: 'verdict', target: one.target, seconds, verdict });
  const decided: Watched = {
    ...one,
    verdict,
    decidedAt: now,
    timeline: entry === undefined ? one.timeline : [...one.timeline, entry],
    diagnosis: DIAGNOSED.has(verdict.kind) ? diagnose(scene, one.target) : Promise.resolve(undefined),
  };
  scene.watched.set(one.target.name, decided);
  for (const { target } of below(one, scene.watched)) {
    const member = scene.watched.get(target.name);
    if (member !== undefined && !isDecided(member) && now < scene.deadline)
      conclude(scene, member, orphaned(member, decided));
  }
}

async function diagnose(scene: Scene, target: Target): Promise<Diagnosis | undefined> {
  const { clock, signal } = scene.request.host;
  const budget = new AbortController();
  const ended = new AbortController();
  void clock.sleep(DIAGNOSIS_BUDGET, AbortSignal.any([signal, ended.signal])).then(
    () => budget.abort(),
    () => undefined,
  );
  try {
    return await scene.request.engine.diagnose(target, AbortSignal.any([signal, budget.signal]));
  } catch {
    return undefined;
  } finally {
    ended.abort();
  }
}

async function outcomeOf(scene: Scene, one: Watched): Promise<TargetOutcome> {
  const diagnosis = await one.diagnosis;
  scene.request.host.signal.throwIfAborted();
  const { target, verdict, timeline, decidedAt } = one;
  const seconds = Math.round(((decidedAt ?? scene.started) - scene.started) / 100) / 10;
  return { target, verdict, seconds, timeline, ...(diagnosis === undefined ? {} : { diagnosis }) };
}
