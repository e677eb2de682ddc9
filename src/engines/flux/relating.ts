import type { Relation, Revision } from '../../forges/forge-client.ts';
import type { Wanted } from '../delivery-engine.ts';
import type { World } from './world.ts';

/** What one target is looked at with. */
export interface Scene {
  readonly world: World;
  readonly wanted: Wanted;
  readonly related: (revision: Revision) => Relation | undefined;
  readonly normalise: (url: string) => string;
  /** `Clock.monotonic` milliseconds. */
  readonly now: number;
  /** By the server's own clock, milliseconds since 1970. */
  readonly serverNow?: number;
  /** Milliseconds for which a failure that may pass is given time. */
  readonly grace: number;
  /** Names of HelmReleases whose chart is known to be what changed. */
  readonly chartChanged: ReadonlySet<string>;
  /** Paths that the wanted revision changes; absent where nobody tells. */
  readonly changedFiles?: readonly string[] | 'not read yet';
}

/** The wanted revision is in it and has not been taken back, as far as is known. */
export function holdsWanted({ related }: Scene, revision: Revision | undefined): boolean {
  const relation = revision === undefined ? undefined : related(revision);
  return relation === 'equal' || relation === 'contains';
}
