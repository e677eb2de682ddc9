import type { ManifestObject, ObjectRule } from './rules/rule.ts';

/** Tells which rules cannot find anything in an object, so that they need not be asked; it looks at field names alone. */
export function canFind(object: ManifestObject): (rule: ObjectRule) => boolean {
  let names: Set<string> | undefined;
  return ({ needs }) => {
    if (needs === undefined) return true;
    names ??= collect(object.value, new Set());
    for (const name of needs) if (names.has(name)) return true;
    return false;
  };
}

function collect(value: unknown, names: Set<string>): Set<string> {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, names);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      names.add(name);
      if (typeof inner === 'object') collect(inner, names);
    }
  }
  return names;
}
