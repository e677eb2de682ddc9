import type { Rule } from './rule.ts';

export const limit: Rule = {
  id: 'yaml/limit',
  title: 'A file beyond the limits',
  severity: 'error',
};
