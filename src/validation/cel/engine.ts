import { parse } from '@bufbuild/cel';
import { compile } from './compile.ts';
import { WORK_OF_ALL, WORK_OF_ONE } from './meter.ts';
import { writeOptionalsAsCalls } from './optional-syntax.ts';
import { type Expression, OUT_OF_WORK, type Program } from './program.ts';
import { type Result, unsupported } from './value.ts';

/** Runs CEL expressions of Kubernetes (https://kubernetes.io/docs/reference/using-api/cel/). */
export interface CelEngine {
  /** The same text is compiled once. */
  compile(text: string): CelProgram;
}

export interface CelProgram {
  /** All names in the expression that may be variables. */
  readonly names: ReadonlySet<string>;
  /**
   * The value, or why there is none. It ends after a bounded amount of work, whatever the expression is, and never throws.
   * `variable` gives the value of a name; undefined where it stands for nothing.
   */
  run(variable: (name: string) => Result | undefined): Result;
}

/** Longer expressions are not read. */
const MOST_TEXT = 10_000;

/** `work` bounds all expressions together, beside the bound on each. */
export function createCelEngine(work: number = WORK_OF_ALL): CelEngine {
  const programs = new Map<string, CelProgram>();
  const all = { left: work };
  return {
    compile(text) {
      const program = programs.get(text) ?? createProgram(text, all);
      programs.set(text, program);
      return program;
    },
  };
}

function createProgram(text: string, all: { left: number }): CelProgram {
  const parsed = parseText(text);
  if (typeof parsed === 'string') return { names: new Set(), run: () => unsupported(parsed) };
  const program = compile(parsed, []);
  return { names: namesIn(parsed), run: (variable) => runWithin(program, variable, all) };
}

function parseText(text: string): Expression | string {
  if (text.length > MOST_TEXT) return 'the expression is too long';
  try {
    return parse(writeOptionalsAsCalls(text)).expr ?? 'the expression is empty';
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^<input>:/, '') : '';
    return `the expression cannot be read (${reason.split('\n')[0]?.slice(0, 100)})`;
  }
}

function runWithin(program: Program, variable: (name: string) => Result | undefined, all: { left: number }): Result {
  const allowed = Math.min(WORK_OF_ONE, all.left);
  if (allowed <= 0) return unsupported('all rules together take more work than is allowed');
  const meter = { left: allowed };
  try {
    const result = program({ variable, locals: [], meter });
    return meter.left < 0 ? OUT_OF_WORK : result;
  } catch (error) {
    return unsupported(
      error instanceof RangeError ? 'the expression is nested too deeply' : 'the expression cannot be run',
    );
  } finally {
    all.left -= allowed - meter.left;
  }
}

function namesIn(expression: unknown, names: Set<string> = new Set()): ReadonlySet<string> {
  if (typeof expression !== 'object' || expression === null) return names;
  if ('case' in expression && expression.case === 'identExpr' && 'value' in expression) {
    names.add((expression.value as { readonly name: string }).name);
  }
  for (const inner of Object.values(expression)) namesIn(inner, names);
  return names;
}
