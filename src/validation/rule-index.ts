import { groupKindOf } from './kubernetes/pods.ts';
import { OBJECT_RULES } from './rules/registry.ts';
import type { ManifestObject, ObjectRule, Rule } from './rules/rule.ts';

const ON_ALL_KINDS = OBJECT_RULES.filter((rule) => rule.kinds === undefined);
const KINDS_WITH_RULES = new Set(OBJECT_RULES.flatMap((rule) => rule.kinds ?? []));

/** By the set of rules that are off, and by kind. */
const known = new WeakMap<ReadonlySet<Rule>, Map<string, readonly ObjectRule[]>>();

/** The rules that look at objects of this kind and are not `off`, in the order of the registry. */
export function rulesOn(object: Pick<ManifestObject, 'resource'>, off: ReadonlySet<Rule>): readonly ObjectRule[] {
  const byKind = known.get(off) ?? new Map<string, readonly ObjectRule[]>();
  known.set(off, byKind);
  const groupKind = groupKindOf(object);
  const kind = KINDS_WITH_RULES.has(groupKind) ? groupKind : '';
  const rules = byKind.get(kind) ?? rulesOf(kind).filter((rule) => !off.has(rule));
  byKind.set(kind, rules);
  return rules;
}

function rulesOf(kind: string): readonly ObjectRule[] {
  return kind === '' ? ON_ALL_KINDS : OBJECT_RULES.filter((rule) => rule.kinds?.includes(kind) ?? true);
}
