import { readWithMarks } from './block-yaml.ts';
import { type Mark, type Marks, NOWHERE, UNKNOWN } from './block-yaml-cursor.ts';
import { lazily } from './lazily.ts';
import { createLibraryLocator } from './library-locate.ts';
import { LIMITS } from './limits.ts';
import { firstContent, type Locator, type Path, type Range } from './places.ts';
import type { YamlMode } from './plain-scalar.ts';

export { firstContent, type Locator, type Path, type Range } from './places.ts';

/**
 * Finds places in one document, which is read once more for that. The own reader does it where it can, as it takes a
 * twentieth of the library's time; where it gives up, or does not follow a place up, the library answers, and it is what
 * all answers are held against in the tests.
 */
export function createLocator(text: string, mode: YamlMode): Locator {
  const library = lazily(() => createLibraryLocator(text, mode));
  const own = readWithMarks(text, mode, LIMITS.depth);
  if (own === undefined || own.value === null) return library();
  const { value: root, marks } = own;
  const start = firstContent(text);
  return {
    key: (path) => stepsAlong(root, path, marks, start)?.at(-1)?.key ?? library().key(path),
    value(path) {
      const steps = stepsAlong(root, path, marks, start);
      const last = steps?.at(-1);
      const found = (steps?.length ?? 0) > path.length ? last?.value : last?.key;
      return found ?? library().value(path);
    },
    repeatedKeys: () => [],
    ambiguousScalars: () => marks.ambiguous,
    complexKeys: () => [],
  };
}

interface Step {
  readonly key: Range;
  /** Undefined where it was not followed up. */
  readonly value: Range | undefined;
}

/** The places along a path, from the root on, as far as it leads; undefined where one of them was not followed up. */
function stepsAlong(root: unknown, path: Path, marks: Marks, start: number): readonly Step[] | undefined {
  const origin = { start, end: start };
  const steps: Step[] = [{ key: origin, value: origin }];
  let node = root;
  for (const part of path) {
    if (typeof node !== 'object' || node === null) break;
    const name = Array.isArray(node) ? Number(part) : String(part);
    const mark = marks.of.get(node)?.get(name);
    if (mark === undefined) break;
    if (mark.keyStart === UNKNOWN) return undefined;
    const inner: unknown = (node as Readonly<Record<string, unknown>>)[name];
    steps.push({
      key: { start: mark.keyStart, end: mark.keyEnd },
      value: valueRange(mark, inner, Array.isArray(node)),
    });
    node = inner;
  }
  return steps;
}

/** Of a map or list the key has to do, and of what has no text of its own. */
function valueRange(mark: Mark, value: unknown, isItem: boolean): Range | undefined {
  const { keyStart: start, keyEnd: end, valueStart, valueEnd } = mark;
  if (typeof value === 'object' && value !== null) return { start, end };
  if (valueStart === UNKNOWN || (valueStart === NOWHERE && isItem)) return undefined;
  return valueStart === NOWHERE ? { start, end } : { start: valueStart, end: valueEnd };
}
