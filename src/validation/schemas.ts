import { ToolError } from '../errors.ts';
import type { Host } from '../host.ts';
import { crdPackSource } from './crd-pack.ts';
import { lenientShape } from './lenient-fields.ts';
import { type KindRow, type Pack, type PackSource, readPack } from './pack.ts';
import {
  type Definitions,
  groupOf,
  type KindSchema,
  type Offer,
  type SchemaSource,
  type ServedKind,
} from './schema-source.ts';

export { type Definitions, groupOf, type KindSchema, type Offer, type SchemaSource, type ServedKind };

export interface Schemas {
  /** Kubernetes minors to check against, such as `1.34`; at least one. */
  readonly versions: readonly string[];
  /** All that are bundled, oldest first. */
  readonly known: readonly string[];
  /** CRDs in files come first, then schema locations, then the bundled packs; what is Kubernetes' own is asked there alone. */
  find(apiVersion: string, kind: string, version: string): KindSchema | undefined;
  kinds(version: string): readonly ServedKind[];
  /** The bundled minors that serve the kind, oldest first. */
  servedIn(apiVersion: string, kind: string): readonly string[];
  /** True where Kubernetes itself owns the group in some bundled minor, so that no custom resource can be meant. */
  isBuiltInGroup(group: string): boolean;
  /** What the CRDs in files serve of a kind; undefined where none is of it. Those of test data decide nothing. */
  offers(group: string, kind: string): Offer | undefined;
  /** What the bundled pack has of a custom kind, whatever comes before it. */
  bundled(apiVersion: string, kind: string, version: string): BundledKind | undefined;
  /** The same schemas, with one more source that is asked before all others, and maybe another that is asked last. */
  preferring(source: SourceMaker, last?: SourceMaker): Schemas;
}

export type SourceMaker = (definitions: Definitions) => SchemaSource;

export interface BundledKind {
  readonly schema: KindSchema;
  readonly source: PackSource | undefined;
}

const PACK = 'packs/kubernetes.pack';
const CRD_PACK = 'packs/crds.pack';

/**
 * The schemas of the bundled Kubernetes minors and custom resources. `versions` are minors or full versions (`1.34`,
 * `v1.34.2`, several in one entry with commas); without any, the newest bundled one.
 * @throws ToolError input for a version that is not bundled, with those that are.
 */
export async function loadSchemas(host: Host, versions: readonly string[] | undefined): Promise<Schemas> {
  const [kubernetes, custom] = await Promise.all([host.asset(PACK), host.asset(CRD_PACK)]);
  return createSchemas(readPack(kubernetes), versions, [], () => readPack(custom));
}

/** As `loadSchemas`, from packs at hand; `sources` are asked before them. */
export function createSchemas(
  pack: Pack,
  versions: readonly string[] | undefined,
  sources: readonly SchemaSource[],
  crds: () => Pack = () => NO_CRDS,
): Schemas {
  const known = pack.index.versions;
  const definitions = definitionsOf(pack);
  const custom = crdPackSource(crds, definitions);
  const builtIn = packSource(pack, 'kubernetes');
  const groups = new Set(rowsOf(pack, 'kubernetes').map(([apiVersion]) => groupOf(apiVersion)));
  const all = (before: readonly SchemaSource[], after: readonly SchemaSource[] = []): Schemas => ({
    versions: wantedVersions(versions ?? [], known),
    known,
    find: remembered((apiVersion, kind, version) => {
      const order = groups.has(groupOf(apiVersion)) ? [builtIn] : [...before, custom, ...after];
      return firstOf(order, (source) => source.find(apiVersion, kind, version));
    }),
    kinds: (version) => [...before, custom, builtIn].flatMap((source) => source.kinds(version)),
    servedIn: (apiVersion, kind) => known.filter((version) => builtIn.find(apiVersion, kind, version) !== undefined),
    isBuiltInGroup: (group) => groups.has(group),
    offers: (group, kind) => (groups.has(group) ? undefined : offerOf(before, after, group, kind)),
    bundled(apiVersion, kind, version) {
      const schema = custom.find(apiVersion, kind, version);
      return schema === undefined ? undefined : { schema, source: custom.sourceOf(apiVersion, kind) };
    },
    preferring: (source, last) =>
      all([source(definitions), ...before], last === undefined ? after : [...after, last(definitions)]),
  });
  return all(sources);
}

/** CRDs that are asked last make no version refused, and may add one. */
function offerOf(
  before: readonly SchemaSource[],
  after: readonly SchemaSource[],
  group: string,
  kind: string,
): Offer | undefined {
  const of = (sources: readonly SchemaSource[]) => sources.flatMap((source) => source.offers?.(group, kind) ?? []);
  const offers = of(before);
  if (offers.length === 0) return undefined;
  const served = [...offers, ...of(after)].flatMap((offer) => offer.served);
  return { served: [...new Set(served)], paths: offers.flatMap(({ paths }) => paths) };
}

const NO_CRDS: Pack = {
  index: { sources: [], versions: [], blocks: {} },
  block: () => ({ definition: () => undefined }),
};

function definitionsOf(pack: Pack): Definitions {
  const indexes = new Map(pack.index.versions.map((version, index) => [version, index]));
  return (name, version) => pack.block('kubernetes').definition(name, indexes.get(version) ?? 0);
}

/** Thousands of objects are of a few kinds. */
function remembered(find: SchemaSource['find']): SchemaSource['find'] {
  // One in the other: a key made of all three would be made, and looked through, for each question.
  const answers = new Map<string, Map<string, Map<string, KindSchema | undefined>>>();
  return (apiVersion, kind, version) => {
    const ofVersion = entry(answers, version, () => new Map<string, Map<string, KindSchema | undefined>>());
    const ofGroup = entry(ofVersion, apiVersion, () => new Map<string, KindSchema | undefined>());
    return entry(ofGroup, kind, () => find(apiVersion, kind, version));
  };
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined || map.has(key)) return known as Value;
  const made = make();
  map.set(key, made);
  return made;
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
      const definition = (name: string) => lenientShape(name, opened?.definition(name, index));
      const shape = row === undefined ? undefined : definition(row[2]);
      if (row === undefined || opened === undefined || shape === undefined) return undefined;
      return { shape, plural: row[3], namespaced: row[4] === 1, definition };
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
