import type { ErrorCode } from '../errors.ts';
import type { Relation, Revision } from '../forges/forge-client.ts';

/** What is waited for: an Argo CD Application, a Flux Kustomization or HelmRelease, a workload. */
export interface Target {
  /** As people write it: `shop-api`, `argocd/shop-api`, `Kustomization/flux-system/apps`. Unique within one wait. */
  readonly name: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly project?: string;
  /** Of a target that was found below another one, and is waited for because that one is. */
  readonly parent?: TargetParent;
  /** Where it never shows a revision, in a wait in which others do; see `Observation.unversioned`. */
  readonly showsRevision?: false;
}

export interface TargetParent {
  readonly name: string;
  /** The branch that the parent follows; absent where it follows none or the default one. */
  readonly branch?: string;
}

/** What the user wants to see live. */
export interface Wanted {
  /** A full commit id, a chart version or an OCI digest. */
  readonly revision: Revision;
  /** Normalised config repository, to find the right one of several sources; absent where the target has only one. */
  readonly repository?: string;
  /** The branch that holds the revision, to find the right one of several sources on one repository. */
  readonly branch?: string;
  /** Images that must be live, and their predecessors gone. */
  readonly images: readonly string[];
}

/**
 * Engine-neutral state of a target. The engine's own words stay in `reasons`.
 * - `absent`, `forbidden`: cannot be read; which of the two it is, is often not told.
 * - `unreachable`: it cannot be asked. With a `problem` the adapter has given up; without one it has read nothing yet and tries on.
 * - `blocked`: something other than time must change first; `obstacle` says what.
 * - `unseen`: never compared with any revision.
 * - `pending`: differs from the revision seen, and nothing is being done about it yet.
 * - `syncing`: an operation is under way or waits for its next try.
 * - `failed`: an error hides the revision, so that it can only be attributed by time. A failed operation is an `attempt`.
 */
export type TargetState =
  | 'absent'
  | 'forbidden'
  | 'unreachable'
  | 'blocked'
  | 'unseen'
  | 'pending'
  | 'syncing'
  | 'progressing'
  | 'healthy'
  | 'suspended'
  | 'degraded'
  | 'failed';

/** How far the change has come, as the target shows it. */
export type Phase = 'resolve' | 'unseen' | 'seen' | 'syncing' | 'applied' | 'rolling' | 'settling';

/**
 * - `manual`: automatic sync is off and nobody has started one.
 * - `window`: a sync window keeps it closed.
 * - `switched-off`: the reconciler is told to leave the target alone.
 * - `pinned`: it follows a fixed revision, so that what is seen cannot change by itself.
 * - `retries`: an operation of another revision is tried again and again.
 * - `elsewhere`: none of its sources can hold the revision.
 * - `promotion`: what was made of the revision waits on another branch until somebody brings it over.
 */
export type Obstacle = 'manual' | 'window' | 'switched-off' | 'pinned' | 'retries' | 'elsewhere' | 'promotion';

/** The newest operation on a target. */
export interface Attempt {
  readonly revision?: Revision;
  readonly outcome: 'running' | 'succeeded' | 'failed';
  /** The engine's own words. */
  readonly reason: string;
}

export interface Observation {
  readonly target: Target;
  /** `Clock.monotonic` milliseconds of when it was received. */
  readonly at: number;
  readonly via: 'read' | 'stream';
  readonly state: TargetState;
  /**
   * False when the status describes an older generation, revision or operation than it seems to. `judge` never believes an
   * untrusted one. Deciding it is the adapter's duty, since only it knows how its engine writes a status.
   */
  readonly trusted: boolean;
  /** The engine compared against this; undefined while it has none, or while that belongs to an older spec. */
  readonly seenRevision?: Revision;
  /** The last one applied: proven to be what the cluster holds where `trusted`. */
  readonly appliedRevision?: Revision;
  readonly attempt?: Attempt;
  /** Revisions that were deployed, oldest first. */
  readonly deployed: readonly Revision[];
  /** The engine's own clock: when it last compared the target with its source, milliseconds since 1970. */
  readonly comparedAt?: number;
  /** Milliseconds for which the server's own times say that this state has lasted; 0 where it does not say. */
  readonly lasting: number;
  /** What stands in the way; with a state other than `blocked` only something to be told. */
  readonly obstacle?: Obstacle;
  /** Final by nature: no second look is due. */
  readonly final: boolean;
  /** Of `unreachable`: what kind of error it is. */
  readonly problem?: ErrorCode;
  /** The engine's own words, the most telling first, each with its object where it has one. */
  readonly reasons: readonly string[];
  readonly images: readonly string[];
  readonly resources: readonly ResourceState[];
  /** Targets that this one brings with it, and that are waited for too; absent where it brings none. */
  readonly members?: readonly Target[];
  /**
   * It shows no revision of the wanted repository, only what its parent says it should: a chart version, a tag, a commit of
   * another repository. Then it stands where the parent stands, once it equals what its own spec says.
   */
  readonly boundToParent?: boolean;
  /**
   * It shows no revision, only whether it is as it should be, for which `Wanted.revision` stands; any other is one that lacks
   * it. Who says how it should be: `applied`, files that somebody has applied; `asked`, the wanted images, so that it may
   * fail by itself, but what else the revision brings may still come; `untold`, nobody, so that it is judged as what it is
   * once every target that shows a revision has the wanted one.
   */
  readonly unversioned?: 'applied' | 'asked' | 'untold';
  /** Opaque to `judge`; equal for equal states, so that the progress shows changes only. */
  readonly fingerprint: string;
}

export interface ResourceState {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly health?: string;
  readonly message?: string;
}

/** An observation with how its revisions stand to the wanted one; `watch` attaches them. */
export interface RelatedObservation extends Observation {
  readonly seen: Relation;
  readonly applied: Relation;
  readonly attempted: Relation;
}

export type VerdictKind = 'landed' | 'waiting' | 'failed' | 'superseded' | 'blocked' | 'timedOut' | 'unreachable';

export interface Verdict {
  readonly kind: VerdictKind;
  readonly phase: Phase;
  readonly reasons: readonly string[];
  readonly observation?: RelatedObservation;
  /** Of `unreachable`: temporary (server down), denied, missing (absent or deleted), protocol. The exit code follows from it. */
  readonly code?: ErrorCode;
  /** Of `waiting`: `Clock.monotonic` milliseconds at which another look at the target could decide. */
  readonly due?: number;
}

/** Why it is as it is, in one screen. A missing right makes it smaller, never an error. */
export interface Diagnosis {
  readonly target: Target;
  readonly sections: readonly { readonly title: string; readonly lines: readonly string[] }[];
  readonly hints: readonly string[];
}

export interface DiscoverQuery {
  /** Normalised, as in `Wanted`. */
  readonly repository: string;
  readonly branch?: string;
  /** Paths in the repository; empty: any. */
  readonly changedFiles: readonly string[];
}

/** Where a target takes its manifests from, as the target itself says it. */
export interface TargetSource {
  readonly repository: string;
  /** A branch, a tag, a commit, or empty for the default branch. */
  readonly revision: string;
  readonly path: string;
}

export interface ObserveOptions {
  /** Whether to ask the engine to look at its source at once. */
  readonly refresh: boolean;
  /** What is known so far of how a revision stands to the wanted one. */
  readonly related: (revision: Revision) => Relation | undefined;
  /** Paths that the wanted revision changes; absent where no repository tells. Called only where it decides something. */
  readonly changedFiles?: () => Promise<readonly string[]>;
}

export interface Observing {
  /**
   * A read first, then every change and every re-read, until the signal is aborted. Lost events and broken streams are
   * repaired inside; a target that cannot be read for long becomes an observation `unreachable`.
   */
  readonly observations: AsyncIterable<Observation>;
  /** Asks for another read of this target at that time (`Clock.monotonic` milliseconds), beside those made anyway. */
  look(target: Target, at: number): void;
  /** Begins to observe another target; nothing is done about one that is observed already. */
  join(target: Target): void;
  /** Ends observing this target; the others go on. */
  leave(target: Target): void;
}

/** `busy`: another operation is under way; try again later. `refused`: not allowed, by a right, a window or a policy. */
export type ActResult = { readonly kind: 'done' } | { readonly kind: 'busy' | 'refused'; readonly reason: string };

/** Bound to one server and all the targets on it. */
export interface DeliveryEngine {
  readonly id: string;
  readonly location: string;
  /** False where no observation shows images, so that none can be asserted. */
  readonly showsImages?: false;
  /** @throws ToolError input when `text` names no target of this engine */
  parseTarget(text: string): Target;
  /**
   * Targets whose source is this repository and covers a changed file.
   * @throws ToolError missing with the nearest candidates when there is none; denied, temporary, protocol
   */
  discover(query: DiscoverQuery, signal: AbortSignal): Promise<readonly Target[]>;
  /**
   * The Git sources of a target; empty where it has none or cannot be read.
   * @throws ToolError denied, temporary, protocol
   */
  sources(target: Target, signal: AbortSignal): Promise<readonly TargetSource[]>;
  observe(targets: readonly Target[], wanted: Wanted, options: ObserveOptions, signal: AbortSignal): Observing;
  /**
   * `sync` starts one at `revision`; `terminate` ends the operation under way. Sent once, never repeated.
   * @throws ToolError denied, temporary, protocol
   */
  act(
    target: Target,
    action: 'refresh' | 'sync' | 'terminate',
    revision: Revision | undefined,
    signal: AbortSignal,
  ): Promise<ActResult>;
  /** Never throws: what cannot be read is left out, and what was read before the signal was aborted is returned. */
  diagnose(target: Target, signal: AbortSignal): Promise<Diagnosis>;
  /** Ends what is held open. Absent where nothing is. Safe to call twice. */
  close?(): Promise<void>;
}
