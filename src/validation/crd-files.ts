import { splitDocuments } from '../manifests/documents.ts';
import type { YamlReader } from '../manifests/read-yaml.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import { decodeText } from '../manifests/text.ts';
import { type CustomKind, customKinds } from './crd-kinds.ts';
import { isObject } from './scalars.ts';
import { type Definitions, groupOf, type KindSchema, type SchemaSource } from './schema-source.ts';
import type { Schemas } from './schemas.ts';

type Json = Readonly<Record<string, unknown>>;

/** Kinds by `apiVersion/kind`. */
type Kinds = ReadonlyMap<string, CustomKind>;

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
      const found = kindsOf(groupOf(apiVersion)).get(`${apiVersion}/${kind}`);
      return found === undefined ? undefined : schemaOf(found, (name) => definitions(name, version));
    },
    kinds: () => [],
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
  for (const file of files.filter(({ bytes }) => mentionsCrd(bytes))) {
    for (const group of groupsNamedIn(textOf(file.bytes))) byGroup.set(group, [...(byGroup.get(group) ?? []), file]);
  }
  return byGroup;
}

function groupsNamedIn(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/\bgroup["']?\s*:\s*["']?([\w.-]+)/g)].map(([, group = '']) => group));
}

const WORD = 'CustomResourceDefinition';

/** Bytes are searched, not text: nearly all files say nothing of CRDs. */
function mentionsCrd(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(WORD);
}

/** Nothing for what cannot be read. */
function textOf(bytes: Uint8Array): string {
  const decoded = decodeText(bytes);
  return decoded.ok ? decoded.text : '';
}

/** Where a tree has a kind more than once, the first in the order of the files counts. */
function readGroup(group: string, files: readonly SourceFile[], reader: YamlReader): Kinds {
  const kinds = new Map<string, CustomKind>();
  for (const { bytes } of files) {
    for (const kind of kindsIn(textOf(bytes), group, reader)) {
      const name = `${kind.apiVersion}/${kind.kind}`;
      if (!kinds.has(name)) kinds.set(name, kind);
    }
  }
  return kinds;
}

/** What cannot be read, and templates, are passed over: the check of the file itself tells. */
function kindsIn(text: string, group: string, reader: YamlReader): readonly CustomKind[] {
  return splitDocuments(text)
    .filter((piece) => piece.text.includes(WORD) && groupsNamedIn(piece.text).has(group))
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
