import { compileCall } from './compile-call.ts';
import { compileComprehension } from './compile-comprehension.ts';
import { equals } from './equality.ts';
import { isUnknown, valueAt } from './functions/operators.ts';
import { optionally } from './functions/optionals.ts';
import { type Expression, nameOf, type Program } from './program.ts';
import { failed, isFault, isMap, type MapKey, type Result, typeOf, unsupported, type Value } from './value.ts';

type Kind<Case extends NonNullable<Expression['exprKind']['case']>> = Extract<
  Expression['exprKind'],
  { case: Case }
>['value'];

/** Turns a parsed expression into a program. What is not supported becomes a fault of the part that needs it. */
export function compile(expression: Expression | undefined, locals: readonly string[]): Program {
  const kind = expression?.exprKind;
  switch (kind?.case) {
    case 'constExpr':
      return compileConstant(kind.value);
    case 'identExpr':
      return compileName(kind.value.name, locals);
    case 'selectExpr':
      return compileSelection(kind.value, locals);
    case 'callExpr':
      return compileCall(kind.value, locals, compile);
    case 'listExpr':
      return compileList(kind.value, locals);
    case 'structExpr':
      return compileMap(kind.value, locals);
    case 'comprehensionExpr':
      return compileComprehension(kind.value, locals, compile);
    default:
      return always(unsupported('an expression of an unknown kind'));
  }
}

function always(result: Result): Program {
  return () => result;
}

function orElse(result: Result | undefined, missing: Result): Result {
  return result === undefined ? missing : result;
}

function compileConstant({ constantKind }: Kind<'constExpr'>): Program {
  switch (constantKind.case) {
    case 'int64Value':
      return always(BigInt(constantKind.value));
    case 'nullValue':
      return always(null);
    case 'boolValue':
    case 'doubleValue':
    case 'stringValue':
    case 'bytesValue':
      return always(constantKind.value);
    default:
      return always(unsupported('unsigned integers are not supported'));
  }
}

const TYPES: ReadonlySet<string> = new Set([
  'int',
  'double',
  'bool',
  'string',
  'bytes',
  'list',
  'map',
  'null_type',
  'type',
]);

function compileName(name: string, locals: readonly string[]): Program {
  const depth = locals.lastIndexOf(name);
  if (depth >= 0) return ({ locals: values }) => values[depth] ?? null;
  const missing: Result = TYPES.has(name) ? { type: 'type', name } : unsupported(`${name} is not known`);
  return ({ variable }) => orElse(variable(name), missing);
}

/** `variables` of a policy are expressions of their own, and run when they are first asked for. */
function compileSelection({ operand, field, testOnly }: Kind<'selectExpr'>, locals: readonly string[]): Program {
  const isVariable = nameOf(operand) === 'variables' && !locals.includes('variables');
  if (isVariable)
    return ({ variable }) => orElse(variable(`variables.${field}`), unsupported(`variables.${field} is not known`));
  const target = compile(operand, locals);
  const read = testOnly ? isPresent : select;
  return (scope) => {
    const value = target(scope);
    return isFault(value) ? value : read(value, field);
  };
}

function select(value: Value, field: string): Result {
  if (isMap(value)) return valueAt(value, field);
  if (typeOf(value) === 'optional_type') return optionally(value, field);
  return failed(`no such overload: a field of ${typeOf(value)}`);
}

function isPresent(value: Value, field: string): Result {
  if (typeOf(value) === 'optional_type') {
    const found = optionally(value, field);
    return isFault(found) ? found : !equals(found, { type: 'optional_type', value: undefined }, { left: 1_000_000 });
  }
  if (!isMap(value)) return failed(`no such overload: has() on ${typeOf(value)}`);
  const found = value.get(field);
  if (found === undefined) return false;
  return isUnknown(found) ? unsupported(`${found.what} is not known`) : true;
}

function compileList({ elements, optionalIndices }: Kind<'listExpr'>, locals: readonly string[]): Program {
  if (optionalIndices.length > 0) return always(unsupported('optional items are not supported'));
  const items = elements.map((element) => compile(element, locals));
  return (scope) => {
    const values: Value[] = [];
    for (const item of items) {
      const value = item(scope);
      if (isFault(value)) return value;
      values.push(value);
    }
    return values;
  };
}

function compileMap({ entries, messageName }: Kind<'structExpr'>, locals: readonly string[]): Program {
  if (messageName !== '') return always(unsupported(`the type ${messageName} is not known`));
  const pairs = entries.map(({ keyKind, value }) => ({
    key: compile(keyKind.case === 'mapKey' ? keyKind.value : undefined, locals),
    value: compile(value, locals),
  }));
  return (scope) => {
    const map = new Map<MapKey, Value>();
    for (const pair of pairs) {
      const [key, value] = [pair.key(scope), pair.value(scope)];
      if (isFault(key)) return key;
      if (isFault(value)) return value;
      if (typeof key !== 'string' && typeof key !== 'bigint' && typeof key !== 'boolean')
        return failed(`no such overload: a key that is a ${typeOf(key)}`);
      if (map.has(key)) return failed(`the key ${key} is there twice`);
      map.set(key, value);
    }
    return map;
  };
}
