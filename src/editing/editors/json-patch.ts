import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml';
import { findEntry, mapsOf, slotOf, textAt } from '../reading.ts';
import type { Site } from '../site.ts';
import type { YamlDocument } from '../yaml-file.ts';
import type { Editor } from './editor.ts';
import { findNamedImages, type NamedValue } from './named-values.ts';
import { findImages } from './shapes.ts';

/** JSON patches, which kustomize takes in files of their own and inline (https://www.rfc-editor.org/rfc/rfc6902). */
export const jsonPatch: Editor = {
  id: 'json-patch',
  reads: (document) =>
    isSeq(document.root) && document.root.items.length > 0 && document.root.items.every(isOperation(document)),
  findSites: (document) => {
    const operations = isSeq(document.root)
      ? mapsOf(document, document.root).filter((map) => writes(document, map))
      : [];
    return [
      ...findNamedImages(
        operations.flatMap((map) => namedValue(document, map)),
        { document },
      ),
      ...operations.flatMap((map) => findInValue(document, map)),
    ];
  },
};

function isOperation(document: YamlDocument): (item: unknown) => boolean {
  return (item) => {
    const map = document.nodes.resolve(item);
    return isMap(map) && textAt(document, map, 'op') !== undefined && textAt(document, map, 'path') !== undefined;
  };
}

function writes(document: YamlDocument, map: YAMLMap): boolean {
  return ['add', 'replace'].includes(textAt(document, map, 'op') ?? '');
}

function namedValue(document: YamlDocument, map: YAMLMap): readonly NamedValue[] {
  const pointer = textAt(document, map, 'path') ?? '';
  const slot = slotOf(document, findEntry(document, map, 'value')?.value, pointer);
  return slot === undefined ? [] : [{ path: readPointer(pointer), slot }];
}

/** A whole container, or a list of them, that the patch puts in. */
function findInValue(document: YamlDocument, map: YAMLMap): readonly Site[] {
  const node = document.nodes.resolve(findEntry(document, map, 'value')?.value);
  return isScalar(node) ? [] : findImages({ document, node, label: textAt(document, map, 'path') ?? '' });
}

/** https://www.rfc-editor.org/rfc/rfc6901 */
function readPointer(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}
