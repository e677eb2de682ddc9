import type { Obstacle, TargetState } from '../delivery-engine.ts';

/** What an Application's status comes to, before anything is said about revisions. */
export interface Situation {
  readonly state: TargetState;
  readonly obstacle?: Obstacle;
  readonly final?: boolean;
  /** Said before what is said in every case. */
  readonly reason?: string;
}
