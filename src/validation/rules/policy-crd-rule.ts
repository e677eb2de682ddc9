import type { Rule } from './rule.ts';

export const crdRule: Rule = {
  id: 'policy/crd-rule',
  title: 'An object breaks a CEL rule of its CRD',
  severity: 'error',
};
