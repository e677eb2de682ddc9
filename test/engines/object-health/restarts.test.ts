import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '../../../src/engines/api/json.ts';
import { type Course, courseOf, endingFor } from '../../../src/engines/object-health/restarts.ts';

function pod(name: string, restartCount: number, uid?: string): Json {
  const metadata = { name, namespace: 'shop', ...(uid === undefined ? {} : { uid }) };
  return { metadata, status: { containerStatuses: [{ name: 'web', restartCount }] } };
}

/** Restarts of one pod at seconds. */
function after(...looks: readonly (readonly [seconds: number, restarts: number])[]): Course {
  let course: Course | undefined;
  for (const [seconds, restarts] of looks) course = courseOf(course, [pod('a', restarts)], seconds * 1_000);
  return course ?? courseOf(undefined, [], 0);
}

describe('a container that ends', () => {
  it.each([
    [
      'never',
      [
        [0, 0],
        [40, 0],
      ],
      0,
    ],
    [
      'once',
      [
        [0, 0],
        [5, 1],
        [40, 1],
      ],
      0,
    ],
    [
      'twice, counted from the first time',
      [
        [0, 0],
        [5, 1],
        [40, 2],
      ],
      35,
    ],
    [
      'twice between two looks, of which nothing else is known',
      [
        [0, 0],
        [40, 2],
      ],
      0,
    ],
    [
      'as often as before it was looked at',
      [
        [0, 7],
        [40, 7],
      ],
      0,
    ],
    [
      'once more than before it was looked at',
      [
        [0, 7],
        [40, 8],
      ],
      0,
    ],
    [
      'again and again, two minutes apart at most',
      [
        [0, 0],
        [10, 1],
        [130, 2],
        [250, 3],
      ],
      240,
    ],
    [
      'again after more than two minutes',
      [
        [0, 0],
        [10, 1],
        [130.001, 2],
      ],
      0,
    ],
    [
      'and then no more, for not more than two minutes',
      [
        [0, 0],
        [10, 1],
        [20, 2],
        [140, 2],
      ],
      130,
    ],
    [
      'and then no more, for longer',
      [
        [0, 0],
        [10, 1],
        [20, 2],
        [140.001, 2],
      ],
      0,
    ],
    [
      'and then begins anew as another one under its name',
      [
        [0, 0],
        [10, 1],
        [20, 2],
        [30, 0],
      ],
      0,
    ],
  ] as const)('%s', (_, looks, seconds) => {
    expect(endingFor(after(...looks), (looks.at(-1)?.[0] ?? 0) * 1_000)).toBe(seconds * 1_000);
  });

  it('is told pod by pod: two that were started again once are no crash loop, one that goes on is', () => {
    const look = (before: Course | undefined, a: number, b: number, at: number) =>
      courseOf(before, [pod('a', a), pod('b', b)], at);
    const once = look(look(undefined, 0, 0, 0), 1, 1, 10_000);
    expect(endingFor(once, 50_000)).toBe(0);
    expect(endingFor(look(once, 1, 2, 50_000), 50_000)).toBe(40_000);
    expect(endingFor(courseOf(look(once, 1, 2, 50_000), [pod('a', 1)], 60_000), 60_000)).toBe(0);
  });

  it('never ended again and again where it was started again less than twice', () => {
    const looks = fc.array(fc.tuple(fc.nat(500_000), fc.nat(1)), { maxLength: 30 });
    fc.assert(
      fc.property(looks, fc.nat(600_000), (given, now) => {
        const inOrder = given.toSorted((a, b) => a[0] - b[0]);
        const restarts = inOrder.map(([, count]) => count).toSorted((a, b) => a - b);
        const course = inOrder.reduce<Course | undefined>(
          (before, [at], index) => courseOf(before, [pod('a', restarts[index] ?? 0)], at),
          undefined,
        );
        expect(course === undefined ? 0 : endingFor(course, now)).toBe(0);
      }),
    );
  });
});

describe('pods have changed', () => {
  const first = courseOf(undefined, [pod('a', 1, 'u'), pod('b', 0)], 0);

  it.each([
    ['not at the first look', first, false],
    ['not where they are as they were', courseOf(first, [pod('a', 1, 'u'), pod('b', 0)], 1), false],
    ['not where one is gone', courseOf(first, [pod('a', 1, 'u')], 1), false],
    ['where one was started again', courseOf(first, [pod('a', 2, 'u'), pod('b', 0)], 1), true],
    ['where one has come', courseOf(first, [pod('a', 1, 'u'), pod('b', 0), pod('c', 0)], 1), true],
    ['where one was made anew under its name', courseOf(first, [pod('a', 1, 'v'), pod('b', 0)], 1), true],
  ])('%s', (_, course, changed) => expect(course.changed).toBe(changed));
});
