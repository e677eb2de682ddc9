import { type Json, list, record, text, texts } from '../api/json.ts';

/** Whether labels fulfil a `LabelSelector`; none is fulfilled by nothing. */
export function matches(selector: unknown, labels: Json): boolean {
  const { matchLabels, matchExpressions } = record(selector);
  const pairs = Object.entries(record(matchLabels));
  const expressions = list(matchExpressions).map(record);
  if (pairs.length + expressions.length === 0) return false;
  return pairs.every(([key, value]) => labels[key] === value) && expressions.every((one) => fulfils(one, labels));
}

function fulfils({ key, operator, values }: Json, labels: Json): boolean {
  const value = text(key) === undefined ? undefined : labels[String(key)];
  const isIn = typeof value === 'string' && texts(values).includes(value);
  if (operator === 'In') return isIn;
  if (operator === 'NotIn') return !isIn;
  return operator === 'Exists' ? value !== undefined : operator === 'DoesNotExist' && value === undefined;
}

/** As a query has it: `app=web,tier in (a,b),!canary`. Undefined for one that selects nothing. */
export function printSelector(selector: unknown): string | undefined {
  const { matchLabels, matchExpressions } = record(selector);
  const pairs = Object.entries(record(matchLabels)).map(([key, value]) => `${key}=${String(value)}`);
  const parts = [...pairs, ...list(matchExpressions).map((one) => printExpression(record(one)))];
  return parts.length === 0 ? undefined : parts.join(',');
}

function printExpression({ key, operator, values }: Json): string {
  if (operator === 'Exists') return String(key);
  if (operator === 'DoesNotExist') return `!${String(key)}`;
  return `${String(key)} ${operator === 'In' ? 'in' : 'notin'} (${texts(values).join(',')})`;
}
