/** A rendered object of the repository, with its namespace filled in. */
export interface Manifest {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Absent for objects of the whole cluster. */
  readonly namespace?: string;
  readonly name: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/** What a comparison found in the repository, or why it found nothing, in the server's own words. */
export type Reading =
  | {
      readonly ok: true;
      readonly revision: string;
      readonly sourceType: 'Directory' | 'Kustomize';
      readonly manifests: readonly Manifest[];
    }
  | { readonly ok: false; readonly problem: string };

export interface ApplicationDefinition {
  readonly name: string;
  /** Default `default`. */
  readonly project?: string;
  /** As written in the Application; default: the repository that the stand-in reads. */
  readonly repoURL?: string;
  /** Folder of the repository. */
  readonly path: string;
  /** Branch, tag or commit; default `main`. */
  readonly targetRevision?: string;
  /** Namespace that the objects go to; default: the name. */
  readonly namespace?: string;
  /** Deploy new commits unasked; default true. */
  readonly automated?: boolean;
  /** Remove what the repository no longer holds; default false. */
  readonly prune?: boolean;
  /** A deny window is open: nothing is deployed, unasked or asked. Default false. */
  readonly windowClosed?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
}

/** How long things take, in milliseconds, and how they end. Every field has a default close to a small real cluster. */
export interface Rollout {
  /** Until new pods are ready. Default 4,500. */
  readonly readyAfter: number;
  /** Until a Deployment that does not get ready is Degraded. Default 20,000. */
  readonly progressDeadline: number;
  /** Until the old pods are gone once the new ones are ready. Default 300. */
  readonly oldPodsAfter: number;
  /** False: the image cannot be pulled, its pods never get ready. Default: all can. */
  readonly pullable: (image: string) => boolean;
  /** A sentence: the cluster refuses the object, with these words. Default: none is refused. */
  readonly refused: (manifest: Manifest) => string | undefined;
  /** From the operation being set to the comparison being written. Default 15. */
  readonly write: number;
  /** From there to phase Running. Default 15. */
  readonly start: number;
  /** From Running to the objects being applied. Default 200. */
  readonly apply: number;
  /** From there to the end of the operation. Default 15. */
  readonly finish: number;
  /** From the end of the operation until the controller notices the changed objects. Default 60. */
  readonly notice: number;
  /** From the end of the operation until it compares anew. Default 90. */
  readonly reread: number;
  /** Retries of a failed operation: how many, the first wait, and what each next one is multiplied with. Default 5, 5,000, 2. */
  readonly retry: { readonly limit: number; readonly wait: number; readonly factor: number };
  /**
   * Version 3.5 starts no operation at the first comparison after a repaired error of a branch, only at the second;
   * version 3.2 starts it at once. Default true.
   */
  readonly secondLookAfterRepair: boolean;
}

/** The pods of one template: in Kubernetes a ReplicaSet. Times are milliseconds of the wall clock. */
export interface PodSet {
  readonly hash: string;
  readonly images: readonly string[];
  readonly since: number;
  /** Absent: never. */
  readonly readyAt?: number;
  /** Absent: it stays. */
  readonly goneAt?: number;
}

export interface Live {
  readonly manifest: Manifest;
  readonly createdAt: number;
  readonly generation: number;
  /** Newest last; empty for what runs no pods. */
  readonly podSets: readonly PodSet[];
  readonly deadline: number;
}

export type HealthStatus = 'Healthy' | 'Suspended' | 'Progressing' | 'Missing' | 'Degraded' | 'Unknown';

export interface Health {
  readonly status: HealthStatus;
  readonly message?: string;
}

export type SyncStatus = 'Synced' | 'OutOfSync' | 'Unknown';

export interface ResourceStatus {
  readonly manifest: Manifest;
  readonly status: SyncStatus;
  /** Absent for kinds without a health. */
  readonly health?: Health;
  readonly requiresPruning: boolean;
}

export interface Operation {
  readonly revision: string;
  readonly manifests: readonly Manifest[];
  readonly dryRun: boolean;
  /** Absent: automated. */
  readonly username?: string;
}

export interface AppliedResource {
  readonly manifest: Manifest;
  readonly failed: boolean;
  readonly message: string;
}

export interface OperationState {
  readonly operation: Operation;
  readonly phase: 'Running' | 'Terminating' | 'Succeeded' | 'Failed';
  readonly message?: string;
  readonly result?: { readonly revision: string; readonly resources: readonly AppliedResource[] };
  readonly startedAt: number;
  readonly finishedAt?: number;
  readonly retryCount: number;
}

export interface Condition {
  readonly type: 'ComparisonError' | 'SyncError';
  readonly message: string;
  readonly since: number;
}

export interface Deployed {
  readonly id: number;
  readonly revision: string;
  readonly startedAt: number;
  readonly at: number;
  readonly username?: string;
}

/** Something that is under way and happens by itself at a known time. */
export type Step = { readonly at: number } & (
  | { readonly kind: 'started' | 'applied' | 'finished' | 'retry' | 'terminated' | 'noticed' | 'reread' }
  | { readonly kind: 'written'; readonly reading: Reading; readonly startedAt: number; readonly asked: number }
);

export interface ApplicationState {
  readonly application: Required<ApplicationDefinition>;
  readonly rollout: Rollout;
  readonly createdAt: number;
  /** The annotation that a refresh sets and its comparison takes away. */
  readonly refresh?: string;
  readonly everRefreshed: boolean;
  /** Comparisons asked for so far; whoever drives the state reads the repository while this is ahead of what it has read. */
  readonly asked: number;
  /** Absent before the first comparison. */
  readonly sync?: { readonly status: SyncStatus; readonly revision: string };
  readonly sourceType?: 'Directory' | 'Kustomize';
  /** What the last comparison found; absent after an error. */
  readonly wanted?: readonly Manifest[];
  readonly resources: readonly ResourceStatus[];
  readonly health?: { readonly status: HealthStatus; readonly since: number };
  readonly images: readonly string[];
  readonly conditions: readonly Condition[];
  readonly reconciledAt?: number;
  readonly operation?: Operation;
  readonly operationState?: OperationState;
  readonly history: readonly Deployed[];
  /** The cluster as it is. */
  readonly live: readonly Live[];
  /** The cluster as the controller has noticed it: a little behind. */
  readonly noticed: readonly Live[];
  readonly due: readonly Step[];
}

export type Event =
  | { readonly kind: 'refresh'; readonly level: string }
  /** A webhook or the poll: the same without an annotation. */
  | { readonly kind: 'look' }
  | { readonly kind: 'compared'; readonly reading: Reading; readonly startedAt: number; readonly asked: number }
  | { readonly kind: 'operate'; readonly operation: Operation }
  | { readonly kind: 'terminate' }
  /** Somebody changed the Application itself. */
  | { readonly kind: 'edit'; readonly changes: Partial<ApplicationDefinition> }
  /** Takes the one step that has been due for longest. */
  | { readonly kind: 'tick' };
