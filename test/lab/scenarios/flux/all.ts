import type { Scenario } from '../scenario.ts';
import { ACCESS } from './access.ts';
import { ARTIFACTS } from './artifacts.ts';
import { COMMIT_STATUS } from './commit-status.ts';
import { HELM } from './helm.ts';
import { HISTORIES } from './histories.ts';
import { ROLLOUTS } from './rollouts.ts';
import type { FluxStage } from './stage.ts';
import { STORY } from './story.ts';
import { VALUES } from './values.ts';

/** Every scenario of Flux, in the order of the table. */
export const FLUX_SCENARIOS: readonly Scenario<FluxStage>[] = [
  ...ROLLOUTS,
  ...HISTORIES,
  ...HELM,
  ...VALUES,
  ...ARTIFACTS,
  ...ACCESS,
  ...COMMIT_STATUS,
  ...STORY,
];
