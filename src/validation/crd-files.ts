import { splitDocuments } from '../manifests/documents.ts';
import type { YamlReader } from '../manifests/read-yaml.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import { decodeText, filesWith } from '../manifests/text.ts';
import { type CustomKind, customKinds } from './crd-kinds.ts';
import { isObject } from './scalars.ts';
import { type Definitions, groupOf, type KindSchema, type Offer, type SchemaSource } from './schema-source.ts';
import type { Schemas } from './schemas.ts';

type Json = Readonly<Record<string, unknown>>;

/** What is known of the kinds of one group. */
interface Kinds {
  /** By `apiVersion/kind`. Where a tree has a version more than once, the first in the order of the files counts. */
  readonly versions: ReadonlyMap<string, CustomKind>;
  /** By kind. */
  readonly offers: ReadonlyMap<string, Offer>;
}

/**
 * Schemas with the CRDs among the files before all others. Those of test data, which may say nearly nothing, or what a
 * release of years ago said, come last.
 */
export function withCrdsAmong(files: readonly SourceFile[], schemas: Schemas, reader: YamlReader): Schemas {
  const isTestData = ({ path }: SourceFile) => /(^|\/)(testdata|fixtures|__snapshots?__)\//.test(path);
  const real = files.filter((file) => !isTestData(file));
  if (real.length === files.length) return schemas.preferring(crdFilesSource(files, reader));
  return schemas.preferring(crdFilesSource(real, reader), crdFilesSource(files.filter(isTestData), reader));
}

/**
 * The CRDs in a set of files as a source. Files are searched when the first custom resource is asked for, and read when one
 * of their group is: most trees hold many CRDs that nothing in them uses.
 */
export function crdFilesSource(
  files: readonly SourceFile[],
  reader: YamlReader,
): (definitions: Definitions) => SchemaSource {
  const kindsOf = kindsByGroup(files, reader);
  return (definitions) => ({
    find(apiVersion, kind, version) {
      const found = kindsOf(groupOf(apiVersion)).versions.get(`${apiVersion}/${kind}`);
      return found === undefined ? undefined : schemaOf(found, (name) => definitions(name, version));
    },
    kinds: () => [],
    offers: (group, kind) => kindsOf(group).offers.get(kind),
  });
}

function schemaOf(kind: CustomKind, definition: KindSchema['definition']): KindSchema {
  const { shape, plural, namespaced, served } = kind;
  return { shape, plural, namespaced, definition, custom: { served, rules: () => kind.rules } };
}

function kindsByGroup(files: readonly SourceFile[], reader: YamlReader): (group: string) => Kinds {
  const read = new Map<string, Kinds>();
  let filesOf: ReadonlyMap<string, readonly SourceFile[]> | undefined;
  return (group) => {
    filesOf ??= filesByGroup(files);
    const known = read.get(group) ?? readGroup(group, filesOf.get(group) ?? [], reader);
    read.set(group, known);
    return known;
  };
}

/** Files with a CRD by each group that they name. Texts are not kept: most of them are never asked for again. */
function filesByGroup(files: readonly SourceFile[]): ReadonlyMap<string, readonly SourceFile[]> {
  const byGroup = new Map<string, SourceFile[]>();
  for (const file of filesWith('CustomResourceDefinition', files)) {
    for (const group of groupsNamedIn(textOf(file.bytes))) byGroup.set(group, [...(byGroup.get(group) ?? []), file]);
  }
  return byGroup;
}

function groupsNamedIn(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/\bgroup["']?\s*:\s*["']?([\w.-]+)/g)].map(([, group = '']) => group));
}

/** Nothing for what cannot be read. */
function textOf(bytes: Uint8Array): string {
  const decoded = decodeText(bytes);
  return decoded.ok ? decoded.text : '';
}

function readGroup(group: string, files: readonly SourceFile[], reader: YamlReader): Kinds {
  const versions = new Map<string, CustomKind>();
  const found: { readonly path: string; readonly kind: CustomKind }[] = [];
  for (const { path, bytes } of files) {
    for (const kind of kindsIn(textOf(bytes), group, reader)) {
      const name = `${kind.apiVersion}/${kind.kind}`;
      if (!versions.has(name)) versions.set(name, kind);
      found.push({ path, kind });
    }
  }
  const byKind = Map.groupBy(found, ({ kind }) => kind.kind);
  return { versions, offers: new Map([...byKind].map(([name, all]) => [name, offerOf(all)])) };
}

/** A tree may hold a CRD of several releases, for several clusters: what any of them serves counts as served. */
function offerOf(found: readonly { readonly path: string; readonly kind: CustomKind }[]): Offer {
  const served = found.filter(({ kind }) => kind.served).map(({ kind }) => kind.apiVersion);
  return { served: [...new Set(served)], paths: [...new Set(found.map(({ path }) => path))] };
}

/** What cannot be read, and templates, are passed over: the check of the file itself tells. */
function kindsIn(text: string, group: string, reader: YamlReader): readonly CustomKind[] {
  return splitDocuments(text)
    .filter((piece) => piece.text.includes('CustomResourceDefinition') && groupsNamedIn(piece.text).has(group))
    .flatMap((piece) => {
      const document = reader.read(piece.text, 'cluster', 'allow');
      return document.ok && isObject(document.value) ? definitionsIn(document.value) : [];
    })
    .filter(({ apiVersion }) => groupOf(apiVersion) === group);
}

/** The document itself, or the items of a List. */
function definitionsIn(value: Json): readonly CustomKind[] {
  if (!Array.isArray(value.items)) return customKinds(value);
  return value.items.filter(isObject).flatMap((item) => customKinds(item));
}
