import { spend, WORK_OF_STEP } from './meter.ts';
import {
  type Compile,
  type ComprehensionExpression,
  type Expression,
  nameOf,
  OUT_OF_WORK,
  type Program,
} from './program.ts';
import { type Fault, failed, isFault, isList, isMap, type Result, typeOf, type Value } from './value.ts';

/** `all`, `exists`, `exists_one`, `map` and `filter`, which the parser writes out as loops. */
export function compileComprehension(
  loop: ComprehensionExpression,
  locals: readonly string[],
  compile: Compile,
): Program {
  const range = compile(loop.iterRange, locals);
  const start = compile(loop.accuInit, locals);
  const inside = [...locals, loop.accuVar, loop.iterVar];
  const condition = compile(loop.loopCondition, inside);
  const step = compileStep(loop.loopStep, loop.accuVar, inside, compile);
  const end = compile(loop.result, [...locals, loop.accuVar]);
  const slot = locals.length;
  return (scope) => {
    const items = itemsOf(range(scope));
    if (isFault(items)) return items;
    const first = start(scope);
    let total: Result = isList(first) ? [...first] : first;
    for (const item of items) {
      if (!spend(scope.meter, WORK_OF_STEP)) return OUT_OF_WORK;
      scope.locals[slot] = total;
      scope.locals[slot + 1] = item;
      const goesOn = condition(scope);
      if (isFault(goesOn)) return goesOn;
      if (goesOn !== true) break;
      total = step(scope);
    }
    scope.locals[slot] = total;
    return end(scope);
  };
}

function itemsOf(range: Result): Iterable<Value> | Fault {
  if (isFault(range)) return range;
  if (isList(range)) return range;
  return isMap(range) ? range.keys() : failed(`no such overload: a macro on a ${typeOf(range)}`);
}

/** `total + [item]` adds to the list that the loop made, instead of copying it each time. */
function compileStep(
  step: Expression | undefined,
  total: string,
  locals: readonly string[],
  compile: Compile,
): Program {
  const call = step?.exprKind.case === 'callExpr' ? step.exprKind.value : undefined;
  if (call?.function === '_?_:_') {
    const condition = compile(call.args[0], locals);
    const yes = compileStep(call.args[1], total, locals, compile);
    const no = compileStep(call.args[2], total, locals, compile);
    return chosen(condition, yes, no);
  }
  const added = call?.function === '_+_' && nameOf(call.args[0]) === total ? call.args[1] : undefined;
  if (added?.exprKind.case !== 'listExpr' || added.exprKind.value.optionalIndices.length > 0)
    return compile(step, locals);
  return appended(compile(added, locals), locals.length - 2);
}

function chosen(condition: Program, yes: Program, no: Program): Program {
  return (scope) => {
    const decision = condition(scope);
    if (typeof decision === 'boolean') return decision ? yes(scope) : no(scope);
    return isFault(decision) ? decision : failed(`no such overload: a condition that is a ${typeOf(decision)}`);
  };
}

function appended(items: Program, slot: number): Program {
  return (scope) => {
    const total = scope.locals[slot] ?? null;
    const more = items(scope);
    if (isFault(total) || isFault(more)) return isFault(total) ? total : more;
    if (!isList(total) || !isList(more)) return failed('no such overload: adding to a list');
    (total as Value[]).push(...more);
    return total;
  };
}
