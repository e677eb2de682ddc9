import type { Host } from '../../host.ts';
import type { ObserveOptions, Wanted } from '../delivery-engine.ts';
import type { ArgocdApi } from './api.ts';

/** What everybody who observes Applications of one server is given. */
export interface ObserveContext {
  readonly api: ArgocdApi;
  readonly host: Pick<Host, 'clock' | 'random' | 'log'>;
  readonly wanted: Wanted;
  readonly options: ObserveOptions;
  /** One spelling for all addresses of the same repository. */
  readonly normalise: (url: string) => string;
  readonly signal: AbortSignal;
}
