/** One line of a difference. */
export interface DifferenceLine {
  readonly sign: ' ' | '+' | '-' | '@';
  readonly text: string;
}

/** Lines on each side beyond which all of the old and all of the new is shown: the search takes quadratic time. */
const MOST_CHANGES = 2_000;
const CONTEXT = 3;

/**
 * The shortest difference between two lists of lines, with three lines around each change; a line with `@` stands where
 * others are left out, and says how many (E. W. Myers, An O(ND) Difference Algorithm, http://www.xmailserver.org/diff2.pdf).
 */
export function differenceOf(before: readonly string[], after: readonly string[]): readonly DifferenceLine[] {
  const head = commonLength(before, after, (list, index) => list[index]);
  const [restBefore, restAfter] = [before.slice(head), after.slice(head)];
  const tail = commonLength(restBefore, restAfter, (list, index) => list[list.length - 1 - index]);
  const middle = shortest(restBefore.slice(0, restBefore.length - tail), restAfter.slice(0, restAfter.length - tail));
  const same = (text: string): DifferenceLine => ({ sign: ' ', text });
  return withContext([...before.slice(0, head).map(same), ...middle, ...before.slice(before.length - tail).map(same)]);
}

function commonLength(
  a: readonly string[],
  b: readonly string[],
  at: (list: readonly string[], index: number) => string | undefined,
): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && at(a, length) === at(b, length)) length++;
  return length;
}

function shortest(before: readonly string[], after: readonly string[]): readonly DifferenceLine[] {
  const trail = search(before, after);
  if (trail === undefined) return [...before.map(removed), ...after.map(added)];
  const lines: DifferenceLine[] = [];
  let [x, y] = [before.length, after.length];
  for (let depth = trail.length - 1; depth >= 0; depth--) {
    const furthest = trail[depth] ?? new Map<number, number>();
    const k = x - y;
    const isDown = k === -depth || (k !== depth && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1));
    const from = depth === 0 ? 0 : (furthest.get(isDown ? k + 1 : k - 1) ?? 0);
    const fromY = depth === 0 ? 0 : from - (isDown ? k + 1 : k - 1);
    while (x > from && y > fromY) {
      lines.push({ sign: ' ', text: before[--x] ?? '' });
      y--;
    }
    if (depth > 0) lines.push(isDown ? added(after[--y] ?? '') : removed(before[--x] ?? ''));
  }
  return lines.reverse();
}

function removed(text: string): DifferenceLine {
  return { sign: '-', text };
}

function added(text: string): DifferenceLine {
  return { sign: '+', text };
}

/** For each number of changes: how far each diagonal had been followed before it. Undefined where there are too many. */
function search(
  before: readonly string[],
  after: readonly string[],
): readonly ReadonlyMap<number, number>[] | undefined {
  const trail: Map<number, number>[] = [];
  const furthest = new Map<number, number>([[1, 0]]);
  const most = Math.min(before.length + after.length, MOST_CHANGES);
  for (let depth = 0; depth <= most; depth++) {
    trail.push(new Map(furthest));
    for (let k = -depth; k <= depth; k += 2) {
      const isDown = k === -depth || (k !== depth && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1));
      let x = isDown ? (furthest.get(k + 1) ?? 0) : (furthest.get(k - 1) ?? 0) + 1;
      while (x < before.length && x - k < after.length && before[x] === after[x - k]) x++;
      furthest.set(k, x);
      if (x >= before.length && x - k >= after.length) return trail;
    }
  }
  return undefined;
}

function withContext(lines: readonly DifferenceLine[]): readonly DifferenceLine[] {
  const near = new Set<number>();
  for (const [index, { sign }] of lines.entries()) {
    if (sign === ' ') continue;
    for (let at = index - CONTEXT; at <= index + CONTEXT; at++) near.add(at);
  }
  const shown: DifferenceLine[] = [];
  let left = 0;
  for (const [index, line] of lines.entries()) {
    if (!near.has(index)) left++;
    else {
      if (left > 0) shown.push(omission(left));
      left = 0;
      shown.push(line);
    }
  }
  return left > 0 && shown.length > 0 ? [...shown, omission(left)] : shown;
}

function omission(count: number): DifferenceLine {
  return { sign: '@', text: count === 1 ? 'one line' : `${count} lines` };
}
