import type { CelEngine } from '../cel/engine.ts';
import { isFault, type Result, unsupported, type Value } from '../cel/value.ts';
import type { AdmissionPolicy, Validation } from './admission-types.ts';

/** What the expressions of a policy see of the object and of what is around it. */
export interface AdmissionScope {
  readonly variables: Readonly<Record<string, Value>>;
  /** Messages that are computed from values may be told. */
  readonly open: boolean;
}

export type AdmissionResult =
  | { readonly verdict: 'refused'; readonly message: string }
  | { readonly verdict: 'not-evaluated'; readonly expression: string; readonly message: string };

/**
 * Runs one policy on one object, with one parameter object or none
 * (https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/). Nothing comes back where the object
 * passes.
 */
export function runPolicy(policy: AdmissionPolicy, scope: AdmissionScope, cel: CelEngine): readonly AdmissionResult[] {
  const plain = variableOf(scope.variables);
  for (const { name, expression } of policy.conditions) {
    const result = cel.compile(expression).run(plain);
    if (result === true) continue;
    if (!isFault(result)) return [];
    if (result.kind === 'unsupported') return [{ verdict: 'not-evaluated', expression, message: result.message }];
    return policy.failurePolicy === 'Ignore'
      ? []
      : [refused(`the match condition ${name} fails${scope.open ? ` (${result.message})` : ''}`)];
  }
  const variable = withVariables(policy, plain, cel);
  return policy.validations.flatMap((validation) => runValidation(policy, validation, variable, cel, scope.open));
}

type Variable = (name: string) => Result | undefined;

function variableOf(variables: AdmissionScope['variables']): Variable {
  return (name) => {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    const isUnknown = typeof value === 'object' && value !== null && 'type' in value && value.type === 'unknown';
    return isUnknown ? unsupported(`${value.what} is not known`) : value;
  };
}

/** Each variable is computed when it is first asked for, and sees those that stand before it. */
function withVariables(policy: AdmissionPolicy, plain: Variable, cel: CelEngine): Variable {
  const known = new Map<string, Result>();
  const upTo =
    (count: number): Variable =>
    (name) => {
      const wanted = name.startsWith('variables.') ? name.slice('variables.'.length) : undefined;
      if (wanted === undefined) return plain(name);
      const index = policy.variables.slice(0, count).findLastIndex((variable) => variable.name === wanted);
      const expression = policy.variables[index]?.expression;
      if (expression === undefined) return undefined;
      const before = known.get(wanted);
      if (before !== undefined) return before;
      const result = cel.compile(expression).run(upTo(index));
      known.set(wanted, result);
      return result;
    };
  return upTo(policy.variables.length);
}

function runValidation(
  { failurePolicy }: AdmissionPolicy,
  validation: Validation,
  variable: Variable,
  cel: CelEngine,
  open: boolean,
): readonly AdmissionResult[] {
  const { expression } = validation;
  const result = cel.compile(expression).run(variable);
  if (result === true) return [];
  if (isFault(result) && result.kind === 'unsupported')
    return [{ verdict: 'not-evaluated', expression, message: result.message }];
  if (result === false) return [refused(messageOf(validation, variable, cel, open))];
  if (failurePolicy === 'Ignore') return [];
  const reason = isFault(result) ? result.message : 'it is neither true nor false';
  return [refused(`expression '${expression}' resulted in error${open ? `: ${reason}` : ''}`)];
}

function refused(message: string): AdmissionResult {
  return { verdict: 'refused', message };
}

function messageOf(
  { expression, message, messageExpression }: Validation,
  variable: Variable,
  cel: CelEngine,
  open: boolean,
): string {
  const written = messageExpression === undefined || !open ? null : cel.compile(messageExpression).run(variable);
  const isUsable = typeof written === 'string' && written.trim() !== '' && !written.includes('\n');
  return isUsable ? written.trim() : (message ?? `failed expression: ${expression}`);
}
