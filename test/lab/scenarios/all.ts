import { ACCESS } from './access.ts';
import { HISTORIES } from './histories.ts';
import { ROLLOUTS } from './rollouts.ts';
import type { Scenario } from './scenario.ts';
import { SHAPES } from './shapes.ts';
import { STORY } from './story.ts';

/** Every scenario, in the order of the table. */
export const SCENARIOS: readonly Scenario[] = [...ROLLOUTS, ...HISTORIES, ...ACCESS, ...SHAPES, ...STORY];
