import type { Host } from '../host.ts';
import { createSchemaCache } from './schema-cache.ts';
import { type AskLocations, createAsker } from './schema-fetch.ts';
import type { JsonSchemaKind } from './schema-json.ts';
import type { OccurringKind } from './schema-kinds.ts';
import type { SchemaLocation } from './schema-location.ts';
import type { Definitions, KindSchema, SchemaSource, Schemas, SourceMaker } from './schemas.ts';

/**
 * What the locations have of the kinds, in each version that is checked against.
 * @throws ToolError input for a location that cannot be used; io
 */
export async function askForSchemas(
  host: Host,
  locations: readonly SchemaLocation[],
  kinds: readonly OccurringKind[],
  schemas: Schemas,
): Promise<SourceMaker> {
  const found = await askAll(createAsker(host, locations, createSchemaCache(host)), kinds, schemas.versions);
  return (definitions) => foundSource(found, schemas, definitions);
}

const AT_ONCE = 8;

type Found = ReadonlyMap<string, JsonSchemaKind>;

async function askAll(ask: AskLocations, kinds: readonly OccurringKind[], versions: readonly string[]): Promise<Found> {
  const found = new Map<string, JsonSchemaKind>();
  const pending = kinds.flatMap((kind) => versions.map((version) => ({ ...kind, version }))).values();
  const work = async () => {
    for (const name of pending) {
      const schema = await ask(name);
      if (schema !== undefined) found.set(keyOf(name.apiVersion, name.kind, name.version), schema);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found;
}

function keyOf(apiVersion: string, kind: string, version: string): string {
  return `${version} ${apiVersion} ${kind}`;
}

/** A JSON Schema does not tell plural and scope; where the bundled pack knows the kind, it does. */
function foundSource(found: Found, { bundled }: Schemas, definitions: Definitions): SchemaSource {
  return {
    find(apiVersion, kind, version): KindSchema | undefined {
      const schema = found.get(keyOf(apiVersion, kind, version));
      if (schema === undefined) return undefined;
      const known = bundled(apiVersion, kind, version)?.schema;
      return {
        shape: schema.shape,
        plural: known?.plural ?? `${kind.toLowerCase()}s`,
        namespaced: known?.namespaced ?? true,
        definition: (name) => definitions(name, version),
        custom: { served: true, rules: () => schema.rules },
      };
    },
    kinds: () => [],
  };
}
