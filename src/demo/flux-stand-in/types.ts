import type { Host } from '../../host.ts';
import type { Rollout } from '../stand-in/types.ts';

export type Json = Readonly<Record<string, unknown>>;

export interface Metadata {
  readonly name: string;
  readonly namespace: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly labels?: Json;
  readonly annotations?: Json;
  readonly ownerReferences?: readonly Json[];
  readonly generateName?: string;
}

/** An object as the API serves it. */
export type KubeObject = Json & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly spec?: Json;
  readonly status?: Json;
};

/** One patch of a status that a controller writes, so many milliseconds after the one before. */
export interface Step {
  readonly after: number;
  readonly change: (object: KubeObject, now: number) => KubeObject;
}

/** How long things take, in milliseconds. */
export interface Pace {
  /** Between two looks at the repository that nobody asked for. */
  readonly interval: number;
  /** Between two looks of a health check. A real one takes 5,000. */
  readonly checkEvery: number;
  /** After which a health check gives up what is not ready. */
  readonly timeout: number;
  /** After which a failed Kustomization is tried again. */
  readonly retryInterval: number;
  /** From a pod being made to the first word that its image cannot be pulled, and to the kubelet waiting longer between tries. */
  readonly pullFails: number;
  readonly pullBacksOff: number;
}

/** What all controllers of the stand-in share. */
export interface Surroundings {
  readonly host: Pick<Host, 'clock' | 'processes' | 'env'>;
  /** Milliseconds of a wall clock that never jumps. */
  readonly now: () => number;
  /** Folder of the bare repository. */
  readonly repository: string;
  readonly pace: Pace;
  readonly rollout: Rollout;
  readonly signal: AbortSignal;
}
