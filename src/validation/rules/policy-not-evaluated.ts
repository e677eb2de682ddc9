import type { Rule } from './rule.ts';

export const notEvaluated: Rule = {
  id: 'policy/not-evaluated',
  title: 'A CEL rule cannot be evaluated here',
  severity: 'info',
};
