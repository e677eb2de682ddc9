/**
 * Writes test/support/github-openapi.json: what GitHub's own descriptions of its API (@octokit/openapi, and the introspection
 * of @octokit/graphql-schema, both MIT) say about the few calls that are made, without the prose. Requests and the answers of
 * the stand-in are held against it.
 *   node scripts/prune-github-openapi.ts api.github.com.json schema.json LICENSE... && npm run format
 */
import { readFile, writeFile } from 'node:fs/promises';
import { pruneGraphql } from './prune/graphql.ts';
import { pruneOperation } from './prune/openapi.ts';
import { GRAPHQL_FIELDS, OPERATIONS } from './prune/used.ts';

const TARGET = 'test/support/github-openapi.json';

const [rest = '', graphql = '', ...licences] = process.argv.slice(2);
const openapi = JSON.parse(await readFile(rest, 'utf8'));
const introspection = JSON.parse(await readFile(graphql, 'utf8'));
const pruned = {
  licences: await Promise.all(licences.map(async (path) => (await readFile(path, 'utf8')).trim())),
  operations: OPERATIONS.map((used) => pruneOperation(openapi, used)),
  ...pruneGraphql(introspection, GRAPHQL_FIELDS),
};
await writeFile(TARGET, `${JSON.stringify(pruned, null, 2)}\n`);
