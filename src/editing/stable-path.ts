import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { keyOf, type NodePath } from './node-index.ts';
import { textAt } from './reading.ts';
import { parseScalarText, type YamlDocument, type YamlFile } from './yaml-file.ts';

/** Leads to the same place in a later version of a file, although documents and list items have moved in between. */
export interface StablePath {
  /** The scalar whose text the place is in. */
  readonly within?: StablePath;
  readonly document: { readonly index: number; readonly identity: string };
  readonly steps: readonly StableStep[];
}

type StableStep =
  | { readonly kind: 'key'; readonly key: string }
  /** `name` is the item's own, where no other item of the list has it. */
  | { readonly kind: 'item'; readonly index: number; readonly name: string | undefined };

export interface Followed {
  readonly document: YamlDocument;
  readonly node: Node;
}

export function stablePath(document: YamlDocument, path: NodePath): StablePath {
  const { within } = document.file;
  const steps: StableStep[] = [];
  let node: unknown = document.root;
  for (const step of path) {
    if (typeof step === 'string') steps.push({ kind: 'key', key: step });
    else steps.push({ kind: 'item', index: step, name: uniqueName(document, node, step) });
    node = child(node, step);
  }
  const own = { document: { index: document.index, identity: identityOf(document) }, steps };
  if (within === undefined) return own;
  return { ...own, within: stablePath(within.document, within.document.nodes.pathOf(within.node)) };
}

/** The node at the end of the path; undefined where there is none, or where it is not clear which one it is. */
export function followPath(file: YamlFile, { within, document: wanted, steps }: StablePath): Followed | undefined {
  const documents = within === undefined ? file.documents : documentsInText(file, within);
  const alike = documents.filter((document) => identityOf(document) === wanted.identity);
  const document = alike.length === 1 ? alike[0] : alike.find(({ index }) => index === wanted.index);
  let node: unknown = document?.root;
  for (const step of steps) {
    if (document === undefined) break;
    node = step.kind === 'key' ? child(node, step.key) : child(node, indexOf(document, node, step));
  }
  return document === undefined || node === undefined || node === null ? undefined : { document, node: node as Node };
}

function documentsInText(file: YamlFile, within: StablePath): readonly YamlDocument[] {
  const found = followPath(file, within);
  const parsed = found !== undefined && isScalar(found.node) ? parseScalarText(found.document, found.node) : undefined;
  return parsed?.ok === true ? parsed.file.documents : [];
}

function indexOf(
  document: YamlDocument,
  list: unknown,
  { index, name }: Extract<StableStep, { kind: 'item' }>,
): number {
  if (name === undefined) return index;
  const named = namesOf(document, list).flatMap((other, at) => (other === name ? [at] : []));
  return named.length === 1 ? (named[0] ?? -1) : -1;
}

function uniqueName(document: YamlDocument, list: unknown, index: number): string | undefined {
  const names = namesOf(document, list);
  const name = names[index];
  return names.filter((other) => other === name).length === 1 ? name : undefined;
}

function namesOf(document: YamlDocument, list: unknown): readonly (string | undefined)[] {
  return isSeq(list) ? list.items.map((item) => (isMap(item) ? textAt(document, item, 'name') : undefined)) : [];
}

function child(node: unknown, step: string | number): unknown {
  if (isMap(node)) return node.items.find((pair) => keyOf(pair) === step)?.value;
  return isSeq(node) && typeof step === 'number' ? node.items[step] : undefined;
}

function identityOf(document: YamlDocument): string {
  const { root } = document;
  if (!isMap(root)) return '';
  return JSON.stringify(
    [['kind'], ['metadata', 'namespace'], ['metadata', 'name']].map((keys) => textAt(document, root, ...keys) ?? ''),
  );
}
