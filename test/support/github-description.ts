import { readFileSync } from 'node:fs';
import { type Field, type GraphqlField, parseOperation } from './graphql-query.ts';
import { type Schema, violations } from './json-schema.ts';

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly query: Schema;
  readonly body?: Schema;
  readonly bodyRequired: boolean;
  /** By status. */
  readonly answers: Readonly<Record<string, Schema>>;
}

interface Description {
  readonly operations: readonly Operation[];
  readonly fields: Readonly<Record<string, Readonly<Record<string, GraphqlField>>>>;
  readonly $defs: Schema;
}

/** What GitHub itself says about its API; made by scripts/prune-github-openapi.ts, with its licences inside. */
const DESCRIPTION: Description = JSON.parse(
  readFileSync(new URL('./github-openapi.json', import.meta.url), 'utf8'),
) as Description;

export interface Exchange {
  readonly method: string;
  /** `/repos/acme/config/pulls?state=open` */
  readonly target: string;
  /** Undefined for none. */
  readonly body: unknown;
}

/** How a request breaks GitHub's description. */
export function requestProblems({ method, target, body }: Exchange): readonly string[] {
  const url = new URL(target, 'http://api/');
  const name = `${method} ${url.pathname}`;
  const operation = operationFor(method, url.pathname);
  if (operation === undefined) return [`${name}: GitHub describes no such call`];
  const query = violations(operation.query, queryOf(operation.query, url.searchParams), 'query');
  return [...query, ...bodyProblems(operation, body)].map((problem) => `${name}: ${problem}`);
}

/** How an answer of success breaks it: what is missing, of another type, or unknown. */
export function answerProblems({ method, target }: Exchange, status: number, json: unknown): readonly string[] {
  const { pathname } = new URL(target, 'http://api/');
  const operation = operationFor(method, pathname);
  if (status >= 300 || operation === undefined) return [];
  const schema = operation.answers[status];
  const problems = schema === undefined ? [`GitHub never answers ${status}`] : violations(schema, json, 'answer');
  return problems.map((problem) => `${method} ${pathname}: ${problem}`);
}

function operationFor(method: string, pathname: string): Operation | undefined {
  const parts = pathname.split('/');
  return DESCRIPTION.operations.find((one) => {
    const pattern = one.path.split('/');
    const fits = pattern.every((part, index) => part.startsWith('{') || part === parts[index]);
    return one.method === method && fits && pattern.length === parts.length;
  });
}

/** A query holds text only; numbers are told by the description. */
function queryOf({ properties = {} }: Schema, query: URLSearchParams): Readonly<Record<string, unknown>> {
  const known = properties as Readonly<Record<string, Schema>>;
  return Object.fromEntries(
    [...query].map(([name, value]) => [name, known[name]?.type === 'integer' ? Number(value) : value]),
  );
}

function bodyProblems({ body: schema, bodyRequired }: Operation, body: unknown): readonly string[] {
  if (body === undefined) return bodyRequired ? ['the body is missing'] : [];
  return schema === undefined ? ['it takes no body'] : violations(schema, body, 'body');
}

/** How a GraphQL request breaks the public schema: fields, arguments, and the variables that they are given. */
export function graphqlProblems(query: string, variables: Readonly<Record<string, unknown>>): readonly string[] {
  const { kind, selected } = parseOperation(query);
  return selected.flatMap((field) => fieldProblems(kind === 'mutation' ? 'Mutation' : 'Query', field, variables));
}

function fieldProblems(type: string, field: Field, variables: Readonly<Record<string, unknown>>): readonly string[] {
  const known = DESCRIPTION.fields[type]?.[field.name];
  if (known === undefined) return [`${type} has no field ${field.name}`];
  const given = Object.entries(field.args);
  const missing = known.required.filter((name) => !(name in field.args));
  const own = given.flatMap(([name, variable]) => {
    const schema = known.args[name];
    if (schema === undefined) return [`${field.name} has no argument ${name}`];
    return violations(schema, variables[variable], variable, { $defs: DESCRIPTION.$defs });
  });
  const needsMore = (known.type === undefined) !== (field.selected.length === 0);
  return [
    ...missing.map((name) => `${field.name} lacks the argument ${name}`),
    ...own,
    ...(needsMore ? [`${field.name} is selected in a wrong way`] : []),
    ...field.selected.flatMap((below) => fieldProblems(known.type ?? '', below, variables)),
  ];
}

/** How the data of an answer is not what was selected. */
export function graphqlAnswerProblems(query: string, data: unknown): readonly string[] {
  const { kind, selected } = parseOperation(query);
  return dataProblems(kind === 'mutation' ? 'Mutation' : 'Query', selected, data, 'data');
}

function dataProblems(type: string, selected: readonly Field[], data: unknown, at: string): readonly string[] {
  const object = Object(data) as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(object).filter((name) => !selected.some(({ alias }) => alias === name));
  const wrong = selected.flatMap(({ alias, name, selected: below }) => {
    const known = DESCRIPTION.fields[type]?.[name];
    const value = object[alias];
    if (value === null || value === undefined) {
      return known?.nullable === true && value === null ? [] : [`${at} lacks ${alias}`];
    }
    return known?.type === undefined ? [] : dataProblems(known.type, below, value, `${at}.${alias}`);
  });
  return [...unknown.map((name) => `${at} has ${name}, which was not selected`), ...wrong];
}
