import type { Rule } from './rule.ts';

export const duplicateKey: Rule = {
  id: 'yaml/duplicate-key',
  title: 'A key that stands twice in one map',
  severity: 'error',
};
