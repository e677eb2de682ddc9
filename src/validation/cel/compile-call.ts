import { compileTwoVariables, TWO_VARIABLES } from './compile-two-variables.ts';
import { equals } from './equality.ts';
import type { CelFunction } from './functions/define.ts';
import { isOptional } from './functions/optionals.ts';
import { FUNCTIONS } from './functions/registry.ts';
import { type Meter, spend } from './meter.ts';
import {
  type CallExpression,
  type Compile,
  type Expression,
  nameOf,
  OUT_OF_WORK,
  type Program,
  worse,
} from './program.ts';
import { failed, isFault, isList, isMap, optionalOf, type Result, typeOf, unsupported, type Value } from './value.ts';

/** Logic, choice and equality are made here: they do not run all that they are given. All else is a function. */
export function compileCall(call: CallExpression, locals: readonly string[], compile: Compile): Program {
  const { function: name, target, args } = call;
  const [first, second, third] = args;
  if (target !== undefined) return compileMethod(target, call, locals, compile);
  switch (name) {
    case '_&&_':
      return decidedBy(false, compile(first, locals), compile(second, locals));
    case '_||_':
      return decidedBy(true, compile(first, locals), compile(second, locals));
    case '_?_:_':
      return choice(compile(first, locals), compile(second, locals), compile(third, locals));
    case '_==_':
      return equality(true, compile(first, locals), compile(second, locals));
    case '_!=_':
      return equality(false, compile(first, locals), compile(second, locals));
    case '!_':
      return negation(compile(first, locals));
    case '@not_strictly_false':
      return notFalse(compile(first, locals));
    default:
      return plainCall(name, args, locals, compile);
  }
}

/** Whichever side decides, decides, even where the other one is a fault. */
function decidedBy(answer: boolean, left: Program, right: Program): Program {
  return (scope) => {
    const one = left(scope);
    if (one === answer) return answer;
    const other = right(scope);
    if (other === answer) return answer;
    return one === !answer && other === !answer ? !answer : worse(one === !answer ? other : one, other);
  };
}

function choice(condition: Program, yes: Program, no: Program): Program {
  return (scope) => {
    const chosen = condition(scope);
    if (chosen === true) return yes(scope);
    if (chosen === false) return no(scope);
    return isFault(chosen) ? chosen : failed(`no such overload: a condition that is a ${typeOf(chosen)}`);
  };
}

function equality(wanted: boolean, left: Program, right: Program): Program {
  return (scope) => {
    const [a, b] = [left(scope), right(scope)];
    if (isFault(a) || isFault(b)) return worse(a, b);
    const isEqual = equals(a, b, scope.meter);
    return scope.meter.left < 0 ? OUT_OF_WORK : isEqual === wanted;
  };
}

function negation(operand: Program): Program {
  return (scope) => {
    const value = operand(scope);
    if (typeof value === 'boolean') return !value;
    return isFault(value) ? value : failed(`no such overload: !${typeOf(value)}`);
  };
}

function notFalse(condition: Program): Program {
  return (scope) => condition(scope) !== false;
}

/** A method, a function with a qualified name such as `optional.of`, or a macro that the parser does not know. */
function compileMethod(target: Expression, call: CallExpression, locals: readonly string[], compile: Compile): Program {
  const { function: name, args } = call;
  const qualified = qualifiedName(target, locals);
  if (qualified !== undefined && FUNCTIONS.has(`${qualified}.${name}`))
    return plainCall(`${qualified}.${name}`, args, locals, compile);
  if (TWO_VARIABLES.has(name) && args.length > 2) return compileTwoVariables(target, call, locals, compile);
  if ((name === 'optMap' || name === 'optFlatMap') && args.length === 2)
    return compileOptional(target, call, locals, compile);
  return plainCall(`.${name}`, [target, ...args], locals, compile);
}

function qualifiedName(expression: Expression | undefined, locals: readonly string[]): string | undefined {
  const name = nameOf(expression);
  if (name !== undefined) return locals.includes(name) ? undefined : name;
  if (expression?.exprKind.case !== 'selectExpr' || expression.exprKind.value.testOnly) return undefined;
  const before = qualifiedName(expression.exprKind.value.operand, locals);
  return before === undefined ? undefined : `${before}.${expression.exprKind.value.field}`;
}

/** `x.optMap(v, e)`: `e` of what `x` holds, where it holds something. */
function compileOptional(
  target: Expression,
  { function: name, args }: CallExpression,
  locals: readonly string[],
  compile: Compile,
): Program {
  const optional = compile(target, locals);
  const body = compile(args[1], [...locals, nameOf(args[0]) ?? '']);
  return (scope) => {
    const value = optional(scope);
    if (isFault(value)) return value;
    if (!isOptional(value)) return failed(`no such overload: ${typeOf(value)}.${name}`);
    if (value.value === undefined) return value;
    scope.locals[locals.length] = value.value;
    const result = body(scope);
    return isFault(result) || name === 'optFlatMap' ? result : optionalOf(result);
  };
}

function plainCall(name: string, args: readonly Expression[], locals: readonly string[], compile: Compile): Program {
  const called = FUNCTIONS.get(name);
  const missing = unsupported(`the function ${name.replace(/^\./, '')}() is not known`);
  const programs = args.map((arg) => compile(arg, locals));
  return (scope) => {
    const values: Value[] = [];
    for (const program of programs) {
      const value = program(scope);
      if (isFault(value)) return value;
      values.push(value);
    }
    return called === undefined ? missing : metered(name, called, values, scope.meter);
  };
}

const CONSTANT_TIME: ReadonlySet<string> = new Set(['_[_]', 'size', '.size', '@in', '_<_', '_<=_', '_>_', '_>=_']);

function metered(name: string, called: CelFunction, values: readonly Value[], meter: Meter): Result {
  const isQuick = CONSTANT_TIME.has(name);
  let work = 1;
  for (const value of values) work += sizeOf(value, isQuick);
  if (!spend(meter, work)) return OUT_OF_WORK;
  const result = called(values, meter);
  if (!isFault(result)) spend(meter, isQuick ? 0 : sizeOf(result, false));
  return meter.left < 0 ? OUT_OF_WORK : result;
}

/** What it costs to look through a value once. */
function sizeOf(value: Value, isQuick: boolean): number {
  if (typeof value === 'string') return value.length >> 5;
  if (isQuick || typeof value !== 'object' || value === null) return 0;
  if (isList(value)) return value.length;
  return isMap(value) ? 0 : value instanceof Uint8Array ? value.length >> 5 : 1;
}
