import type { Host } from '../host.ts';
import { isObject } from './scalars.ts';
import type { SchemaCache } from './schema-cache.ts';
import { type JsonSchemaKind, type RefusedSchema, readJsonSchema } from './schema-json.ts';
import { type KindName, renderTemplate, type SchemaLocation } from './schema-location.ts';

/** Asks the locations in their order for one kind; undefined where none has it. */
export type AskLocations = (name: KindName) => Promise<JsonSchemaKind | undefined>;

/** After so many failures in a row a location is not asked again in this run. */
const MOST_FAILURES = 3;
const MOST_REDIRECTS = 5;
const TIMEOUT = 20_000;

interface Asked {
  readonly location: SchemaLocation;
  failures: number;
}

/**
 * Schemas come one after the other from each location, until one has the kind. A location that fails (429, 5xx, no
 * connection, no JSON) is warned of and passed over: a catalog that is down must not stop a delivery.
 */
export function createAsker(host: Host, locations: readonly SchemaLocation[], cache: SchemaCache): AskLocations {
  const all: readonly Asked[] = locations.map((location) => ({ location, failures: 0 }));
  return async (name) => {
    for (const asked of all) {
      const found = await askLocation(host, asked, name, cache);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

async function askLocation(
  host: Host,
  asked: Asked,
  name: KindName,
  cache: SchemaCache,
): Promise<JsonSchemaKind | undefined> {
  const { location } = asked;
  for (const template of location.templates) {
    if (asked.failures >= MOST_FAILURES) return undefined;
    const place = renderTemplate(template, name, location.kind);
    const text = location.kind === 'url' ? await readUrl(host, asked, place, cache) : await readPath(host, place);
    const schema = text === undefined ? undefined : readText(host, text, place);
    if (schema !== undefined) return schema;
  }
  return undefined;
}

async function readPath(host: Host, path: string): Promise<string | undefined> {
  const bytes = await host.files.read(path);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

async function readUrl(host: Host, asked: Asked, url: string, cache: SchemaCache): Promise<string | undefined> {
  const cached = await cache.get(url);
  if (cached !== undefined) return cached.kind === 'schema' ? cached.text : undefined;
  const answer = await download(host, url, MOST_REDIRECTS);
  if (answer.kind === 'failed') {
    asked.failures++;
    warn(host, asked, url, answer.reason);
    return undefined;
  }
  asked.failures = 0;
  await cache.put(url, answer);
  return answer.kind === 'schema' ? answer.text : undefined;
}

function warn(host: Host, { failures, location }: Asked, url: string, reason: string): void {
  host.log.warning(`No schema from ${url}: ${reason}.`);
  if (failures >= MOST_FAILURES)
    host.log.warning(`${location.text} has failed ${failures} times and is not asked again.`);
}

type Answer =
  | { readonly kind: 'schema'; readonly text: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly reason: string };

async function download(host: Host, url: string, redirects: number): Promise<Answer> {
  try {
    const { status, headers, body } = await host.http.send({
      method: 'GET',
      url,
      timeout: TIMEOUT,
      signal: host.signal,
    });
    if (status === 200) return { kind: 'schema', text: new TextDecoder().decode(body) };
    if (status === 404 || status === 410) return { kind: 'none' };
    const next = status >= 300 && status < 400 ? headers.location : undefined;
    if (next === undefined || redirects === 0) return { kind: 'failed', reason: `the server answered ${status}` };
    return await download(host, new URL(next, url).href, redirects - 1);
  } catch (error) {
    host.signal.throwIfAborted();
    return { kind: 'failed', reason: error instanceof Error ? error.message.replace(/\.$/, '') : String(error) };
  }
}

const MOST_REASONS = 3;

/** The location stays in use: what else it has may be whole. */
function refusal(place: string, reasons: readonly string[]): string {
  const others = reasons.length - MOST_REASONS;
  const shown = [...reasons.slice(0, MOST_REASONS), ...(others > 0 ? [`and ${others} more like it`] : [])].join(', ');
  return `${place} is not used, because ${shown}. A schema must hold all that it refers to.`;
}

function readText(host: Host, text: string, place: string): JsonSchemaKind | undefined {
  const read = parsed(text);
  if (read !== undefined && !('refused' in read)) return read;
  host.log.warning(read === undefined ? `${place} holds no JSON Schema.` : refusal(place, read.refused));
  return undefined;
}

function parsed(text: string): JsonSchemaKind | RefusedSchema | undefined {
  try {
    const document: unknown = JSON.parse(text);
    return isObject(document) ? readJsonSchema(document) : undefined;
  } catch {
    return undefined;
  }
}
