import { createRequire } from 'node:module';

/** As much of `@jest/globals` as the tests of the decision use, without a process of its own for every file. */
type Body = (...row: readonly unknown[]) => unknown;

interface Test {
  readonly name: string;
  readonly run: () => unknown;
}

const tests: Test[] = [];

const requireFromJest = createRequire(createRequire(import.meta.url).resolve('@jest/globals'));
export const expect: unknown = requireFromJest('@jest/expect').jestExpect;

export function describe(_name: string, body: () => void): void {
  body();
}

export function it(name: string, body: Body): void {
  tests.push({ name, run: () => body() });
}

it.each =
  (rows: readonly unknown[]) =>
  (name: string, body: Body): void => {
    for (const row of rows) tests.push({ name, run: () => body(...(Array.isArray(row) ? row : [row])) });
  };
it.skip = (): void => undefined;

describe.each =
  (rows: readonly unknown[]) =>
  (_name: string, body: Body): void => {
    for (const row of rows) body(...(Array.isArray(row) ? row : [row]));
  };

/** The name of the first test that fails, or undefined. What was collected is forgotten. */
export async function runCollected(): Promise<string | undefined> {
  for (const { name, run } of tests.splice(0)) {
    try {
      await run();
    } catch {
      tests.length = 0;
      return name;
    }
  }
  return undefined;
}
