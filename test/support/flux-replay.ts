import type { Observation, Target, Verdict, Wanted } from '../../src/engines/delivery-engine.ts';
import { appraise } from '../../src/engines/flux/appraise.ts';
import type { Memory } from '../../src/engines/flux/finding.ts';
import { needsOf } from '../../src/engines/flux/needs.ts';
import { fluxTarget, objectOf } from '../../src/engines/flux/target-ref.ts';
import { objectKey, type PlaceState, placeKey } from '../../src/engines/flux/world.ts';
import { type JudgeOptions, judge } from '../../src/engines/judge.ts';
import { relate } from '../../src/engines/relations.ts';
import { remember, startWatching, type Watched } from '../../src/engines/watched.ts';
import type { FluxRecording, Written } from './flux-recordings.ts';
import { DEFAULTS } from './replay.ts';

// biome-ignore lint/suspicious/noExplicitAny: foreign JSON, read as it was recorded
type Foreign = any;

/** One thing that reaches the wait: an event of a watch, or lists of everything. */
export type Step =
  | { readonly t: number; readonly kind: 'event'; readonly write: Written }
  /** `of`: how everything stood at that time. */
  | { readonly t: number; readonly kind: 'read'; readonly of: number };

export interface Judged {
  readonly t: number;
  readonly verdict: Verdict;
  readonly observation?: Observation;
}

export interface FluxReplay {
  readonly recording: FluxRecording;
  /** `Kustomization/app` */
  readonly target: string;
  readonly wanted: string;
  readonly images?: readonly string[];
  readonly repository?: string;
  readonly branch?: string;
  readonly from: number;
  /** Milliseconds for which the last state goes on after the end, with reads only. */
  readonly tail: number;
  readonly options?: Partial<JudgeOptions>;
  readonly grace?: number;
  /** Names of releases whose chart is known to have changed. */
  readonly chartChanged?: readonly string[];
  /** Whether a read that is asked for is made; else there are only those of every 15 s. */
  readonly looks?: boolean;
}

/** Every write from `from` on, as the watches would bring it. */
export function eventsOf({ writes }: FluxRecording, from: number): readonly Step[] {
  return writes.filter(({ t }) => t > from).map((write): Step => ({ t: write.t, kind: 'event', write }));
}

const READ_EVERY = 15_000;

interface State {
  readonly objects: Map<string, Foreign>;
  readonly places: Map<string, PlaceState>;
  memory: Memory;
  watched: Watched;
  nextRead: number;
}

/** Judges after every step, as a wait that begins at `from`; ends with the first verdict. */
export function replayFlux(replay: FluxReplay, events: readonly Step[]): readonly Judged[] {
  const { recording, from, tail } = replay;
  const target = targetOf(replay);
  const state: State = {
    objects: new Map(),
    places: new Map(),
    memory: {},
    watched: startWatching(target, from),
    nextRead: from,
  };
  const judged: Judged[] = [];
  const open = [...events];
  const end = recording.end + tail;
  for (;;) {
    const event = open[0];
    const isRead = event === undefined || state.nextRead <= event.t;
    const step: Step = isRead ? { t: state.nextRead, kind: 'read', of: state.nextRead } : event;
    if (step.t > end) return judged;
    if (!isRead) open.shift();
    const one = take(replay, target, state, step);
    judged.push(one);
    if (one.verdict.kind !== 'waiting') return judged;
  }
}

function targetOf({ recording, target }: FluxReplay): Target {
  const [kind = '', name = ''] = target.split('/');
  const namespace = recording.writes[0]?.object?.metadata?.namespace ?? '';
  return fluxTarget(kind, namespace, name);
}

function take(replay: FluxReplay, target: Target, state: State, step: Step): Judged {
  const { recording, wanted: revision, images = [], repository, branch, grace = 30_000, chartChanged = [] } = replay;
  if (step.kind === 'event') put(state, step.write);
  else readAll(recording, state, step.of, step.t, target);
  const wanted: Wanted = {
    revision,
    images,
    ...(repository === undefined ? {} : { repository }),
    ...(branch === undefined ? {} : { branch }),
  };
  const related = (one: string) => recording.relation(one, revision);
  const world = { objects: state.objects, places: state.places };
  const scene = {
    world,
    wanted,
    related,
    normalise: (url: string) => url,
    now: step.t,
    serverNow: recording.startedAt + step.t,
    grace,
    chartChanged: new Set(chartChanged.map((name) => targetOf({ ...replay, target: name }).name)),
  };
  const { observation, memory, readAgain } = appraise(
    target,
    state.memory,
    scene,
    step.kind === 'read' ? 'read' : 'stream',
  );
  state.memory = memory;
  if (observation !== undefined) state.watched = remember(state.watched, observation);
  const history = state.watched.history.map((one) => relate(one, related));
  const verdict = judge(history, wanted, { ...DEFAULTS, ...replay.options }, step.t, replay.from);
  if (step.kind === 'read') state.nextRead = step.t + READ_EVERY;
  if (replay.looks !== false) {
    if (readAgain) state.nextRead = Math.min(state.nextRead, step.t + 20);
    if (verdict.due !== undefined) state.nextRead = Math.min(state.nextRead, Math.max(verdict.due, step.t + 20));
  }
  return { t: step.t, verdict, ...(observation === undefined ? {} : { observation }) };
}

function put({ objects }: State, { object, key }: Written): void {
  if (object !== undefined) objects.set(worldKey(object), object);
  else
    for (const known of objects.keys())
      if (known.includes(`/${key.split('/')[0]} `) && known.endsWith(`/${key.split('/')[1]}`)) objects.delete(known);
}

function worldKey(object: Foreign): string {
  const [group, version] = String(object.apiVersion).split('/');
  const { namespace = '', name } = object.metadata;
  return objectKey({ group: version === undefined ? '' : (group ?? ''), kind: object.kind, namespace, name });
}

/** Everything that the target needs, which is found out while it is read. */
function readAll(recording: FluxRecording, state: State, of: number, t: number, target: Target): void {
  state.objects.clear();
  for (const [, object] of recording.at(of)) if (object !== undefined) state.objects.set(worldKey(object), object);
  const { origin, applied, dependencies, pods } = needsOf(objectOf(target), {
    objects: state.objects,
    places: state.places,
  });
  for (const place of [...origin, ...applied, ...dependencies, ...pods])
    state.places.set(placeKey(place), { readSince: t });
}

/** The first verdict that ends the wait. */
export function endingOf(judged: readonly Judged[]): Judged | undefined {
  return judged.find(({ verdict }) => verdict.kind !== 'waiting');
}
