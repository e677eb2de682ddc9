import type { Node, Pair, YAMLMap } from 'yaml';
import { lazily } from './lazily.ts';
import { yaml } from './libraries.ts';
import { firstContent, type Locator, type Path, type Range, type RepeatedKey } from './places.ts';
import { isAmbiguousScalar, readPlainScalar, type YamlMode } from './plain-scalar.ts';

/** Above this many characters the parser behind this is too slow, and the start of the document has to do. */
const MAX_LENGTH = 2 << 20;

/**
 * Parses the document once more, for its positions only: this costs about ten times the first reading, so it is done
 * for documents with findings alone. `uniqueKeys` and `prettyErrors` are off because both take quadratic time.
 */
export function createLibraryLocator(text: string, mode: YamlMode): Locator {
  const root = text.length > MAX_LENGTH ? null : parse(text);
  const anchors = lazily(() => (root === null ? new Map() : anchorsIn(root)));
  const tree: Tree = { root, mode, anchors, pairs: new WeakMap() };
  const start = firstContent(text);
  const nothing: Range = { start, end: start };
  return {
    key: (path) => descend(tree, path).at(-1)?.key ?? nothing,
    value(path) {
      const steps = descend(tree, path);
      const last = steps.at(-1);
      return (steps.length > path.length ? last?.value : last?.key) ?? nothing;
    },
    repeatedKeys: () => repeatedKeys(root, mode),
    ambiguousScalars: () => ambiguousScalars(root),
    complexKeys: () => complexKeys(root),
  };
}

function parse(text: string): Node | null {
  try {
    const options = {
      schema: 'failsafe',
      uniqueKeys: false,
      prettyErrors: false,
      strict: false,
      logLevel: 'silent',
    } as const;
    return yaml().parseDocument(text, options).contents as Node | null;
  } catch {
    return null;
  }
}

interface Tree {
  readonly root: Node | null;
  readonly mode: YamlMode;
  readonly anchors: Anchors;
  /** Read once for each map, however many of its keys are looked for. */
  readonly pairs: WeakMap<YAMLMap, Pairs>;
}

interface Step {
  readonly key: Range;
  readonly value: Range;
}

/** The ranges along a path, from the root on, as far as it can be followed. */
function descend(tree: Tree, path: Path): readonly Step[] {
  const steps: Step[] = [];
  let node = tree.root === null ? undefined : resolve(tree.root, tree.anchors);
  if (node !== undefined) steps.push({ key: startOf(rangeOf(node)), value: startOf(rangeOf(node)) });
  for (const part of path) {
    const found = node === undefined ? undefined : child(node, part, tree);
    if (found === undefined) break;
    steps.push(found.step);
    node = found.node === undefined ? undefined : resolve(found.node, tree.anchors);
  }
  return steps;
}

function child(
  node: Node,
  part: string | number,
  tree: Tree,
): { readonly step: Step; readonly node: Node | undefined } | undefined {
  if (yaml().isSeq(node)) {
    const item = node.items[Number(part)];
    if (!yaml().isNode(item)) return undefined;
    return { step: { key: startOf(rangeOf(item)), value: scalarOrStart(item) }, node: item };
  }
  if (!yaml().isMap(node)) return undefined;
  const pair = findPair(node, String(part), tree, new Set());
  if (pair === undefined) return undefined;
  const key = yaml().isNode(pair.key) ? rangeOf(pair.key) : rangeOf(node);
  const value = yaml().isNode(pair.value) ? pair.value : undefined;
  return { step: { key, value: yaml().isScalar(value) && value.source !== '' ? rangeOf(value) : key }, node: value };
}

/** How deep maps are followed that merge others. */
const MERGES = 8;

/** The last of equal keys, as the cluster reads it; else one that a merge (`<<`) brings in. No map is looked through twice. */
function findPair(map: YAMLMap, name: string, tree: Tree, seen: Set<YAMLMap>, depth = 0): Pair | undefined {
  seen.add(map);
  const { last, merged } = pairsOf(map, tree);
  const own = last.get(name);
  if (own !== undefined || depth > MERGES) return own;
  for (const target of merged) {
    const found = seen.has(target) ? undefined : findPair(target, name, tree, seen, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

interface Pairs {
  /** The last of each key. */
  readonly last: ReadonlyMap<string, Pair>;
  /** The maps that it merges. */
  readonly merged: ReadonlySet<YAMLMap>;
}

function pairsOf(map: YAMLMap, tree: Tree): Pairs {
  const known = tree.pairs.get(map);
  if (known !== undefined) return known;
  const last = new Map<string, Pair>();
  const merged = new Set<YAMLMap>();
  for (const pair of map.items) {
    const text = keyText(pair, tree.mode);
    if (text !== undefined) last.set(text, pair);
    if (text === '<<') for (const target of mergedBy(pair, tree)) merged.add(target);
  }
  const pairs = { last, merged };
  tree.pairs.set(map, pairs);
  return pairs;
}

/** One map, or a list of them, most often by their aliases. */
function mergedBy(merge: Pair, { anchors }: Tree): readonly YAMLMap[] {
  const value = yaml().isNode(merge.value) ? resolve(merge.value, anchors) : undefined;
  const sources: readonly unknown[] = yaml().isSeq(value) ? value.items : [value];
  return sources.flatMap((source) => {
    const target = yaml().isNode(source) ? resolve(source, anchors) : undefined;
    return yaml().isMap(target) ? [target] : [];
  });
}

function keyText(pair: Pair, mode: YamlMode): string | undefined {
  if (!yaml().isScalar(pair.key)) return undefined;
  const text = pair.key.source ?? String(pair.key.value ?? '');
  return pair.key.type === 'PLAIN' ? String(readPlainScalar(text, mode)) : String(pair.key.value);
}

type Anchors = () => ReadonlyMap<string, Node>;

function anchorsIn(root: Node): ReadonlyMap<string, Node> {
  const anchors = new Map<string, Node>();
  yaml().visit(root, {
    Node(_, visited) {
      if (!yaml().isAlias(visited) && visited.anchor !== undefined) anchors.set(visited.anchor, visited);
    },
  });
  return anchors;
}

function resolve(node: Node, anchors: Anchors): Node | undefined {
  return yaml().isAlias(node) ? anchors().get(node.source) : node;
}

function repeatedKeys(root: Node | null, mode: YamlMode): readonly RepeatedKey[] {
  const found: RepeatedKey[] = [];
  if (root !== null) findRepeated(root, [], mode, found);
  return found;
}

function findRepeated(node: unknown, path: Path, mode: YamlMode, found: RepeatedKey[]): void {
  if (yaml().isSeq(node)) node.items.forEach((item, index) => void findRepeated(item, [...path, index], mode, found));
  if (!yaml().isMap(node)) return;
  const first = new Map<string, Range>();
  const repeated: RepeatedKey[] = [];
  for (const pair of node.items) {
    const text = keyText(pair, mode);
    if (text === undefined || text === '<<' || !yaml().isNode(pair.key)) continue;
    const earlier = first.get(text);
    const again = rangeOf(pair.key);
    if (earlier === undefined) first.set(text, again);
    else repeated.push({ path: [...path, text], first: earlier, again });
  }
  for (const one of repeated) found.push(one);
  for (const pair of node.items) findRepeated(pair.value, [...path, keyText(pair, mode) ?? ''], mode, found);
}

function ambiguousScalars(root: Node | null): readonly (Range & { readonly text: string })[] {
  const found: (Range & { text: string })[] = [];
  if (root === null) return found;
  yaml().visit(root, {
    Scalar(_, scalar) {
      const text = scalar.source ?? '';
      if (scalar.type === 'PLAIN' && scalar.tag === undefined && isAmbiguousScalar(text)) {
        found.push({ ...rangeOf(scalar), text });
      }
    },
  });
  return found;
}

function complexKeys(root: Node | null): readonly Range[] {
  const found: Range[] = [];
  if (root === null) return found;
  yaml().visit(root, {
    Pair(_, pair) {
      if (yaml().isMap(pair.key) || yaml().isSeq(pair.key)) found.push(rangeOf(pair.key));
    },
  });
  return found;
}

function rangeOf(node: Node): Range {
  const range = node.range;
  return range ? { start: range[0], end: range[1] } : { start: 0, end: 0 };
}

function startOf(range: Range): Range {
  return { start: range.start, end: range.start };
}

function scalarOrStart(node: Node): Range {
  return yaml().isScalar(node) ? rangeOf(node) : startOf(rangeOf(node));
}
