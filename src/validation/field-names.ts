import type { ManifestObject, ObjectRule } from './rules/rule.ts';

/**
 * Those of the rules that can find something in an object, in their order: those that need no field, or one that the object
 * has. It looks at field names alone. Objects of a kind have mostly the same fields, and what follows from a set of them is
 * found out once.
 */
export function possibleRules(
  rules: readonly ObjectRule[],
  { value }: Pick<ManifestObject, 'value'>,
): readonly ObjectRule[] {
  return collect(value, startOf(rules)).possible;
}

/** What is known after some fields were seen. */
interface Seen {
  readonly fields: ReadonlySet<string>;
  readonly possible: readonly ObjectRule[];
  /** By one more field. */
  readonly next: Map<string, Seen>;
  readonly start: Start;
}

interface Start {
  readonly rules: readonly ObjectRule[];
  /** Fields that make a difference. */
  readonly needed: ReadonlySet<string>;
}

const MOST_KNOWN = 4_000;
let known = 0;
let starts = new WeakMap<readonly ObjectRule[], Seen>();

function startOf(rules: readonly ObjectRule[]): Seen {
  const remembered = starts.get(rules);
  if (remembered !== undefined) return remembered;
  const start = { rules, needed: new Set(rules.flatMap(({ needs = [] }) => needs)) };
  const seen = seenOf(start, new Set());
  starts.set(rules, seen);
  return seen;
}

function seenOf(start: Start, fields: ReadonlySet<string>): Seen {
  const possible = start.rules.filter(({ needs }) => needs === undefined || needs.some((name) => fields.has(name)));
  return { fields, possible, next: new Map(), start };
}

function collect(value: unknown, before: Seen): Seen {
  if (typeof value !== 'object' || value === null) return before;
  let seen = before;
  if (Array.isArray(value)) {
    for (const item of value) seen = collect(item, seen);
    return seen;
  }
  for (const name in value) {
    if (seen.start.needed.has(name)) seen = seen.next.get(name) ?? withField(seen, name);
    seen = collect((value as Readonly<Record<string, unknown>>)[name], seen);
  }
  return seen;
}

function withField(seen: Seen, name: string): Seen {
  const next = seen.fields.has(name) ? seen : seenOf(seen.start, new Set(seen.fields).add(name));
  seen.next.set(name, next);
  // Fields come in any order: what was found out must not grow without end.
  if (++known > MOST_KNOWN) [known, starts] = [0, new WeakMap()];
  return next;
}
