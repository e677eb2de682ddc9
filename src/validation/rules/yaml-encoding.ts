import type { Rule } from './rule.ts';

export const encoding: Rule = {
  id: 'yaml/encoding',
  title: 'A file that is not plain UTF-8',
  severity: 'error',
};
