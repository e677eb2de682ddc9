import { spend, WORK_OF_STEP } from './meter.ts';
import {
  type CallExpression,
  type Compile,
  type Expression,
  nameOf,
  OUT_OF_WORK,
  type Program,
  type Scope,
  worse,
} from './program.ts';
import { failed, isFault, isList, isMap, type MapKey, type Result, typeOf, type Value } from './value.ts';

/** Macros that see index and item, or key and value (https://pkg.go.dev/github.com/google/cel-go/ext#TwoVarComprehensions). */
export const TWO_VARIABLES: ReadonlySet<string> = new Set([
  'all',
  'exists',
  'existsOne',
  'transformList',
  'transformMap',
]);

export function compileTwoVariables(
  target: Expression,
  call: CallExpression,
  locals: readonly string[],
  compile: Compile,
): Program {
  const { function: name, args } = call;
  const range = compile(target, locals);
  const inside = [...locals, nameOf(args[0]) ?? '', nameOf(args[1]) ?? ''];
  const bodies = args.slice(2).map((arg) => compile(arg, inside));
  const [body, second] = [bodies.at(-1) ?? (() => null), bodies.length > 1 ? bodies[0] : undefined];
  const each = (scope: Scope, visit: (key: MapKey, result: Result) => boolean): Result | undefined => {
    const entries = entriesOf(range(scope));
    if (isFault(entries)) return entries;
    for (const [key, value] of entries) {
      if (!spend(scope.meter, WORK_OF_STEP)) return OUT_OF_WORK;
      scope.locals[locals.length] = key;
      scope.locals[locals.length + 1] = value;
      const isKept = second === undefined ? true : second(scope);
      if (isFault(isKept)) return isKept;
      if (isKept === true && !visit(key, body(scope))) break;
    }
    return undefined;
  };
  return programOf(name, each);
}

type Each = (scope: Scope, visit: (key: MapKey, result: Result) => boolean) => Result | undefined;

function programOf(name: string, each: Each): Program {
  if (name === 'all') return (scope) => decided(scope, each, false);
  if (name === 'exists') return (scope) => decided(scope, each, true);
  if (name === 'existsOne') return (scope) => one(scope, each);
  return name === 'transformMap' ? (scope) => transformMap(scope, each) : (scope) => transformList(scope, each);
}

function decided(scope: Scope, each: Each, answer: boolean): Result {
  let result: Result = !answer;
  const stopped = each(scope, (_, found) => {
    if (found === answer) result = answer;
    else if (found !== !answer) result = worse(result === !answer ? found : result, found);
    return found !== answer;
  });
  return stopped ?? result;
}

function one(scope: Scope, each: Each): Result {
  let count = 0;
  let fault: Result | undefined;
  const stopped = each(scope, (_, found) => {
    if (isFault(found)) fault = found;
    if (found === true) count++;
    return !isFault(found);
  });
  return stopped ?? fault ?? count === 1;
}

function transformList(scope: Scope, each: Each): Result {
  const list: Value[] = [];
  let fault: Result | undefined;
  const stopped = each(scope, (_, found) => {
    if (isFault(found)) fault = found;
    else list.push(found);
    return !isFault(found);
  });
  return stopped ?? fault ?? list;
}

function transformMap(scope: Scope, each: Each): Result {
  const map = new Map<MapKey, Value>();
  let fault: Result | undefined;
  const stopped = each(scope, (key, found) => {
    if (isFault(found)) fault = found;
    else map.set(key, found);
    return !isFault(found);
  });
  return stopped ?? fault ?? map;
}

function entriesOf(range: Result): Iterable<readonly [MapKey, Value]> | ReturnType<typeof failed> {
  if (isFault(range)) return range;
  if (isList(range)) return range.map((item, index) => [BigInt(index), item] as const);
  return isMap(range) ? range.entries() : failed(`no such overload: a macro on a ${typeOf(range)}`);
}
