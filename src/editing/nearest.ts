/** How many near misses are told. */
const SHOWN = 3;
/** Names beyond this are compared by their beginning only. */
const COMPARED_CHARACTERS = 120;

/** The names most like `wanted`, best first; none that share nothing with it. */
export function nearestNames(wanted: string, names: readonly string[]): readonly string[] {
  const ranked = [...new Set(names)].map((name) => ({ name, distance: distanceBetween(wanted, name) }));
  return ranked
    .filter(({ distance }) => distance < 0.6)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, SHOWN)
    .map(({ name }) => name);
}

/** 0 for equal names, 1 for names without anything in common. The last part weighs most: registries are often moved. */
function distanceBetween(a: string, b: string): number {
  const whole = relativeDistance(a, b);
  return Math.min(whole, 0.1 + relativeDistance(lastPart(a), lastPart(b)));
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function relativeDistance(a: string, b: string): number {
  const left = a.slice(0, COMPARED_CHARACTERS);
  const right = b.slice(0, COMPARED_CHARACTERS);
  return editDistance(left, right) / Math.max(left.length, right.length, 1);
}

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
