import { type PatternNode, type PatternProblem, parsePattern } from './pattern-syntax.ts';

/** A regular expression that takes time proportional to the text, whatever the pattern and the text are. */
export interface LinearPattern {
  /** True where the whole text matches. */
  matches(text: string): boolean;
}

type Instruction =
  | { readonly kind: 'one'; readonly accepts: (character: string) => boolean }
  | { readonly kind: 'split'; readonly to: readonly number[] }
  | { readonly kind: 'start' | 'end' | 'match' };

/** Beyond this a pattern with nested counts would take memory instead of time. */
const MAX_INSTRUCTIONS = 5_000;

/**
 * Compiles a pattern into a machine that is in all its possible states at once (https://swtch.com/~rsc/regexp/regexp2.html),
 * so that nothing is ever tried a second time. What such a machine cannot do, references back and looking around, is refused.
 */
export function compilePattern(source: string): LinearPattern | PatternProblem {
  const parsed = parsePattern(source);
  if ('problem' in parsed) return parsed;
  const program: Instruction[] = [];
  if (!emit(program, parsed)) return { problem: `needs more than ${MAX_INSTRUCTIONS} steps; repeat less` };
  program.push({ kind: 'match' });
  return { matches: (text) => run(program, text) };
}

/** @returns false where the program would become too large */
function emit(program: Instruction[], node: PatternNode): boolean {
  if (program.length > MAX_INSTRUCTIONS) return false;
  switch (node.kind) {
    case 'one':
    case 'start':
    case 'end':
      program.push(node);
      return true;
    case 'sequence':
      return node.parts.every((part) => emit(program, part));
    case 'either':
      return emitChoices(program, node.choices);
    case 'repeat':
      return emitRepeat(program, node);
  }
}

function emitChoices(program: Instruction[], choices: readonly PatternNode[]): boolean {
  const starts: number[] = [];
  const ends: number[] = [];
  const split = program.push({ kind: 'split', to: starts }) - 1;
  for (const choice of choices) {
    starts.push(program.length);
    if (!emit(program, choice)) return false;
    ends.push(program.push({ kind: 'split', to: [] }) - 1);
  }
  for (const end of ends) program[end] = { kind: 'split', to: [program.length] };
  return split >= 0;
}

function emitRepeat(program: Instruction[], { part, least, most }: Extract<PatternNode, { kind: 'repeat' }>): boolean {
  for (let count = 0; count < least; count++) if (!emit(program, part)) return false;
  if (most === undefined) return emitLoop(program, part);
  const splits: number[] = [];
  for (let count = least; count < most; count++) {
    splits.push(program.push({ kind: 'split', to: [] }) - 1);
    if (!emit(program, part)) return false;
  }
  for (const split of splits) program[split] = { kind: 'split', to: [split + 1, program.length] };
  return true;
}

function emitLoop(program: Instruction[], part: PatternNode): boolean {
  const split = program.push({ kind: 'split', to: [] }) - 1;
  if (!emit(program, part)) return false;
  program.push({ kind: 'split', to: [split] });
  program[split] = { kind: 'split', to: [split + 1, program.length] };
  return true;
}

function run(program: readonly Instruction[], text: string): boolean {
  const characters = [...text];
  let states = reach(program, [0], 0, characters.length);
  for (const [index, character] of characters.entries()) {
    const next: number[] = [];
    for (const state of states) {
      const instruction = program[state];
      if (instruction?.kind === 'one' && instruction.accepts(character)) next.push(state + 1);
    }
    states = reach(program, next, index + 1, characters.length);
  }
  return [...states].some((state) => program[state]?.kind === 'match');
}

/** Every state that is reached from these without reading a character. */
function reach(
  program: readonly Instruction[],
  from: readonly number[],
  position: number,
  length: number,
): ReadonlySet<number> {
  const reached = new Set<number>();
  const pending = [...from];
  for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
    if (reached.has(state)) continue;
    reached.add(state);
    const instruction = program[state];
    if (instruction?.kind === 'split') pending.push(...instruction.to);
    if (instruction?.kind === 'start' && position === 0) pending.push(state + 1);
    if (instruction?.kind === 'end' && position === length) pending.push(state + 1);
  }
  return reached;
}
