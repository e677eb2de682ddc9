/** The part of JSON Schema 2020-12 that our own schemas use. An unknown keyword is an error of the test, not ignored. */
export interface Schema {
  readonly [keyword: string]: unknown;
}

const ANNOTATIONS = new Set(['$schema', '$defs', 'title', 'description']);

type Check = (expected: unknown, value: unknown, at: string, root: Schema, schema: Schema) => readonly string[];

/** Every way in which the value breaks the schema, each with its JSON path; empty for a valid one. */
export function violations(schema: Schema, value: unknown, at = '$', root: Schema = schema): readonly string[] {
  return Object.entries(schema)
    .filter(([keyword]) => !ANNOTATIONS.has(keyword))
    .flatMap(([keyword, expected]) => {
      const check = CHECKS[keyword];
      if (check === undefined) throw new Error(`the schema uses the keyword ${keyword}, which this validator lacks`);
      return check(expected, value, at, root, schema);
    });
}

const CHECKS: Readonly<Record<string, Check>> = {
  type: (expected, value, at) => {
    const wanted = Array.isArray(expected) ? expected : [expected];
    return wanted.some((type) => isOfType(String(type), value)) ? [] : [`${at} is not ${wanted.join(' or ')}`];
  },
  const: (expected, value, at) => (value === expected ? [] : [`${at} is not ${String(expected)}`]),
  enum: (expected, value, at) => ((expected as unknown[]).includes(value) ? [] : [`${at} is none of the choices`]),
  anyOf: (expected, value, at, root) => {
    const all = (expected as Schema[]).map((schema) => violations(schema, value, at, root));
    return all.some(({ length }) => length === 0)
      ? []
      : [`${at} fits none of: ${all.map((one) => one.join(', ')).join('; ')}`];
  },
  minItems: (expected, value, at) =>
    !Array.isArray(value) || value.length >= Number(expected) ? [] : [`${at} has too few entries`],
  minimum: (expected, value, at) =>
    typeof value !== 'number' || value >= Number(expected) ? [] : [`${at} is too small`],
  maximum: (expected, value, at) =>
    typeof value !== 'number' || value <= Number(expected) ? [] : [`${at} is too big`],
  required: (expected, value, at) =>
    isObject(value) ? (expected as string[]).filter((key) => !(key in value)).map((key) => `${at} lacks ${key}`) : [],
  properties: (expected, value, at, root) =>
    isObject(value)
      ? Object.entries(expected as Record<string, Schema>)
          .filter(([key]) => key in value)
          .flatMap(([key, schema]) => violations(schema, value[key], `${at}.${key}`, root))
      : [],
  additionalProperties: (expected, value, at, root, schema) => {
    if (!isObject(value)) return [];
    const known = Object.keys((schema.properties ?? {}) as object);
    const others = Object.keys(value).filter((key) => !known.includes(key));
    if (expected === false) return others.map((key) => `${at} has the unknown property ${key}`);
    return others.flatMap((key) => violations(expected as Schema, value[key], `${at}.${key}`, root));
  },
  items: (expected, value, at, root) =>
    Array.isArray(value)
      ? value.flatMap((item, index) => violations(expected as Schema, item, `${at}[${index}]`, root))
      : [],
  $ref: (expected, value, at, root) => {
    const name = String(expected).replace('#/$defs/', '');
    const target = (root.$defs as Record<string, Schema>)[name];
    if (target === undefined) throw new Error(`the schema refers to ${String(expected)}, which is not there`);
    return violations(target, value, at, root);
  },
};

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOfType(type: string, value: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'object') return isObject(value);
  if (type === 'array') return Array.isArray(value);
  return type === 'null' ? value === null : typeof value === type;
}
