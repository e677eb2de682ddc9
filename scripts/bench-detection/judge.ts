import { createCelEngine } from '../../src/validation/cel/engine.ts';
import { check } from '../../src/validation/check.ts';
import type { Finding } from '../../src/validation/finding.ts';
import type { Schemas } from '../../src/validation/schemas.ts';
import { answerOn, readAnswers, type ServerAnswer } from './answers.ts';
import { type Mutant, mutants } from './mutants.ts';
import { lineOf } from './write-yaml.ts';

/** A mutant, what the server said of it, and what we say. */
export interface Judged {
  readonly mutant: Mutant;
  readonly answer: ServerAnswer;
  readonly errors: readonly Finding[];
  /** An error stands on the line of the changed field or of the map around it, or of a field that the server names. */
  readonly inPlace: boolean;
}

/** The mutants that are meant and have a recorded answer, each checked as the only file there is. */
export function judgeAll(
  schemas: Schemas,
  isMeant: (answer: ServerAnswer, index: number) => boolean = () => true,
): readonly Judged[] {
  const answers = readAnswers();
  const options = { missingSchema: 'error', strict: true, disableRules: [], cel: createCelEngine() } as const;
  return mutants().flatMap((mutant, index) => {
    const answer = answerOn(mutant, answers);
    if (answer === undefined || !isMeant(answer, index)) return [];
    const file = { path: 'mutant.yaml', bytes: new TextEncoder().encode(mutant.yaml.text), mode: '100644' as const };
    const errors = check([file], schemas, options).findings.filter(({ severity }) => severity === 'error');
    const lines = linesMeant(mutant, answer);
    return [{ mutant, answer, errors, inPlace: errors.some(({ line }) => lines.has(line)) }];
  });
}

function linesMeant({ pointer, yaml }: Mutant, { pointers }: ServerAnswer): ReadonlySet<number> {
  const around = pointer.slice(0, pointer.lastIndexOf('/'));
  return new Set([pointer, around, ...pointers].map((one) => lineOf(yaml, one)));
}

export interface Rates {
  readonly refused: number;
  readonly found: number;
  readonly inPlace: number;
  readonly taken: number;
  readonly alarms: number;
}

function isAnError({ errors }: Judged): boolean {
  return errors.length > 0;
}

/** `isFlagged`: what else to ask whether a mutant is called an error; then `inPlace` says nothing. */
export function ratesOf(judged: readonly Judged[], isFlagged = isAnError): Rates {
  const refused = judged.filter(({ answer }) => answer.refused);
  const taken = judged.filter(({ answer }) => !answer.refused);
  const found = refused.filter(isFlagged);
  return {
    refused: refused.length,
    found: found.length,
    inPlace: found.filter(({ inPlace }) => inPlace).length,
    taken: taken.length,
    alarms: taken.filter(isFlagged).length,
  };
}
