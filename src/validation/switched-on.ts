import type { Rule } from './rules/rule.ts';

/** Which rules are wanted: names are rule ids, groups such as `schema`, or `schema/*`. */
export interface RuleChoice {
  readonly disableRules: readonly string[];
  /** Rules that are off unless they are named here. */
  readonly enableRules?: readonly string[];
}

export function isSwitchedOn(rule: Pick<Rule, 'id' | 'optIn'>, { disableRules, enableRules }: RuleChoice): boolean {
  if (names(disableRules, rule.id)) return false;
  return rule.optIn === undefined || names(enableRules ?? [], rule.id);
}

/** True where one of the names is the rule's id or its group. */
export function names(list: readonly string[], ruleId: string): boolean {
  const own = namesOf(ruleId);
  return list.some((name) => own.includes(name));
}

/** What a rule can be named by. */
export function namesOf(ruleId: string): readonly string[] {
  const group = ruleId.slice(0, ruleId.indexOf('/'));
  return [ruleId, group, `${group}/*`];
}
