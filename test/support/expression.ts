/** What `${{ … }}` may refer to: `github.sha`, `secrets.TOKEN`, `steps.bump.outputs.revision`. */
export type Values = Readonly<Record<string, unknown>>;

/** How the job stands where an `if:` is asked. */
export interface Status {
  readonly failed: boolean;
}

type Token = string;

/**
 * The part of GitHub's expressions that the examples use: names, texts, `!`, `==`, `!=`, `&&`, `||` and the four functions
 * of status (https://docs.github.com/en/actions/reference/workflows-and-actions/expressions). Anything else throws, and so
 * does a name whose first two parts are not in the table: a test must not pass because a value was forgotten.
 */
export function evaluate(text: string, values: Values, { failed }: Status = { failed: false }): unknown {
  const tokens: Token[] = text.match(/'[^']*'|[\w.-]+\(\)|[\w.-]+|&&|\|\||[!=]=|[!()]|\S/g) ?? [];
  const next = (): Token => tokens.shift() ?? '';
  const functions: Values = { 'always()': true, 'cancelled()': false, 'success()': !failed, 'failure()': failed };
  const unary = (): unknown => {
    const token = next();
    if (token === '!') return !unary();
    if (token === '(') {
      const inner = either();
      next();
      return inner;
    }
    if (token.startsWith("'")) return token.slice(1, -1);
    if (Object.hasOwn(functions, token)) return functions[token];
    if (/^[a-z][\w.-]*$/i.test(token)) return lookUp(token, values);
    throw new Error(`cannot read ${token} in ${text}`);
  };
  const compared = (): unknown => {
    const left = unary();
    if (tokens[0] !== '==' && tokens[0] !== '!=') return left;
    return (next() === '==') === (left === unary());
  };
  const both = (): unknown => {
    let value = compared();
    while (tokens[0] === '&&') {
      next();
      const right = compared();
      value = value && right;
    }
    return value;
  };
  const either = (): unknown => {
    let value = both();
    while (tokens[0] === '||') {
      next();
      const right = both();
      value = value || right;
    }
    return value;
  };
  const value = either();
  if (tokens.length > 0) throw new Error(`cannot read ${tokens.join(' ')} in ${text}`);
  return value;
}

function lookUp(name: string, values: Values): unknown {
  const parts = name.split('.');
  let value: unknown = values;
  for (const [index, part] of parts.entries()) {
    const isKnown = typeof value === 'object' && value !== null && Object.hasOwn(value, part);
    if (!isKnown && index < 2) throw new Error(`${name} has no value`);
    value = isKnown ? (value as Values)[part] : '';
  }
  return value;
}

/** A text with all of its expressions replaced. */
export function interpolate(text: string, values: Values): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/g, (_, expression: string) => String(evaluate(expression, values) ?? ''));
}

/** An `if:`, with or without the braces. Without a function of status, it holds only while nothing has failed. */
export function holds(condition: string | undefined, values: Values, status: Status): boolean {
  if (condition === undefined) return !status.failed;
  const bare = condition.trim().replace(/^\$\{\{(.*)\}\}$/s, '$1');
  const asksStatus = /\b(always|cancelled|success|failure)\(\)/.test(bare);
  return Boolean(evaluate(bare, values, status)) && (asksStatus || !status.failed);
}
