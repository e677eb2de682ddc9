import type { Relation, Revision } from '../../forges/forge-client.ts';
import type { Host } from '../../host.ts';
import type { ActResult, DeliveryEngine, Observation, Observing, Target, Verdict, Wanted } from '../delivery-engine.ts';
import { isDecided } from '../family.ts';
import type { JudgeOptions } from '../judge.ts';
import { type Mailbox, mailbox } from '../mailbox.ts';
import { type Relations, relations } from '../relations.ts';
import { type ShownImages, shownImages } from '../shown-images.ts';
import { startWatching, type Watched } from '../watched.ts';

/** Milliseconds between two signs of life of a target that does not change. */
export const HEARTBEAT = 30_000;

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
  /** See `ObserveOptions.changedFiles`. */
  readonly changedFiles?: () => Promise<readonly string[]>;
  readonly progress: (event: ProgressEvent) => void;
  readonly host: Pick<Host, 'clock' | 'signal'>;
}

/** What happens while it is waited. */
export type Message =
  | { readonly kind: 'observation'; readonly observation: Observation }
  | { readonly kind: 'related' }
  | { readonly kind: 'acted'; readonly target: string; readonly action: string; readonly result: ActResult }
  | { readonly kind: 'broken'; readonly error: unknown };

/** All that one wait knows. */
export interface Scene {
  readonly request: WatchRequest;
  readonly started: number;
  readonly deadline: number;
  readonly signal: AbortSignal;
  readonly messages: Mailbox<Message>;
  readonly known: Relations;
  readonly related: (revision: Revision) => Relation | undefined;
  readonly watched: Map<string, Watched>;
  readonly shown: ShownImages;
  /** Names of those that were diagnosed. */
  readonly diagnosed: Set<string>;
  readonly observing: Observing;
  /** No target is due to give a sign of life before that. */
  beatAt: number;
}

/** Nothing has been asked yet. @param signal aborted when the observing must end */
export function openScene(request: WatchRequest, signal: AbortSignal): Scene {
  const { host, engine, targets, wanted } = request;
  const messages = mailbox<Message>(host.clock);
  const known = relations(request.relation, () => messages.put({ kind: 'related' }));
  const related = (revision: Revision) => (revision === wanted.revision ? 'equal' : known.get(revision));
  const { refresh, changedFiles } = request;
  const options = { refresh, related, ...(changedFiles === undefined ? {} : { changedFiles }) };
  const observing = engine.observe(targets, wanted, options, signal);
  const started = host.clock.monotonic();
  return {
    request,
    started,
    deadline: started + request.timeout,
    signal,
    messages,
    known,
    related,
    watched: new Map(targets.map((target) => [target.name, startWatching(target, started)])),
    shown: shownImages(wanted.images),
    diagnosed: new Set(),
    observing,
    beatAt: started + HEARTBEAT,
  };
}

export function undecided(scene: Scene): readonly Watched[] {
  return [...scene.watched.values()].filter((one) => !isDecided(one));
}
