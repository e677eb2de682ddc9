import { splitDocuments } from '../manifests/documents.ts';
import { LIMITS } from '../manifests/limits.ts';
import { firstContent } from '../manifests/locate.ts';
import type { YamlMode } from '../manifests/plain-scalar.ts';
import { createYamlReader } from '../manifests/read-yaml.ts';
import type { ResourceId } from '../manifests/resource.ts';
import { decodeText } from '../manifests/text.ts';
import { isObject } from '../validation/scalars.ts';

export type Json = Readonly<Record<string, unknown>>;

/** One document of a file with what it holds. */
export interface ReadValue {
  readonly value: unknown;
  /** From 0, among all pieces of the file. */
  readonly index: number;
  readonly text: string;
  /** Line of the file, from 1, where the text begins. */
  readonly line: number;
  /** Offset into the file's text. */
  readonly start: number;
}

const reader = createYamlReader(LIMITS.depth);

/** The documents of a text that can be read; what cannot is left out. */
export function readValues(text: string, mode: YamlMode): readonly ReadValue[] {
  return splitDocuments(text).flatMap((piece, index) => {
    const read = reader.read(piece.text, mode, 'allow');
    return read.ok && read.value !== null ? [{ ...piece, value: read.value, index }] : [];
  });
}

export function readFileValues(bytes: Uint8Array | undefined, mode: YamlMode): readonly ReadValue[] {
  const decoded = bytes === undefined ? undefined : decodeText(bytes);
  return decoded?.ok ? readValues(decoded.text, mode) : [];
}

/** The line of the file where the content of a document begins. */
export function contentLine({ text, line }: ReadValue): number {
  return line + text.slice(0, firstContent(text)).split('\n').length - 1;
}

/** What an object says it is; undefined for what is no object. */
export function resourceOf(value: unknown): ResourceId | undefined {
  if (!isObject(value) || typeof value.apiVersion !== 'string' || typeof value.kind !== 'string') return undefined;
  const { name, namespace } = isObject(value.metadata) ? value.metadata : {};
  return {
    apiVersion: value.apiVersion,
    kind: value.kind,
    ...(typeof namespace === 'string' ? { namespace } : {}),
    ...(typeof name === 'string' ? { name } : {}),
  };
}

/** The value at the end of a chain of fields, where all of them are there. */
export function fieldOf(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>(
    (inner, name) => (isObject(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined),
    value,
  );
}

export function textOf(value: unknown, ...names: readonly string[]): string | undefined {
  const found = fieldOf(value, ...names);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

export function listOf(value: unknown, ...names: readonly string[]): readonly unknown[] {
  const found = fieldOf(value, ...names);
  return Array.isArray(found) ? found : [];
}

/** JSON is YAML, too: what this prints can be put into any file that YAML is read from. */
export function printJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner), 2);
}
