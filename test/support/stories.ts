import { beforeAll, expect, it } from '@jest/globals';

/** So many run at a time. */
const AT_ONCE = 5;

/**
 * Tests that mostly wait for other processes, told several at a time. All run in one hook, since between tests, which is
 * where `it.concurrent` goes on, jest lets nothing be imported.
 * @param patience milliseconds for all of them
 */
export function tellTogether(stories: Readonly<Record<string, () => Promise<void>>>, patience: number): void {
  const failures = new Map<string, unknown>();
  const told = new Set<string>();
  beforeAll(async () => {
    const left = Object.entries(stories);
    const tell = async () => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        const [name, story] = next;
        await story().catch((error: unknown) => failures.set(name, error));
        told.add(name);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, tell));
  }, patience);
  it.each(Object.keys(stories))('%s', (name) => {
    if (failures.has(name)) throw failures.get(name);
    expect(told.has(name)).toBe(true);
  });
}
