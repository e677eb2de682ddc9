import type { Rule } from './rule.ts';

export const syntax: Rule = {
  id: 'yaml/syntax',
  title: 'YAML or JSON that cannot be read',
  severity: 'error',
};
