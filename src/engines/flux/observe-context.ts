import type { Host } from '../../host.ts';
import type { ObserveOptions, Wanted } from '../delivery-engine.ts';
import type { Cluster } from '../kubernetes-api/cluster.ts';

export interface ObserveContext {
  readonly cluster: Cluster;
  readonly host: Pick<Host, 'clock' | 'random' | 'log'>;
  readonly wanted: Wanted;
  readonly options: ObserveOptions;
  readonly normalise: (url: string) => string;
  /** Milliseconds for which a failure that may pass is given time. */
  readonly grace: number;
  /** Names of HelmReleases whose chart is known to be what changed. */
  readonly chartChanged: ReadonlySet<string>;
  readonly signal: AbortSignal;
}
