import type { Rule } from './rule.ts';

export const renderVariable: Rule = {
  id: 'render/variable',
  title: 'A variable of Flux that nothing sets',
  severity: 'error',
};
