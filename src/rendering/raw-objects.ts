import { isHelmTemplate } from '../manifests/file-names.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import { decodeText } from '../manifests/text.ts';
import type { FileGraph } from '../validation/file-graph.ts';
import type { Declared } from './declared.ts';
import { contentLine, type Json, readValues, resourceOf } from './yaml-values.ts';

/** An object of a file as it stands there. */
export interface RawObject {
  readonly path: string;
  readonly line: number;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly value: Json;
}

const WANTED = /apiVersion"?:\s*["']?(argoproj\.io|[\w.-]+\.fluxcd\.io)\/|kind"?:\s*["']?(ConfigMap|Secret)\b/;

/** The objects that say what is rendered, and those that values may be taken from; no patches, no templates. */
export function readRawObjects(files: readonly SourceFile[], graph: FileGraph): readonly RawObject[] {
  const paths = new Set(files.map(({ path }) => path));
  return files.flatMap(({ path, bytes, mode }) => {
    if (mode === '120000' || graph.roleOf(path) !== undefined) return [];
    if (isHelmTemplate(path, (candidate) => paths.has(candidate))) return [];
    const decoded = decodeText(bytes);
    return decoded.ok && WANTED.test(decoded.text) ? objectsIn(path, decoded.text) : [];
  });
}

function objectsIn(path: string, text: string): readonly RawObject[] {
  return readValues(text, 'kustomize').flatMap((document) => {
    const resource = resourceOf(document.value);
    if (resource?.name === undefined) return [];
    const { apiVersion, kind, name, namespace } = resource;
    return [{ path, line: contentLine(document), apiVersion, kind, name, namespace, value: document.value as Json }];
  });
}

export function declaredOf({ path, line, ...object }: RawObject): Declared {
  return { ...object, place: { path, line, column: 1 }, ancestors: [] };
}
