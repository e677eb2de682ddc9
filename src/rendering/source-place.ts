import { isDeepStrictEqual } from 'node:util';
import { createLineIndex } from '../manifests/lines.ts';
import { createLocator, type Path, type Range } from '../manifests/locate.ts';
import { joinPath } from '../manifests/paths.ts';
import type { Finding } from '../validation/finding.ts';
import { isPath, kustomizeList } from '../validation/kustomize-entries.ts';
import { isObject } from '../validation/scalars.ts';
import { parsePointer, translatePath } from './pointer.ts';
import { placeInTemplate } from './template-place.ts';
import type { RenderedObject, RenderedUnit } from './unit.ts';
import { fieldOf, type ReadValue, readValues, resourceOf, textOf } from './yaml-values.ts';

/** A place of a source file, as findings have it. */
export type SourcePlace = Pick<Finding, 'path' | 'line' | 'column' | 'endLine' | 'endColumn'>;

/** The text of a file of the tree, where it is at hand. */
export type Texts = (path: string) => string | undefined;

/** What is wrong in an object: a field or its value. */
export interface Target {
  readonly pointer?: string | undefined;
  readonly at?: 'key' | 'value';
}

/**
 * Where in the source the thing stands that a rendered object is wrong about: in the file of the object where its value is
 * the same there, else in the patch that gives it this value, else at the object, else where the unit is declared.
 */
export function sourcePlace(
  { unit, kustomizations }: RenderedUnit,
  object: RenderedObject,
  { pointer = '', at = 'key' }: Target,
  texts: Texts,
): SourcePlace {
  const { origin } = object;
  const text = origin === undefined ? undefined : texts(origin.path);
  if (origin === undefined || text === undefined) return { ...unit.place };
  const parts = parsePointer(pointer);
  if (origin.made === 'by a template') return { path: origin.path, ...placeInTemplate(text, object, parts) };
  if (origin.made === 'by a generator') return generatorPlace(origin.path, text, object);
  const document = originDocument(text, object);
  if (document === undefined) return { path: origin.path, line: 1, column: 1 };
  const own = translatePath(parts, object.value, document.value);
  const wanted = translatePath(parts, object.value, object.value);
  if (own.isWhole === wanted.isWhole && (!own.isWhole || isDeepStrictEqual(own.value, wanted.value))) {
    return placeOf(origin.path, text, document, own.path, wanted.isWhole && at === 'value');
  }
  const isValue = own.isWhole && at === 'value';
  return patchPlace(kustomizations, object, parts, texts) ?? placeOf(origin.path, text, document, own.path, isValue);
}

/** The document of a file that became the object: names may have got a prefix or a suffix on the way. */
export function originDocument(text: string, { resource, value }: RenderedObject): ReadValue | undefined {
  const candidates = readValues(text, 'kustomize').filter(({ value: candidate }) => {
    const found = resourceOf(candidate);
    return found?.kind === resource.kind || listHolds(candidate, resource.kind);
  });
  if (candidates.length <= 1) return candidates[0];
  const name = resource.name ?? '';
  const nameIn = (candidate: ReadValue) => textOf(candidate.value, 'metadata', 'name') ?? '';
  const similar = candidates.filter((candidate) => name.includes(nameIn(candidate)));
  const best = similar.toSorted((a, b) => nameIn(b).length - nameIn(a).length);
  const namespace = textOf(value, 'metadata', 'namespace');
  const sameName = best.filter((candidate) => nameIn(candidate) === nameIn(best[0] ?? candidate));
  return sameName.find((candidate) => textOf(candidate.value, 'metadata', 'namespace') === namespace) ?? sameName[0];
}

function listHolds(value: unknown, kind: string): boolean {
  const items = fieldOf(value, 'items');
  return Array.isArray(items) && items.some((item) => fieldOf(item, 'kind') === kind);
}

function placeOf(path: string, text: string, document: ReadValue, at: Path, isValue: boolean): SourcePlace {
  const locator = createLocator(document.text, 'kustomize');
  const range = isValue ? locator.value(at) : locator.key(at.length === 0 ? ['kind'] : at);
  return { path, ...rangePlace(text, document.start, range) };
}

function rangePlace(text: string, start: number, range: Range): Omit<SourcePlace, 'path'> {
  const place = createLineIndex(text);
  const end = place(start + range.end);
  const ends = range.end > range.start ? { endLine: end.line, endColumn: end.column } : {};
  return { ...place(start + range.start), ...ends };
}

/** The entry of a generator whose name the object has, with or without a hash at its end. */
function generatorPlace(path: string, text: string, { resource }: RenderedObject): SourcePlace {
  const [document] = readValues(text, 'kustomize');
  const fields = ['configMapGenerator', 'secretGenerator'];
  if (document === undefined || !isObject(document.value)) return { path, line: 1, column: 1 };
  for (const field of fields) {
    const items = kustomizeList(document.value, field);
    const index = items.findIndex((item) => (resource.name ?? '').includes(textOf(item, 'name') ?? '\0'));
    if (index >= 0) return placeOf(path, text, document, [field, index, 'name'], true);
  }
  return { path, line: 1, column: 1 };
}

/** Patches of the kustomizations in the build, the outermost of which has the last word. */
function patchPlace(
  kustomizations: RenderedUnit['kustomizations'],
  object: RenderedObject,
  parts: readonly string[],
  texts: Texts,
): SourcePlace | undefined {
  for (const [folder, { path, content }] of kustomizations) {
    for (const field of ['patches', 'patchesStrategicMerge', 'patchesJson6902']) {
      for (const [index, entry] of kustomizeList(content, field).entries()) {
        const file = typeof entry === 'string' ? entry : textOf(entry, 'path');
        if (file !== undefined && isPath(file)) {
          const found = placeInPatch(joinPath(folder, file), texts(joinPath(folder, file)), object, parts);
          if (found !== undefined) return found;
          continue;
        }
        const inline = typeof entry === 'string' ? entry : (textOf(entry, 'patch') ?? '');
        if (placeInPatch(path, inline, object, parts) === undefined) continue;
        const text = texts(path);
        const [document] = readValues(text ?? '', 'kustomize');
        const at = typeof entry === 'string' ? [field, index] : [field, index, 'patch'];
        if (text !== undefined && document !== undefined) return placeOf(path, text, document, at, false);
      }
    }
  }
  return undefined;
}

function placeInPatch(
  path: string,
  text: string | undefined,
  object: RenderedObject,
  parts: readonly string[],
): SourcePlace | undefined {
  if (text === undefined) return undefined;
  const wanted = translatePath(parts, object.value, object.value);
  for (const document of readValues(text, 'kustomize')) {
    if (Array.isArray(document.value)) {
      const index = document.value.findIndex((operation) => isOperationOn(operation, parts, wanted.value));
      if (index >= 0) return placeOf(path, text, document, [index, 'value'], true);
    } else if (fieldOf(document.value, 'kind') === object.resource.kind) {
      const found = translatePath(parts, object.value, document.value);
      if (found.isWhole && isDeepStrictEqual(found.value, wanted.value)) {
        return placeOf(path, text, document, found.path, true);
      }
    }
  }
  return undefined;
}

/** https://www.rfc-editor.org/rfc/rfc6902; an operation on a whole object or list holds what is in it. */
function isOperationOn(operation: unknown, parts: readonly string[], value: unknown): boolean {
  const at = textOf(operation, 'path');
  const set = fieldOf(operation, 'value');
  if (at === undefined || set === undefined) return false;
  const target = parsePointer(at);
  const isAbove = target.every((part, index) => part === parts[index] || part === '-');
  if (!isAbove || target.length > parts.length) return false;
  const rest = parts.slice(target.length);
  const found = translatePath(rest, set, set);
  return found.isWhole && isDeepStrictEqual(found.value, value);
}
