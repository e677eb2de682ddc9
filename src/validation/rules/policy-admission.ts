import type { Rule } from './rule.ts';

export const admission: Rule = {
  id: 'policy/admission',
  title: 'A ValidatingAdmissionPolicy denies an object',
  severity: 'error',
};
