import { ToolError } from '../errors.ts';
import type { Host } from '../host.ts';
import { type KindRow, type Pack, readPack } from './pack.ts';
import type { Shape } from './shape.ts';

/** What is known of one kind in one version of the cluster. */
export interface KindSchema {
  readonly shape: Shape;
  readonly plural: string;
  readonly namespaced: boolean;
  definition(name: string): Shape | undefined;
}

export interface ServedKind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** A place that schemas come from: the pack of Kubernetes itself, packs or folders of custom resources. */
export interface SchemaSource {
  find(apiVersion: string, kind: string, version: string): KindSchema | undefined;
  /** All kinds that it has for this Kubernetes version. */
  kinds(version: string): readonly ServedKind[];
}

export interface Schemas {
  /** Kubernetes minors to check against, such as `1.34`; at least one. */
  readonly versions: readonly string[];
  /** All that are bundled, oldest first. */
  readonly known: readonly string[];
  /** The first source that has the kind answers. */
  find(apiVersion: string, kind: string, version: string): KindSchema | undefined;
  kinds(version: string): readonly ServedKind[];
  /** The bundled minors that serve the kind, oldest first. */
  servedIn(apiVersion: string, kind: string): readonly string[];
  /** True where Kubernetes itself owns the group in some bundled minor, so that no custom resource can be meant. */
  isBuiltInGroup(group: string): boolean;
}

const PACK = 'packs/kubernetes.pack';

/**
 * The schemas of the bundled Kubernetes minors. `versions` are minors or full versions (`1.34`, `v1.34.2`, several in one
 * entry with commas); without any, the newest bundled one.
 * @throws ToolError input for a version that is not bundled, with those that are.
 */
export async function loadSchemas(host: Host, versions: readonly string[] | undefined): Promise<Schemas> {
  return createSchemas(readPack(await host.asset(PACK)), versions, []);
}

/** As `loadSchemas`, from a pack at hand; `sources` are asked before it. */
export function createSchemas(
  pack: Pack,
  versions: readonly string[] | undefined,
  sources: readonly SchemaSource[],
): Schemas {
  const known = pack.index.versions;
  const builtIn = packSource(pack, 'kubernetes');
  const groups = new Set(rowsOf(pack, 'kubernetes').map(([apiVersion]) => groupOf(apiVersion)));
  const all = [...sources, builtIn];
  return {
    versions: wantedVersions(versions ?? [], known),
    known,
    find: (apiVersion, kind, version) => firstOf(all, (source) => source.find(apiVersion, kind, version)),
    kinds: (version) => all.flatMap((source) => source.kinds(version)),
    servedIn: (apiVersion, kind) => known.filter((version) => builtIn.find(apiVersion, kind, version) !== undefined),
    isBuiltInGroup: (group) => groups.has(group),
  };
}

/** One block of a pack as a source. A pack without versions answers the same for all. */
export function packSource(pack: Pack, block: string): SchemaSource {
  const rows = rowsOf(pack, block);
  const byKey = rowsByKey(rows);
  const indexOf = (version: string) => Math.max(0, pack.index.versions.indexOf(version));
  return {
    find(apiVersion, kind, version) {
      const index = indexOf(version);
      const row = byKey.get(`${apiVersion}/${kind}`)?.find((candidate) => isServed(candidate, index));
      const opened = row === undefined ? undefined : pack.block(block);
      const shape = row === undefined ? undefined : opened?.definition(row[2], index);
      if (row === undefined || opened === undefined || shape === undefined) return undefined;
      return { shape, plural: row[3], namespaced: row[4] === 1, definition: (name) => opened.definition(name, index) };
    },
    kinds: (version) =>
      rows.filter((row) => isServed(row, indexOf(version))).map(([apiVersion, kind]) => ({ apiVersion, kind })),
  };
}

function rowsByKey(rows: readonly KindRow[]): ReadonlyMap<string, readonly KindRow[]> {
  const byKey = new Map<string, KindRow[]>();
  for (const row of rows) {
    const key = `${row[0]}/${row[1]}`;
    byKey.set(key, [...(byKey.get(key) ?? []), row]);
  }
  return byKey;
}

function rowsOf(pack: Pack, block: string): readonly KindRow[] {
  return pack.index.blocks[block]?.kinds ?? [];
}

function isServed(row: KindRow, index: number): boolean {
  return row[5] <= index && (row[6] === -1 || index < row[6]);
}

function firstOf<T, R>(items: readonly T[], ask: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const answer = ask(item);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

function wantedVersions(versions: readonly string[], known: readonly string[]): readonly string[] {
  const asked = versions.flatMap((entry) => entry.split(/[\s,]+/)).filter((entry) => entry !== '');
  if (asked.length === 0) return known.slice(-1);
  const minors = asked.map((entry) => /^v?(\d+\.\d+)(\.\d+)?([-+].*)?$/.exec(entry)?.[1] ?? entry);
  const unknown = asked.filter((_, index) => !known.includes(minors[index] ?? ''));
  if (unknown.length > 0) {
    throw new ToolError('input', `No schemas of Kubernetes ${unknown.join(', ')} are bundled.`, {
      hint: `Choose among ${known.join(', ')}.`,
      problems: unknown.map((entry) => `kubernetes-version: ${entry} is not bundled`),
    });
  }
  return [...new Set(minors)];
}

/** `apps` of `apps/v1`; `''` for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}
