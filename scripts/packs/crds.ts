import { loadAll } from 'js-yaml';
import picomatch from 'picomatch';
import { type CustomKind, customKinds } from '../../src/validation/crd-kinds.ts';
import { rulesBlock } from '../../src/validation/crd-pack.ts';
import type { RuleNode } from '../../src/validation/crd-rules.ts';
import type { PackSource } from '../../src/validation/pack.ts';
import { groupOf } from '../../src/validation/schemas.ts';
import type { Shape } from '../../src/validation/shape.ts';
import { CRD_SOURCES, type CrdSource, TYPES_SOURCES } from './crd-sources.ts';
import { type BlockContent, type Kind, writePack } from './write-pack.ts';
import { openZip } from './zip.ts';

export const ALL_CRD_SOURCES: readonly PackSource[] = [...CRD_SOURCES, ...TYPES_SOURCES].map(
  ({ name, module, version, licence }) => ({ name, module, version, licence }),
);

/** A kind together with the number of its source. */
type SourcedKind = CustomKind & { readonly source: number };

/**
 * `packs/crds.pack`. `archive` gives the path of a module's zip archive, `generate` the CRDs of modules that only have
 * types.
 */
export function buildCrdPack(
  archive: (module: string, version: string) => string,
  generate: (modules: readonly string[]) => readonly string[],
): Uint8Array {
  const held = CRD_SOURCES.flatMap((source) => readSource(source, archive(source.module, source.version)));
  const generated = generate(TYPES_SOURCES.map(({ module }) => module)).flatMap(kindsIn);
  const made = generated.map((kind) => ({ ...kind, source: sourceOfGenerated(kind) }));
  return writePack(ALL_CRD_SOURCES, [], blocks([...held, ...made]));
}

/** The kinds of one source, from its module's archive. */
export function readSource(source: CrdSource, path: string): readonly SourcedKind[] {
  const root = `${source.module}@${source.version}/`;
  const isMeant = picomatch([...source.files]);
  const zip = openZip(path);
  const names = zip.names.filter((name) => name.startsWith(root) && isMeant(name.slice(root.length)));
  const kinds = names.flatMap((name) => kindsIn(zip.read(name).toString('utf8')));
  if (kinds.length === 0) throw new Error(`${root} holds no CRD at ${source.files.join(', ')}`);
  return kinds.map((kind) => ({ ...withoutFilled(kind), source: CRD_SOURCES.indexOf(source) }));
}

/** Kinds whose server fills in what their CRD calls required, before it looks. */
const FILLED_BY_SERVER: ReadonlySet<string> = new Set(['SecurityContextConstraints']);

function withoutFilled(kind: CustomKind): CustomKind {
  if (!FILLED_BY_SERVER.has(kind.kind) || typeof kind.shape === 'string' || !('fields' in kind.shape)) return kind;
  const { required: _, ...shape } = kind.shape;
  return { ...kind, shape };
}

function kindsIn(text: string): readonly CustomKind[] {
  return loadAll(text).flatMap((document) =>
    typeof document === 'object' && document !== null ? customKinds(document as Record<string, unknown>) : [],
  );
}

/** Several modules may share a group; the kind's own name then tells them apart. */
function sourceOfGenerated({ apiVersion, kind }: CustomKind): number {
  const candidates = TYPES_SOURCES.filter(({ group }) => group === groupOf(apiVersion));
  const isAutomation = kind === 'ImageUpdateAutomation';
  const source = candidates.find(({ name }) => (name === 'image-automation-controller') === isAutomation);
  if (source === undefined) throw new Error(`${kind} in ${apiVersion} was generated from no known module`);
  return CRD_SOURCES.length + TYPES_SOURCES.indexOf(source);
}

/** One block of shapes for each API group, and one of CEL rules and defaults where it has any. */
export function blocks(kinds: readonly SourcedKind[]): readonly BlockContent[] {
  const groups = Map.groupBy(distinct(kinds), ({ apiVersion }) => groupOf(apiVersion));
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([group, members]) => groupBlocks(group, members));
}

function distinct(kinds: readonly SourcedKind[]): readonly SourcedKind[] {
  return [...Map.groupBy(kinds, ({ apiVersion, kind }) => `${apiVersion}/${kind}`).values()].flatMap(([first]) =>
    first === undefined ? [] : [first],
  );
}

function groupBlocks(group: string, members: readonly SourcedKind[]): readonly BlockContent[] {
  const shapes = new Map<string, Shape>(members.map((kind) => [nameOf(kind), kind.shape]));
  const rules = new Map<string, RuleNode>();
  for (const kind of members) if (kind.rules !== undefined) rules.set(nameOf(kind), kind.rules);
  const content = { name: group, versions: [{ kinds: members.map(packKind), definitions: shapes }] };
  if (rules.size === 0) return [content];
  return [content, { name: rulesBlock(group), versions: [{ kinds: [], definitions: rules }] }];
}

function packKind(kind: SourcedKind): Kind {
  const { apiVersion, kind: name, plural, namespaced, served, source } = kind;
  const definition = nameOf(kind);
  return { apiVersion, kind: name, definition, plural, namespaced, ...(served ? {} : { retired: true }), source };
}

/** `v1/Application`: unique within the group. */
function nameOf({ apiVersion, kind }: CustomKind): string {
  return `${apiVersion}/${kind}`.slice(groupOf(apiVersion).length + 1);
}
