import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Mutant } from './mutants.ts';

const PATH = resolve(import.meta.dirname, '../../test/validation/fixtures/detection/answers.txt');

/** What an API server said of a mutant: the fields that it complained about, as JSON pointers. */
export interface ServerAnswer {
  readonly refused: boolean;
  readonly pointers: readonly string[];
}

/** The recorded answers by the keys of the mutants; `=` stands for the place that was changed. */
export function readAnswers(): ReadonlyMap<string, readonly string[] | 'taken'> {
  const answers = new Map<string, readonly string[] | 'taken'>();
  for (const line of readFileSync(PATH, 'utf8').split('\n')) {
    const [verdict, ...rest] = line.split(' ');
    if (verdict === 'taken') for (const key of rest) answers.set(key, 'taken');
    else if (verdict !== undefined && verdict !== '#' && verdict !== '') answers.set(verdict, rest);
  }
  return answers;
}

export function answerOn(mutant: Mutant, answers: ReturnType<typeof readAnswers>): ServerAnswer | undefined {
  const answer = answers.get(mutant.key);
  if (answer === undefined) return undefined;
  if (answer === 'taken') return { refused: false, pointers: [] };
  return { refused: true, pointers: answer.map((pointer) => (pointer === '=' ? mutant.pointer : decodeURI(pointer))) };
}

/** Writes answers in the order of the mutants: a line for each that was refused, one for all others of a base. */
export function writeAnswers(server: string, given: readonly (readonly [Mutant, ServerAnswer])[]): void {
  const lines = [...Map.groupBy(given, ([{ base }]) => base)].flatMap(([base, members]) => [
    `# ${base}`,
    ['taken', ...members.filter(([, { refused }]) => !refused).map(([{ key }]) => key)].join(' '),
    ...members.filter(([, { refused }]) => refused).map(([mutant, answer]) => refusal(mutant, answer)),
  ]);
  writeFileSync(PATH, `${[`# The answers of Kubernetes ${server}.`, ...lines].join('\n')}\n`);
}

/** Some answers name hundreds of fields; the first few tell where. */
function refusal({ key, pointer }: Mutant, { pointers }: ServerAnswer): string {
  const short = pointers.slice(0, 4).map((one) => (one === pointer ? '=' : encodeURI(one)));
  return [key, ...short].join(' ');
}
