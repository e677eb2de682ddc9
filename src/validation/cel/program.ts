import type { parse } from '@bufbuild/cel';
import type { Meter } from './meter.ts';
import { failed, isFault, type Result, unsupported } from './value.ts';

/** A parsed expression, macros written out (https://github.com/google/cel-spec/blob/master/proto/cel/expr/syntax.proto). */
export type Expression = NonNullable<ReturnType<typeof parse>['expr']>;

export type CallExpression = Extract<Expression['exprKind'], { case: 'callExpr' }>['value'];
export type ComprehensionExpression = Extract<Expression['exprKind'], { case: 'comprehensionExpr' }>['value'];

/** What an expression can see while it runs. */
export interface Scope {
  /** A variable of the whole expression; undefined where there is none of this name. */
  readonly variable: (name: string) => Result | undefined;
  /** Variables of macros, by the depth at which they are. */
  readonly locals: Result[];
  readonly meter: Meter;
}

/** An expression, ready to run. It never throws. */
export type Program = (scope: Scope) => Result;

/** Compiles an expression; `locals` are the names of the variables of the macros around it, outermost first. */
export type Compile = (expression: Expression | undefined, locals: readonly string[]) => Program;

export const OUT_OF_WORK: Result = unsupported('it takes more work than one rule is allowed');

/** Of two faults the one that says more: what cannot be known goes before what fails. */
export function worse(a: Result, b: Result): Result {
  if (!isFault(a)) return isFault(b) ? b : failed('no such overload: a condition that is not true or false');
  return isFault(b) && b.kind === 'unsupported' ? b : a;
}

/** The name that an expression is, or undefined. */
export function nameOf(expression: Expression | undefined): string | undefined {
  return expression?.exprKind.case === 'identExpr' ? expression.exprKind.value.name : undefined;
}
