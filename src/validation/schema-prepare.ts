import { ToolError } from '../errors.ts';
import type { Host } from '../host.ts';
import { LIMITS } from '../manifests/limits.ts';
import { createYamlReader } from '../manifests/read-yaml.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import { crdFilesSource } from './crd-files.ts';
import { occurringKinds } from './schema-kinds.ts';
import { fixedPart, parseLocations } from './schema-location.ts';
import { groupOf, type Schemas } from './schemas.ts';

export interface MoreSchemas {
  /** Files that hold CRDs and are not checked themselves. */
  readonly crds: readonly SourceFile[];
  /** As the input `schema-locations` has them. */
  readonly locations: readonly string[];
  /** What will be checked: only schemas of kinds that occur here are asked for. */
  readonly files: readonly SourceFile[];
}

/**
 * Looks at `schema-locations` without asking any of them for a schema.
 * @throws ToolError input for entries that cannot be used, else missing for what must be on this machine and is not, all at once
 */
export async function checkLocations(host: Host, entries: readonly string[]): Promise<void> {
  const problems: string[] = [];
  for (const { text, kind } of parseLocations(entries)) {
    const { path, isFolder } = fixedPart(text);
    const found = kind === 'url' ? undefined : await host.files.stat(path);
    if (kind === 'folder' && found === undefined) problems.push(`schema-locations: ${path} does not exist`);
    else if (found?.kind === 'file' && isFolder) problems.push(`schema-locations: ${path} is no folder`);
  }
  if (problems.length === 0) return;
  throw new ToolError('missing', `Schemas cannot be read from there, seen from ${host.workingDirectory}.`, {
    problems,
    hint: 'Give a folder, a file or a URL that is there: a catalog that is not would have every object pass unchecked.',
  });
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
  const { askForSchemas } = await import('./schema-ask.ts');
  return withCrds(schemas.preferring(await askForSchemas(host, locations, wanted, schemas)));
}
