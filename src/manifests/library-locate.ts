import type { Node, Pair, YAMLMap } from 'yaml';
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
  const start = firstContent(text);
  const nothing: Range = { start, end: start };
  return {
    key: (path) => descend(root, path, mode).at(-1)?.key ?? nothing,
    value(path) {
      const steps = descend(root, path, mode);
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

interface Step {
  readonly key: Range;
  readonly value: Range;
}

/** The ranges along a path, from the root on, as far as it can be followed. */
function descend(root: Node | null, path: Path, mode: YamlMode): readonly Step[] {
  const steps: Step[] = [];
  const anchors = new Map<string, Node>();
  let node = root === null ? undefined : resolve(root, root, anchors);
  if (node !== undefined) steps.push({ key: startOf(rangeOf(node)), value: startOf(rangeOf(node)) });
  for (const part of path) {
    const found = node === undefined ? undefined : child(node, part, mode, (alias) => resolve(alias, root, anchors));
    if (found === undefined) break;
    steps.push(found.step);
    node = found.node === undefined ? undefined : resolve(found.node, root, anchors);
  }
  return steps;
}

function child(
  node: Node,
  part: string | number,
  mode: YamlMode,
  follow: (node: Node) => Node | undefined,
): { readonly step: Step; readonly node: Node | undefined } | undefined {
  if (yaml().isSeq(node)) {
    const item = node.items[Number(part)];
    if (!yaml().isNode(item)) return undefined;
    return { step: { key: startOf(rangeOf(item)), value: scalarOrStart(item) }, node: item };
  }
  if (!yaml().isMap(node)) return undefined;
  const pair = findPair(node, String(part), mode, follow, 0);
  if (pair === undefined) return undefined;
  const key = yaml().isNode(pair.key) ? rangeOf(pair.key) : rangeOf(node);
  const value = yaml().isNode(pair.value) ? pair.value : undefined;
  return { step: { key, value: yaml().isScalar(value) && value.source !== '' ? rangeOf(value) : key }, node: value };
}

/** The last of equal keys, as the cluster reads it; else one that a merge (`<<`) brings in. */
function findPair(
  map: YAMLMap,
  name: string,
  mode: YamlMode,
  follow: (node: Node) => Node | undefined,
  depth: number,
): Pair | undefined {
  const own = map.items.findLast((pair) => keyText(pair, mode) === name);
  if (own !== undefined || depth > 8) return own;
  for (const merge of map.items.filter((pair) => keyText(pair, mode) === '<<')) {
    const value = yaml().isNode(merge.value) ? follow(merge.value) : undefined;
    for (const source of yaml().isSeq(value) ? value.items : [value]) {
      const target = yaml().isNode(source) ? follow(source) : undefined;
      const found = yaml().isMap(target) ? findPair(target, name, mode, follow, depth + 1) : undefined;
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function keyText(pair: Pair, mode: YamlMode): string | undefined {
  if (!yaml().isScalar(pair.key)) return undefined;
  const text = pair.key.source ?? String(pair.key.value ?? '');
  return pair.key.type === 'PLAIN' ? String(readPlainScalar(text, mode)) : String(pair.key.value);
}

function resolve(node: Node, root: Node | null, anchors: Map<string, Node>): Node | undefined {
  if (!yaml().isAlias(node)) return node;
  if (anchors.size === 0 && root !== null) {
    yaml().visit(root, {
      Node(_, visited) {
        if (!yaml().isAlias(visited) && visited.anchor !== undefined) anchors.set(visited.anchor, visited);
      },
    });
  }
  return anchors.get(node.source);
}

function repeatedKeys(root: Node | null, mode: YamlMode): readonly RepeatedKey[] {
  const found: RepeatedKey[] = [];
  if (root === null) return found;
  yaml().visit(root, {
    Map(_, map, ancestors) {
      const first = new Map<string, Range>();
      for (const pair of map.items) {
        const text = keyText(pair, mode);
        if (text === undefined || text === '<<' || !yaml().isNode(pair.key)) continue;
        const earlier = first.get(text);
        const range = rangeOf(pair.key);
        if (earlier === undefined) first.set(text, range);
        else found.push({ path: [...pathOf(ancestors, map, mode), text], first: earlier, again: range });
      }
    },
  });
  return found;
}

function pathOf(ancestors: readonly unknown[], map: YAMLMap, mode: YamlMode): Path {
  const chain = [...ancestors, map];
  const path: (string | number)[] = [];
  chain.forEach((node, index) => {
    const next = chain[index + 1];
    if (yaml().isSeq(node)) path.push(node.items.indexOf(next));
    else if (yaml().isPair(node)) path.push(keyText(node, mode) ?? '');
  });
  return path;
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
