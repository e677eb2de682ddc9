import type { Rule } from './rule.ts';

export const renderFailed: Rule = {
  id: 'render/failed',
  title: 'A kustomization or a chart that does not build',
  severity: 'error',
};
