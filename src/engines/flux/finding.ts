import type { Revision } from '../../forges/forge-client.ts';
import type { Attempt, Obstacle, TargetState } from '../delivery-engine.ts';
import { holdsWanted, type Scene } from './relating.ts';

/** What is remembered of one target between two looks. Times are `Clock.monotonic` milliseconds. */
export interface Memory {
  /** The generation that the pass under way, or the last one, began with. */
  readonly passGeneration?: number;
  /** A failure that may pass, and since when there has been nothing better. */
  readonly failure?: { readonly key: string; readonly since: number };
  /** The revision of which all was seen to be applied, while the Kustomization still names the one before, `over` which it came. */
  readonly checked?: { readonly revision: string; readonly over: string | undefined };
  /** Since when it has been known what was taken from a source, by who has taken it and the revision. */
  readonly taken?: Readonly<Record<string, number>>;
  /** What its source shows may be older than what was taken from it, and is being read again. */
  readonly doubted?: boolean;
  /** Since when its source has been in a trouble that does not pass by itself. */
  readonly sourceTrouble?: number;
  /** Since when it has stood where it stands now: what it has applied was applied before; and since when that has been well. */
  readonly current?: { readonly key: string; readonly since: number; readonly healthySince?: number };
  /** The chart that was built, and of which revision of its source. */
  readonly chart?: {
    readonly source: string;
    readonly digest: string;
    readonly unchanged: boolean;
    /** It has changed with a commit that holds the wanted one, which no later commit takes back. */
    readonly moved?: boolean;
  };
  /** What a release is known to have done since the values that it takes from elsewhere were applied. */
  readonly values?: {
    /** Since when they have been known to be applied. */
    readonly since: number;
    /** It was seen between two passes after that. */
    readonly rested?: boolean;
    /** A pass was seen that began after that. */
    readonly begun?: boolean;
    /** The resource version of the release at which it was asked to look. */
    readonly request?: string;
    /** It has read them; at the latest then, by the server's clock. */
    readonly read?: { readonly since?: number };
  };
  /** How a release was while its values had not been applied yet; which ones it had tried, where it was at rest. */
  readonly valuesBefore?: { readonly generation: number; readonly digest?: string };
  /** Why a release is not asked to look at once. */
  readonly unasked?: string;
}

/** What an object of Flux says of itself, before the objects that it has applied are looked at. */
export interface Finding {
  readonly state: TargetState;
  readonly seen?: Revision | undefined;
  readonly applied?: Revision | undefined;
  readonly attempt?: Attempt | undefined;
  readonly obstacle?: Obstacle;
  readonly final?: boolean;
  readonly reasons: readonly string[];
  /** It stands at what its source and its spec ask for, as far as it says itself. */
  readonly current: boolean;
  /** Of a current one: when that began by the server's clock, milliseconds since 1970. */
  readonly since?: number | undefined;
  readonly boundToParent?: boolean;
  /** What its source shows may be older than what was taken from it: it is to be read again. */
  readonly doubted?: boolean;
  /** It is to be asked to look at once. */
  readonly ask?: boolean;
  /** What the wanted revision changes decides here. */
  readonly askFiles?: boolean;
  readonly memory: Memory;
}

/** One way on which the wanted revision has to reach an object: by its chart, or by what applies it. */
export interface Strand {
  readonly seen?: Revision | undefined;
  readonly applied?: Revision | undefined;
  readonly attempted?: Revision | undefined;
  /** What the source shows may be older than what was taken from it. */
  readonly doubted?: boolean;
}

/** The strand on which the wanted revision has come least far. */
export function weakest(strands: readonly Strand[], scene: Scene): Strand {
  const rank = ({ seen, applied }: Strand) =>
    (holdsWanted(scene, seen) ? 1 : 0) + (holdsWanted(scene, applied) ? 2 : 0);
  return [...strands].sort((a, b) => rank(a) - rank(b))[0] ?? {};
}

/**
 * Keeps the time since when a failure has lasted, retries at the same revision included.
 * @returns the memory, and whether it has lasted for longer than the grace
 */
export function lastingFailure(memory: Memory, key: string, { now, grace }: Scene) {
  const failure = memory.failure?.key === key ? memory.failure : { key, since: now };
  return { memory: { ...memory, failure }, over: now - failure.since >= grace };
}

export function withoutFailure({ failure: _, ...memory }: Memory): Memory {
  return memory;
}
