import { type PatternNode, parsePattern } from './pattern-syntax.ts';

/** A test of a text, or undefined where the pattern cannot be used here: then nothing is said about the value. */
export type PatternTest = (text: string) => boolean;

/** One step of a pattern's program. Past its last one the pattern has matched. */
export type Instruction =
  | { readonly kind: 'character'; readonly test: (character: string) => boolean }
  | { readonly kind: 'assertion'; readonly holds: (before: string, after: string) => boolean }
  | { readonly kind: 'split'; first: number; second: number }
  | { readonly kind: 'jump'; to: number };

/** Counted repeats are written out; a pattern that grows beyond this is not used. */
const MOST_INSTRUCTIONS = 4096;

const compiled = new Map<string, PatternTest | undefined>();

/**
 * The pattern of a schema as a test. The server uses Go's RE2, which takes time in proportion to the text for any
 * pattern (https://swtch.com/~rsc/regexp/regexp1.html). So does this: CRDs are input, and an engine that tries one way
 * after the other could be made to run for ever.
 */
export function patternTest(pattern: string): PatternTest | undefined {
  if (!compiled.has(pattern)) compiled.set(pattern, compile(pattern));
  return compiled.get(pattern);
}

function compile(pattern: string): PatternTest | undefined {
  const program = patternProgram(pattern);
  return program === undefined ? undefined : (text) => matches(program, text);
}

/** The pattern as a program; the first way of a split is the one that it prefers. Undefined where it cannot be used here. */
export function patternProgram(pattern: string): readonly Instruction[] | undefined {
  const node = parsePattern(pattern);
  const program: Instruction[] = [];
  return node === undefined || !emit(node, program) ? undefined : program;
}

/** False where the program grows too long. Its end is the match. */
function emit(node: PatternNode, program: Instruction[]): boolean {
  if (program.length > MOST_INSTRUCTIONS) return false;
  if (node.kind === 'sequence') return node.nodes.every((part) => emit(part, program));
  if (node.kind === 'choice') return emitChoice(node.nodes, program);
  if (node.kind === 'repeat') return emitRepeat(node, program);
  program.push(node);
  return true;
}

function emitChoice(nodes: readonly PatternNode[], program: Instruction[]): boolean {
  const jumps: { kind: 'jump'; to: number }[] = [];
  const fits = nodes.every((node, index) => {
    const split = { kind: 'split' as const, first: program.length + 1, second: 0 };
    const isLast = index === nodes.length - 1;
    if (!isLast) program.push(split);
    if (!emit(node, program)) return false;
    const jump = { kind: 'jump' as const, to: 0 };
    if (!isLast) program.push(jump);
    jumps.push(jump);
    split.second = program.length;
    return true;
  });
  for (const jump of jumps) jump.to = program.length;
  return fits;
}

function emitRepeat({ node, min, max }: Extract<PatternNode, { kind: 'repeat' }>, program: Instruction[]): boolean {
  for (let count = 0; count < min; count++) if (!emit(node, program)) return false;
  if (max === Number.POSITIVE_INFINITY) return emitLoop(node, program);
  const splits: { kind: 'split'; first: number; second: number }[] = [];
  for (let count = min; count < max; count++) {
    const split = { kind: 'split' as const, first: program.length + 1, second: 0 };
    splits.push(split);
    program.push(split);
    if (!emit(node, program)) return false;
  }
  for (const split of splits) split.second = program.length;
  return true;
}

function emitLoop(node: PatternNode, program: Instruction[]): boolean {
  const start = program.length;
  const split = { kind: 'split' as const, first: start + 1, second: 0 };
  program.push(split);
  if (!emit(node, program)) return false;
  program.push({ kind: 'jump', to: start });
  split.second = program.length;
  return true;
}

/** All ways at once, one character after the other; a match may begin anywhere. */
function matches(program: readonly Instruction[], text: string): boolean {
  const seen = new Int32Array(program.length + 1).fill(-1);
  let states: number[] = [];
  let before = '';
  let step = 0;
  for (const character of text) {
    states.push(0);
    const next: number[] = [];
    if (follow(program, states, seen, step++, before, character, next)) return true;
    states = next.flatMap((at) => (accepts(program[at], character) ? [at + 1] : []));
    before = character;
  }
  states.push(0);
  return follow(program, states, seen, step, before, '', []);
}

function accepts(instruction: Instruction | undefined, character: string): boolean {
  return instruction?.kind === 'character' && instruction.test(character);
}

/** Goes on to every instruction that wants a character; true where one way is at its end. */
function follow(
  program: readonly Instruction[],
  states: number[],
  seen: Int32Array,
  step: number,
  before: string,
  after: string,
  waiting: number[],
): boolean {
  for (let at = states.pop(); at !== undefined; at = states.pop()) {
    if (seen[at] === step) continue;
    seen[at] = step;
    const instruction = program[at];
    if (instruction === undefined) return true;
    if (instruction.kind === 'character') waiting.push(at);
    else if (instruction.kind === 'jump') states.push(instruction.to);
    else if (instruction.kind === 'split') states.push(instruction.second, instruction.first);
    else if (instruction.holds(before, after)) states.push(at + 1);
  }
  return false;
}
