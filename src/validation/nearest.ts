/** How much may still be compared, in letters with letters: shared by the questions of one run, it bounds all of them. */
export interface Effort {
  left: number;
}

/** Above this a name is no slip of the pen of another. */
const LONGEST = 128;

/**
 * The candidate that a misspelt name most likely stands for, or undefined where none is near. The first of equals.
 * @param atMost how many letters may differ; by default a third of them
 * @param effort is used up by this; nothing is near once it is spent
 */
export function nearest(
  name: string,
  candidates: Iterable<string>,
  atMost = name.length,
  effort: Effort = { left: Number.POSITIVE_INFINITY },
): string | undefined {
  if (name.length > LONGEST) return undefined;
  const wanted = name.toLowerCase();
  let limit = Math.min(atMost, Math.max(1, Math.floor(name.length / 3)));
  let best: string | undefined;
  for (const candidate of candidates) {
    effort.left--;
    if (effort.left < 0) break;
    if (Math.abs(candidate.length - name.length) > limit) continue;
    const distance = editDistance(wanted, candidate.toLowerCase(), limit, effort);
    if (distance > limit) continue;
    best = candidate;
    limit = distance - 1;
    if (limit < 0) break;
  }
  return best;
}

/**
 * Insertions, deletions, replacements and swapped neighbours (https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance),
 * or any number over `limit` where there are more of them: letters further apart than that are not compared.
 */
function editDistance(a: string, b: string, limit: number, effort: Effort): number {
  const far = limit + 1;
  let older: number[] = [];
  let previous: number[] = [];
  let leastBefore = 0;
  for (let j = 0; j <= b.length; j++) previous.push(j);
  for (let i = 1; i <= a.length; i++) {
    const current: number[] = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const cell = j - i > limit || i - j > limit ? far : leastOf(a, b, i, j, far, older, previous, current);
      current.push(cell);
      if (cell < least) least = cell;
    }
    effort.left -= b.length;
    // A swap reaches back two lines, and adds to what stands there.
    if (least > limit && leastBefore >= limit) return far;
    older = previous;
    previous = current;
    leastBefore = least;
  }
  return previous[b.length] ?? 0;
}

function leastOf(
  a: string,
  b: string,
  i: number,
  j: number,
  far: number,
  older: readonly number[],
  previous: readonly number[],
  current: readonly number[],
): number {
  let least = (previous[j - 1] ?? far) + (a[i - 1] === b[j - 1] ? 0 : 1);
  const removed = (previous[j] ?? far) + 1;
  const added = (current[j - 1] ?? far) + 1;
  if (removed < least) least = removed;
  if (added < least) least = added;
  if (i < 2 || j < 2 || a[i - 1] !== b[j - 2] || a[i - 2] !== b[j - 1]) return least;
  const swapped = (older[j - 2] ?? far) + 1;
  return swapped < least ? swapped : least;
}
