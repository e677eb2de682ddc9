import { rootShape } from './crd-kinds.ts';
import { type RuleNode, ruleNode } from './crd-rules.ts';
import { isObject } from './scalars.ts';
import type { Shape } from './shape.ts';

type Json = Readonly<Record<string, unknown>>;

/** What a file of JSON Schema says of one kind. */
export interface JsonSchemaKind {
  readonly shape: Shape;
  readonly rules: RuleNode | undefined;
}

/** Why a file of JSON Schema cannot be used: ends of sentences. */
export interface RefusedSchema {
  readonly refused: readonly string[];
}

/**
 * A JSON Schema of a kind, as catalogs publish it, read as the structural schema that it was made from: objects are open
 * unless `additionalProperties: false` closes them, `null` among the types means nullable, and a choice of integer and
 * string is int-or-string. References within the file are followed. One that leads anywhere else, or nowhere, would let
 * everything pass that it stands for: the file is refused.
 */
export function readJsonSchema(document: Json): JsonSchemaKind | RefusedSchema {
  const problems = new Set<string>();
  const structural = structuralOf(document, { root: document, open: new Set(), done: new Map(), problems });
  if (problems.size > 0) return { refused: [...problems] };
  return { shape: rootShape(structural, true), rules: ruleNode(structural) };
}

interface Reading {
  readonly root: Json;
  /** References that are being followed: what contains itself takes anything inside of itself. */
  readonly open: Set<string>;
  readonly done: Map<string, Json>;
  readonly problems: Set<string>;
}

const ANYTHING: Json = { 'x-kubernetes-preserve-unknown-fields': true };

function structuralOf(schema: unknown, reading: Reading): Json {
  if (!isObject(schema)) return ANYTHING;
  const reference = referenceOf(schema);
  if (reference !== undefined) return followed(reference, reading);
  const types = typesOf(schema);
  const plain = types.filter((type) => type !== 'null');
  return {
    ...schema,
    ...typeOf(schema, plain),
    ...(types.includes('null') ? { nullable: true } : {}),
    ...(schema.const === undefined ? {} : { enum: [schema.const] }),
    ...partsOf(schema, reading),
  };
}

/** `allOf` with a single reference is how descriptions were put beside one. */
function referenceOf({ $ref, allOf }: Json): string | undefined {
  if (typeof $ref === 'string') return $ref;
  const only = Array.isArray(allOf) && allOf.length === 1 ? (allOf[0] as unknown) : undefined;
  return isObject(only) && typeof only.$ref === 'string' ? only.$ref : undefined;
}

function followed(reference: string, reading: Reading): Json {
  const known = reading.done.get(reference);
  if (known !== undefined) return known;
  if (reading.open.has(reference)) return ANYTHING;
  const problem = problemOf(reference, reading.root);
  if (problem !== undefined) {
    reading.problems.add(problem);
    return ANYTHING;
  }
  reading.open.add(reference);
  const found = structuralOf(targetOf(reference, reading.root), reading);
  reading.open.delete(reference);
  reading.done.set(reference, found);
  return found;
}

function problemOf(reference: string, root: Json): string | undefined {
  if (!reference.startsWith('#')) return `$ref ${shortened(reference)} leads out of the file`;
  const passed = new Set<string>();
  for (let next: string | undefined = reference; next?.startsWith('#'); ) {
    if (passed.has(next)) return `$ref ${shortened(reference)} leads back to itself`;
    passed.add(next);
    const target = targetOf(next, root);
    if (!isObject(target)) return `$ref ${shortened(next)} leads nowhere`;
    next = referenceOf(target);
  }
  return undefined;
}

const SHOWN = 200;

function shortened(reference: string): string {
  return reference.length <= SHOWN ? reference : `${reference.slice(0, SHOWN)}...`;
}

/** https://www.rfc-editor.org/rfc/rfc6901#section-6 */
function targetOf(reference: string, root: Json): unknown {
  if (reference === '#') return root;
  if (!reference.startsWith('#/')) return undefined;
  const steps = reference
    .slice(2)
    .split('/')
    .map((step) => decoded(step).replaceAll('~1', '/').replaceAll('~0', '~'));
  return steps.reduce<unknown>((at, step) => (isObject(at) && Object.hasOwn(at, step) ? at[step] : undefined), root);
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

function typesOf({ type }: Json): readonly unknown[] {
  return Array.isArray(type) ? type : type === undefined ? [] : [type];
}

function typeOf(schema: Json, types: readonly unknown[]): Json {
  if (isIntOrString(schema, types)) {
    return { type: undefined, oneOf: undefined, anyOf: undefined, 'x-kubernetes-int-or-string': true };
  }
  if (types.length > 1) return { ...ANYTHING, type: undefined };
  return { type: types[0] };
}

function isIntOrString(schema: Json, types: readonly unknown[]): boolean {
  if (schema['x-kubernetes-int-or-string'] === true || schema.format === 'int-or-string') return true;
  const choice = [schema.oneOf, schema.anyOf].find(Array.isArray) as readonly unknown[] | undefined;
  const named =
    choice?.map((part) => (isObject(part) ? typesOf(part).find((type) => type !== 'null') : undefined)) ?? types;
  return named.length === 2 && named.includes('string') && (named.includes('integer') || named.includes('number'));
}

function partsOf(schema: Json, reading: Reading): Json {
  const values = schema.additionalProperties;
  return {
    ...(isObject(schema.properties) ? { properties: propertiesOf(schema.properties, reading) } : {}),
    ...(isObject(schema.items) ? { items: structuralOf(schema.items, reading) } : {}),
    ...(isObject(values) ? { additionalProperties: structuralOf(values, reading) } : {}),
    ...(values === undefined || values === true ? ANYTHING : {}),
    ...junctorsOf(schema, reading),
  };
}

/** Conditions stay as they are but for the references in them. */
function junctorsOf(schema: Json, reading: Reading): Json {
  const resolved = (part: unknown) => (refers(part) ? structuralOf(part, reading) : part);
  const lists = ['allOf', 'anyOf', 'oneOf'].flatMap((name) => {
    const parts = schema[name];
    return Array.isArray(parts) ? [[name, parts.map(resolved)] as const] : [];
  });
  return { ...Object.fromEntries(lists), ...(isObject(schema.not) ? { not: resolved(schema.not) } : {}) };
}

function refers(part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return false;
  return Object.hasOwn(part, '$ref') || Object.values(part).some(refers);
}

function propertiesOf(properties: Json, reading: Reading): Json {
  return Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, structuralOf(inner, reading)]));
}
