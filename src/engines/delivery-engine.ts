import type { Relation, Revision } from '../forges/forge-client.ts';

/** What is waited for: an Argo CD Application, a Flux Kustomization or HelmRelease, a workload. */
export interface Target {
  /** As people write it: `shop-api`, `argocd/shop-api`, `Kustomization/flux-system/apps`. */
  readonly name: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly project?: string;
}

/** What the user wants to see live. */
export interface Wanted {
  /** A full commit id, a chart version or an OCI digest. */
  readonly revision: Revision;
  /** Normalised config repository, to find the right one of several sources; absent where the target has only one. */
  readonly repository?: string;
  /** Images that must be live, and their predecessors gone. */
  readonly images: readonly string[];
}

/** Engine-neutral state of a target. The engine's own words stay in `reasons`. */
export type TargetState =
  | 'absent'
  | 'forbidden'
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
  readonly phase: Phase;
  /** The engine compared against this; undefined while it has none. */
  readonly seenRevision?: Revision;
  /** The last one applied. */
  readonly appliedRevision?: Revision;
  /** Milliseconds for which the server's own times say that this state has lasted; 0 where it does not say. */
  readonly lasting: number;
  /** Final by nature: no grace is due (a sync failed for good, the spec is invalid). */
  readonly final: boolean;
  /** The engine's own words, newest first, each with its object where it has one. */
  readonly reasons: readonly string[];
  readonly images: readonly string[];
  readonly resources: readonly ResourceState[];
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

/** An observation with how its seen and applied revisions stand to the wanted one; `watch` attaches them. */
export interface RelatedObservation extends Observation {
  readonly seen: Relation;
  readonly applied: Relation;
}

export type VerdictKind = 'landed' | 'waiting' | 'failed' | 'superseded' | 'blocked' | 'timedOut' | 'unreachable';

export interface Verdict {
  readonly kind: VerdictKind;
  readonly phase: Phase;
  readonly reasons: readonly string[];
  readonly observation?: RelatedObservation;
  /** For `unreachable`: whether it was a denial (exit 77) rather than a server that is down (75). */
  readonly denied?: boolean;
}

/** Why it is as it is, in one screen. A missing right makes it smaller, never an error. */
export interface Diagnosis {
  readonly target: Target;
  readonly sections: readonly { readonly title: string; readonly lines: readonly string[] }[];
  readonly hints: readonly string[];
}

export interface DiscoverQuery {
  readonly repository: string;
  readonly branch?: string;
  readonly changedFiles: readonly string[];
}

/** Bound to one server and all the targets on it. */
export interface DeliveryEngine {
  readonly id: string;
  readonly location: string;
  /** Targets whose source is this repository and covers a changed file. */
  discover(query: DiscoverQuery, signal: AbortSignal): Promise<readonly Target[]>;
  /**
   * A read first, then every change and every re-read, until the signal is aborted. Lost events and broken streams are
   * repaired inside; a server that cannot be asked is a ToolError only when it stays so.
   */
  observe(targets: readonly Target[], wanted: Wanted, signal: AbortSignal): AsyncIterable<Observation>;
  act(target: Target, action: 'refresh' | 'sync', revision: Revision | undefined, signal: AbortSignal): Promise<void>;
  diagnose(target: Target, signal: AbortSignal): Promise<Diagnosis>;
}
