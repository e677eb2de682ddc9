import type { Host } from '../host.ts';
import { LIMITS } from '../manifests/limits.ts';
import { createYamlReader } from '../manifests/read-yaml.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import { crdFilesSource } from './crd-files.ts';
import { createSchemaCache } from './schema-cache.ts';
import { type AskLocations, createAsker } from './schema-fetch.ts';
import type { JsonSchemaKind } from './schema-json.ts';
import { type OccurringKind, occurringKinds } from './schema-kinds.ts';
import { parseLocations } from './schema-location.ts';
import { type Definitions, groupOf, type KindSchema, type SchemaSource, type Schemas } from './schemas.ts';

export interface MoreSchemas {
  /** Files that hold CRDs and are not checked themselves. */
  readonly crds: readonly SourceFile[];
  /** As the input `schema-locations` has them. */
  readonly locations: readonly string[];
  /** What will be checked: only schemas of kinds that occur here are asked for. */
  readonly files: readonly SourceFile[];
}

/**
 * The schemas with those of CRD files and of schema locations before the bundled ones. Nothing is fetched unless a location
 * is a URL; kinds of Kubernetes itself, and those of CRDs among the files, are never asked for.
 * @throws ToolError input for a location that cannot be used; io
 */
export async function withMoreSchemas(host: Host, schemas: Schemas, more: MoreSchemas): Promise<Schemas> {
  const locations = parseLocations(more.locations);
  const fromCrds = crdFilesSource(more.crds, createYamlReader(LIMITS.depth));
  const withCrds = (inner: Schemas) => (more.crds.length === 0 ? inner : inner.preferring(fromCrds));
  if (locations.length === 0) return withCrds(schemas);
  const crds = crdFilesSource([...more.files, ...more.crds], createYamlReader(LIMITS.depth))(() => undefined);
  const wanted = occurringKinds(more.files).filter(({ apiVersion, kind }) => {
    const isAsked = !schemas.isBuiltInGroup(groupOf(apiVersion)) && apiVersion.includes('/');
    return isAsked && crds.find(apiVersion, kind, '') === undefined;
  });
  const ask = createAsker(host, locations, createSchemaCache(host));
  const found = await askAll(ask, wanted, schemas.versions);
  return withCrds(schemas.preferring((definitions) => foundSource(found, schemas, definitions)));
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
