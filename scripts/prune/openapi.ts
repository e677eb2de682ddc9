import type { UsedOperation } from './used.ts';

type Json = Readonly<Record<string, unknown>>;

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Json>>>>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Json;
}

const KEPT = ['type', 'enum', 'required', 'minItems'];
/** Deeper than anything that is sent. */
const DEEPEST = 8;

/** Method, path, the schemas of query and body without unknown names, and those of the answers cut down to what is used. */
export function pruneOperation(description: Description, { method, path, answer }: UsedOperation): Json {
  const operation = description.paths[path]?.[method];
  if (operation === undefined) throw new Error(`there is no ${method} ${path}`);
  const {
    parameters = [],
    requestBody,
    responses,
  } = operation as {
    readonly parameters?: readonly Json[];
    readonly requestBody?: Json;
    readonly responses: Readonly<Record<string, Json>>;
  };
  const known = parameters.map((one) => resolve(description, one) as unknown as Parameter);
  const body = contentOf(requestBody);
  return {
    method: method.toUpperCase(),
    path,
    query: queryOf(description, known),
    ...(body === undefined ? {} : { body: schemaOf(description, body, undefined) }),
    bodyRequired: requestBody?.required === true,
    answers: answersOf(description, responses, answer),
  };
}

function queryOf(description: Description, parameters: readonly Parameter[]): Json {
  const inQuery = parameters.filter((one) => one.in === 'query');
  return {
    type: 'object',
    properties: Object.fromEntries(inQuery.map(({ name, schema }) => [name, schemaOf(description, schema, undefined)])),
    required: inQuery.filter(({ required }) => required === true).map(({ name }) => name),
    additionalProperties: false,
  };
}

function answersOf(description: Description, responses: Readonly<Record<string, Json>>, used: readonly string[]): Json {
  const successes = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  return Object.fromEntries(
    successes.flatMap(([status, response]) => {
      const schema = contentOf(resolve(description, response));
      return schema === undefined ? [] : [[status, schemaOf(description, schema, used)]];
    }),
  );
}

function contentOf(holder: Json | undefined): Json | undefined {
  const { content } = Object(holder) as { readonly content?: Readonly<Record<string, { readonly schema: Json }>> };
  return content?.['application/json']?.schema;
}

/** @param used the properties that are kept; undefined for all */
function schemaOf(description: Description, given: Json, used: readonly string[] | undefined, depth = 0): Json {
  if (depth > DEEPEST) return {};
  const schema = flattened(description, resolve(description, given));
  const kept = Object.fromEntries(Object.entries(schema).filter(([key]) => KEPT.includes(key)));
  const below = (one: Json) => schemaOf(description, one, used, depth + 1);
  const choices = [...list(schema.oneOf), ...list(schema.anyOf)].map(below);
  const whole: Json = {
    ...kept,
    ...(choices.length === 0 ? {} : { anyOf: choices }),
    ...(schema.items === undefined ? {} : { items: below(schema.items as Json) }),
    ...propertiesOf(description, schema, used, depth),
  };
  return schema.nullable === true ? { anyOf: [{ type: 'null' }, whole] } : whole;
}

function propertiesOf(
  description: Description,
  schema: Json,
  used: readonly string[] | undefined,
  depth: number,
): Json {
  const entries = Object.entries(Object(schema.properties) as Readonly<Record<string, Json>>).filter(
    ([name]) => used === undefined || used.some((path) => path === name || path.startsWith(`${name}.`)),
  );
  if (entries.length === 0) return {};
  const names = entries.map(([name]) => name);
  const inside = (name: string) =>
    used?.flatMap((path) => (path.startsWith(`${name}.`) ? [path.slice(name.length + 1)] : []));
  return {
    properties: Object.fromEntries(
      entries.map(([name, one]) => [name, schemaOf(description, one, inside(name), depth + 1)]),
    ),
    required: list(schema.required).filter((name) => names.includes(String(name))),
    additionalProperties: false,
  };
}

/** Parts that all hold become one. */
function flattened(description: Description, schema: Json): Json {
  const parts = list(schema.allOf).map((part) => flattened(description, resolve(description, part as Json)));
  const all = [...parts, schema];
  return {
    ...Object.assign({}, ...all),
    properties: Object.assign({}, ...all.map(({ properties }) => properties)),
    required: all.flatMap(({ required }) => list(required)),
  };
}

function resolve(description: Description, holder: Json): Json {
  if (typeof holder.$ref !== 'string') return holder;
  const parts = holder.$ref.replace('#/', '').split('/');
  return resolve(
    description,
    parts.reduce<Json>((at, part) => at[part] as Json, description as unknown as Json),
  );
}

function list(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
