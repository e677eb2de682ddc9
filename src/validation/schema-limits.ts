import { isObject } from './scalars.ts';
import { isFormat } from './schema-formats.ts';
import { patternTest } from './schema-pattern.ts';
import type { Condition, Limits } from './shape.ts';

export interface LimitOptions {
  /** False: something may be added to the object, so that nothing is missing and nothing too few. */
  readonly complete: boolean;
}

/**
 * What a value breaks, as ends of sentences that begin with its place. A limit on another type than the value's says
 * nothing, as in JSON Schema.
 */
export function limitProblems(limits: Limits, value: unknown, options: LimitOptions): readonly string[] {
  return [...plainProblems(limits, value, options), ...(options.complete ? junctorProblems(limits, value) : [])];
}

function plainProblems(limits: Limits, value: unknown, options: LimitOptions): readonly string[] {
  if (typeof value === 'string') return textProblems(limits, value);
  if (typeof value === 'number' || typeof value === 'bigint') return numberProblems(limits, value);
  if (Array.isArray(value)) return listProblems(limits, value, options);
  return isObject(value) ? objectProblems(limits, value, options) : [];
}

function textProblems({ pattern, format, minLength, maxLength }: Limits, value: string): readonly string[] {
  const problems: string[] = [];
  if (minLength !== undefined && value.length < minLength * 2 && [...value].length < minLength)
    problems.push(minLength === 1 ? 'must not be empty' : `must have at least ${minLength} characters`);
  if (maxLength !== undefined && value.length > maxLength && [...value].length > maxLength)
    problems.push(`must have at most ${characters(maxLength)}`);
  if (pattern !== undefined && patternTest(pattern)?.(value) === false) problems.push(`must match ${pattern}`);
  if (format !== undefined && !isFormat(format, value)) problems.push(`must be of the format ${format}`);
  return problems;
}

function characters(count: number): string {
  return count === 1 ? 'one character' : `${count} characters`;
}

function numberProblems(limits: Limits, exact: number | bigint): readonly string[] {
  const value = Number(exact);
  const { minimum = -Infinity, maximum = Infinity, multipleOf } = limits;
  const problems: string[] = [];
  if (value < minimum) problems.push(`must be at least ${minimum}`);
  else if (limits.exclusiveMinimum === true && value === minimum) problems.push(`must be greater than ${minimum}`);
  if (value > maximum) problems.push(`must be at most ${maximum}`);
  else if (limits.exclusiveMaximum === true && value === maximum) problems.push(`must be less than ${maximum}`);
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf))
    problems.push(`must be a multiple of ${multipleOf}`);
  return problems;
}

function listProblems(limits: Limits, value: readonly unknown[], { complete }: LimitOptions): readonly string[] {
  const { minItems = 0, maxItems = Infinity } = limits;
  const problems: string[] = [];
  if (complete && value.length < minItems) problems.push(`must have at least ${counted(minItems, 'item')}`);
  if (value.length > maxItems) problems.push(`must have at most ${counted(maxItems, 'item')}`);
  if (limits.uniqueItems === true && new Set(value.map((item) => text(item))).size < value.length)
    problems.push('must not have the same item twice');
  return problems;
}

function objectProblems(limits: Limits, value: Json, { complete }: LimitOptions): readonly string[] {
  const { minProperties = 0, maxProperties = Infinity } = limits;
  const count = Object.values(value).filter((inner) => inner !== null).length;
  const problems: string[] = [];
  if (complete && count < minProperties) problems.push(`must have at least ${counted(minProperties, 'field')}`);
  if (count > maxProperties) problems.push(`must have at most ${counted(maxProperties, 'field')}`);
  return problems;
}

type Json = Readonly<Record<string, unknown>>;

function counted(count: number, noun: string): string {
  return count === 1 ? `one ${noun}` : `${count} ${noun}s`;
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? String(inner) : inner)) ?? '';
}

function junctorProblems({ allOf, anyOf, oneOf, not }: Limits, value: unknown): readonly string[] {
  const problems: string[] = (allOf ?? []).flatMap((part) => conditionProblems(part, value));
  if (anyOf !== undefined && !anyOf.some((part) => fulfils(part, value)))
    problems.push(noneFits(anyOf, 'at least one'));
  const fitting = oneOf?.filter((part) => fulfils(part, value)).length;
  if (oneOf !== undefined && fitting === 0) problems.push(noneFits(oneOf, 'exactly one'));
  if (oneOf !== undefined && fitting !== undefined && fitting > 1) problems.push(manyFit(oneOf));
  if (not !== undefined && fulfils(not, value)) problems.push(forbidden(not));
  return problems;
}

/** The parts of `allOf` say best themselves what they miss. */
function conditionProblems(part: Condition, value: unknown): readonly string[] {
  if (fulfils(part, value)) return [];
  const own = limitProblems(part, value, { complete: true });
  const missing = isObject(value) ? (part.required ?? []).filter((name) => !has(value, name)) : [];
  if (missing.length > 0) return [`must have ${missing.join(' and ')}`];
  return own.length > 0 ? own : ['breaks a condition of the schema'];
}

function noneFits(parts: readonly Condition[], many: string): string {
  const names = requiredNames(parts);
  if (names !== undefined) return `must have ${many} of ${names.join(', ')}`;
  return `fits none of the ${parts.length} forms that the schema allows`;
}

function manyFit(parts: readonly Condition[]): string {
  const names = requiredNames(parts);
  if (names !== undefined) return `must have only one of ${names.join(', ')}`;
  return `fits more than one of the ${parts.length} forms of which the schema allows one`;
}

function forbidden({ required, anyOf }: Condition): string {
  if (required !== undefined && required.length > 1) return `must not have ${required.join(' and ')} together`;
  const names = required ?? requiredNames(anyOf ?? []);
  return names === undefined ? 'has a form that the schema forbids' : `must not have ${names.join(' or ')}`;
}

/** `oneOf: [{required: [a]}, {required: [b]}]` is what most unions look like; `not` beside them says "none". */
function requiredNames(parts: readonly Condition[]): readonly string[] | undefined {
  const named = parts.filter((part) => part.not === undefined);
  const names = named.map(({ required }) => required?.join(' with '));
  return names.length > 0 && names.every((name) => name !== undefined) ? names : undefined;
}

function fulfils(condition: Condition, value: unknown): boolean {
  if (condition.type !== undefined && !isOfType(condition.type, value)) return false;
  if (condition.enum !== undefined && !condition.enum.some((allowed) => text(allowed) === text(value))) return false;
  if (isObject(value) && !objectFulfils(condition, value)) return false;
  const { items } = condition;
  if (Array.isArray(value) && items !== undefined && !value.every((item) => fulfils(items, item))) return false;
  return limitProblems(condition, value, { complete: true }).length === 0;
}

function objectFulfils({ required, properties, additionalProperties }: Condition, value: Json): boolean {
  if (required?.some((name) => !has(value, name))) return false;
  const inner = Object.entries(properties ?? {});
  if (inner.some(([name, part]) => !fieldFulfils(part, has(value, name) ? value[name] : part.default))) return false;
  if (additionalProperties === undefined) return true;
  const others = Object.keys(value).filter((name) => !Object.hasOwn(properties ?? {}, name));
  return others.every((name) => fulfils(additionalProperties, value[name]));
}

function fieldFulfils(part: Condition, value: unknown): boolean {
  return value === undefined || fulfils(part, value);
}

/** The server drops what is null before it asks. */
function has(value: Json, name: string): boolean {
  return Object.hasOwn(value, name) && value[name] !== null && value[name] !== undefined;
}

function isOfType(type: string, value: unknown): boolean {
  if (type === 'integer') return typeof value === 'bigint' || Number.isInteger(value);
  if (type === 'number') return typeof value === 'bigint' || typeof value === 'number';
  if (type === 'array') return Array.isArray(value);
  return type === 'object' ? isObject(value) : typeof value === type;
}
