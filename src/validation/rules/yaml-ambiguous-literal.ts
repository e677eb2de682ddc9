import type { Rule } from './rule.ts';

export const ambiguousLiteral: Rule = {
  id: 'yaml/ambiguous-literal',
  title: 'A literal that kubectl and kustomize read differently',
  severity: 'warning',
};
