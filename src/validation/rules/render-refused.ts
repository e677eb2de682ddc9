import type { Rule } from './rule.ts';

export const renderRefused: Rule = {
  id: 'render/refused',
  title: 'Something that cannot be rendered from the repository alone',
  severity: 'info',
};
