import { type Instruction, patternProgram } from '../schema-pattern.ts';
import { type Result, unsupported } from './value.ts';

/** Pairs of an instruction and a place in the text that are looked at, at most. */
const MOST_STATES = 8_000_000;

/** The leftmost matches, as Go finds them; at most `most`. Of several at one place the one that the pattern prefers. */
export function findAll(pattern: string, text: string, most: number): Result {
  const program = patternProgram(pattern);
  const isLazy = /[*+?}]\?/.test(pattern.replace(/\\[\s\S]/g, ''));
  const characters = [...text];
  const size = (program?.length ?? 0) * (characters.length + 1);
  if (program === undefined || isLazy || size > MOST_STATES) return unsupportedPattern(pattern);
  const found: string[] = [];
  let from = 0;
  let lastEnd = -1;
  while (found.length < most && from <= characters.length) {
    const match = findOne(program, characters, from);
    if (match === undefined) break;
    const [start, end] = match;
    if (end > start || start !== lastEnd) found.push(characters.slice(start, end).join(''));
    lastEnd = end;
    from = end > start ? end : end + 1;
  }
  return found;
}

export function unsupportedPattern(pattern: string): Result {
  return unsupported(`the pattern ${JSON.stringify(pattern.slice(0, 60))} is not supported`);
}

/** Tries ways in the order of preference, and no pair of instruction and place twice. */
function findOne(
  program: readonly Instruction[],
  text: readonly string[],
  from: number,
): readonly [number, number] | undefined {
  const width = text.length + 1;
  const seen = new Uint8Array((program.length + 1) * width);
  for (let start = from; start <= text.length; start++) {
    const pending: [number, number][] = [[0, start]];
    for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
      const [at, place] = state;
      if (seen[at * width + place] === 1) continue;
      seen[at * width + place] = 1;
      const instruction = program[at];
      if (instruction === undefined) return [start, place];
      pending.push(...following(instruction, at, text, place));
    }
  }
  return undefined;
}

/** The last one is tried first. */
function following(
  instruction: Instruction,
  at: number,
  text: readonly string[],
  place: number,
): readonly [number, number][] {
  const next = text[place] ?? '';
  switch (instruction.kind) {
    case 'character':
      return next !== '' && instruction.test(next) ? [[at + 1, place + 1]] : [];
    case 'assertion':
      return instruction.holds(text[place - 1] ?? '', next) ? [[at + 1, place]] : [];
    case 'jump':
      return [[instruction.to, place]];
    case 'split':
      return [
        [instruction.second, place],
        [instruction.first, place],
      ];
  }
}
