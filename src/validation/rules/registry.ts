import { removedApi } from './api-removed.ts';
import { unknownKind } from './api-unknown-kind.ts';
import type { ObjectRule, Rule } from './rule.ts';
import { notInEnum } from './schema-enum.ts';
import { missingField } from './schema-missing-field.ts';
import { wrongType } from './schema-type.ts';
import { unknownField } from './schema-unknown-field.ts';
import { ambiguousLiteral } from './yaml-ambiguous-literal.ts';
import { duplicateKey } from './yaml-duplicate-key.ts';
import { encoding } from './yaml-encoding.ts';
import { limit } from './yaml-limit.ts';
import { syntax } from './yaml-syntax.ts';

/** Every rule, in the order of the docs. A rule is one file here, one line in this list, and one page in `docs/rules/`. */
export const RULES: readonly (Rule | ObjectRule)[] = [
  syntax,
  duplicateKey,
  ambiguousLiteral,
  encoding,
  limit,
  unknownField,
  missingField,
  wrongType,
  notInEnum,
  unknownKind,
  removedApi,
];

/** Those that look at whole objects, one after the other. */
export const OBJECT_RULES: readonly ObjectRule[] = RULES.filter((rule): rule is ObjectRule => 'check' in rule);
