import { ToolError } from '../errors.ts';

/** One thing to find out: the input that it is about, or `''`, and how. */
export type Part<T> = readonly [input: string, find: () => T | Promise<T>];

/**
 * Does all of this, one after the other, so that every problem is told at once.
 * @throws ToolError what a single one throws; of several, one error with the problems of all. Its code is that of the first;
 * where any is of the kind `input`, that. Anything else that is thrown ends it at once.
 */
export async function gathered<T extends readonly unknown[]>(
  ...parts: { readonly [Index in keyof T]: Part<T[Index]> }
): Promise<T> {
  const found: unknown[] = [];
  const failed: (readonly [string, ToolError])[] = [];
  for (const [input, find] of parts) {
    try {
      found.push(await find());
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      failed.push([input, error]);
    }
  }
  const [first] = failed;
  if (first === undefined) return found as unknown as T;
  throw failed.length === 1 ? first[1] : allOf(failed);
}

function allOf(failed: readonly (readonly [string, ToolError])[]): ToolError {
  const errors = failed.map(([, error]) => error);
  const hints = new Set(errors.flatMap(({ hint }) => hint ?? []));
  const problems = failed.flatMap(([input, error]) => problemsOf(input, error));
  const code = errors.some((error) => error.code === 'input') ? 'input' : (errors[0]?.code ?? 'input');
  return new ToolError(code, 'Nothing was checked: there is more than one thing wrong with what was given.', {
    problems: [...new Set(problems)],
    ...(hints.size === 0 ? {} : { hint: [...hints].join(' ') }),
    cause: errors[0],
  });
}

/** Each with the input that it is about, once. */
function problemsOf(input: string, { message, problems }: ToolError): readonly string[] {
  const own = problems.length > 0 ? problems : [message];
  return own.map((problem) => (input === '' || problem.startsWith(`${input}: `) ? problem : `${input}: ${problem}`));
}
