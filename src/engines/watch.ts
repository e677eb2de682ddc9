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
import { type JudgeOptions, judge } from './judge.ts';
import { type Mailbox, mailbox } from './mailbox.ts';
import { type Relations, relate, relations, revisionsOf } from './relations.ts';
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
  readonly observing: Observing;
}

/**
 * Waits until every target has its verdict, all of them in parallel under one deadline. Ends by the deadline and 5 s, the
 * diagnosis of what went wrong included.
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
  return [...scene.watched.values()].filter(({ diagnosis }) => diagnosis === undefined);
}

/** One message or one timer, then a fresh judgement of every target that it can change. */
async function step(scene: Scene): Promise<void> {
  const { request, deadline, messages } = scene;
  const { clock, signal } = request.host;
  const dueAt = Math.min(deadline, ...undecided(scene).map(({ toldAt }) => toldAt + HEARTBEAT));
  const message = await messages.take(dueAt - clock.monotonic(), signal);
  if (message !== undefined) receive(scene, message);
  const now = clock.monotonic();
  const only = now < dueAt && message !== undefined ? nameIn(message) : undefined;
  for (const one of undecided(scene)) {
    if (only === undefined || one.target.name === only) consider(scene, one, now);
  }
}

/** The one target that a message is about; none where it is about all of them. */
function nameIn(message: Message): string | undefined {
  if (message.kind === 'observation') return message.observation.target.name;
  return message.kind === 'acted' ? message.target : undefined;
}

function receive(scene: Scene, message: Message): void {
  if (message.kind === 'observation') {
    const { observation } = message;
    const one = scene.watched.get(observation.target.name);
    if (one === undefined || one.diagnosis !== undefined) return;
    scene.known.lookUp(differing(observation, scene.request.wanted), observation.at);
    scene.watched.set(observation.target.name, remember(one, observation));
  } else if (message.kind === 'acted') {
    const one = scene.watched.get(message.target);
    if (one !== undefined) scene.watched.set(message.target, afterAction(one, message.action, message.result));
  } else if (message.kind === 'broken') {
    giveUp(scene, message.error);
  }
}

function differing(observation: Observation, wanted: Wanted): readonly Revision[] {
  return revisionsOf(observation).filter((revision) => revision !== wanted.revision);
}

/** The engine cannot be observed at all any more: every target that is left ends with that error. */
function giveUp(scene: Scene, error: unknown): void {
  if (!(error instanceof ToolError)) throw error;
  for (const one of undecided(scene)) {
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

function verdictOn(scene: Scene, one: Watched, now: number): Verdict {
  const { wanted, options } = scene.request;
  const history = one.history.map((observation) => relate(observation, scene.related));
  const verdict = judge(
    history,
    wanted,
    one.refusal === undefined ? options : { ...options, sync: 'never' },
    now,
    scene.started,
  );
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
  scene.watched.set(one.target.name, {
    ...one,
    verdict,
    decidedAt: now,
    timeline: entry === undefined ? one.timeline : [...one.timeline, entry],
    diagnosis: DIAGNOSED.has(verdict.kind) ? diagnose(scene, one.target) : Promise.resolve(undefined),
  });
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
