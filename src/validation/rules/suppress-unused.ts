import type { Rule } from './rule.ts';

export const unusedSuppression: Rule = {
  id: 'suppress/unused',
  title: 'A suppression that meets no finding',
  severity: 'info',
};
