/** Texts that something begins and ends with, and what may stand in between. */
export interface Affixes {
  /** Asks of those that the name begins and ends with, without an overlap, until one fits. */
  some(name: string, fits: (parts: readonly string[]) => boolean): boolean;
}

/** Above this nothing is the name of an object: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
const LONGEST_NAME = 253;

/**
 * Finds parts by the first and the last of them, so that a name is not held against each of very many.
 * @param all each with a first and a last part
 */
export function createAffixes(all: readonly (readonly string[])[]): Affixes {
  const byFirst = new Map<string, Map<string, (readonly string[])[]>>();
  for (const parts of new Map(all.map((one) => [JSON.stringify(one), one])).values()) {
    const first = parts[0] ?? '';
    const byLast = byFirst.get(first) ?? new Map<string, (readonly string[])[]>();
    byFirst.set(first, byLast);
    const last = parts.at(-1) ?? '';
    const same = byLast.get(last);
    if (same === undefined) byLast.set(last, [parts]);
    else same.push(parts);
  }
  return { some: (name, fits) => byFirst.size > 0 && name.length <= LONGEST_NAME && someOf(byFirst, name, fits) };
}

function someOf(
  byFirst: ReadonlyMap<string, ReadonlyMap<string, readonly (readonly string[])[]>>,
  name: string,
  fits: (parts: readonly string[]) => boolean,
): boolean {
  for (let begin = 0; begin <= name.length; begin++) {
    const byLast = byFirst.get(name.slice(0, begin));
    if (byLast === undefined) continue;
    for (let end = name.length; end >= begin; end--) {
      if (byLast.get(name.slice(end))?.some(fits)) return true;
    }
  }
  return false;
}
