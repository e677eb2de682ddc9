import { type Alias, isAlias, isMap, isPair, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';

export type PathStep = string | number;
/** From the root of a document: keys of maps and places in lists. */
export type NodePath = readonly PathStep[];

/** Deeper than any manifest; the schemas of the largest custom resource definitions have some 60 levels. */
const MAX_DEPTH = 128;
const MAX_NODES = 400_000;

/** What one walk over a document finds out, so that no later question costs another walk. */
export interface NodeIndex {
  pathOf(node: Node): NodePath;
  /** What an alias stands for; any other node stands for itself. Undefined for what is no node. */
  resolve(node: unknown): Node | undefined;
  /** The alias tokens that stand for this node. */
  aliasesOf(node: Node): readonly Alias[];
  readonly duplicateKeys: readonly { readonly key: string; readonly offset: number }[];
}

export type Indexed =
  | { readonly ok: true; readonly index: NodeIndex }
  | { readonly ok: false; readonly offset: number; readonly problem: string };

interface Walk {
  readonly parents: Map<Node, { readonly parent: Node | undefined; readonly step: PathStep }>;
  readonly anchors: Map<string, Node>;
  readonly targets: Map<Alias, Node>;
  readonly readers: Map<Node, Alias[]>;
  readonly duplicateKeys: { key: string; offset: number }[];
}

export function indexNodes(root: Node | null): Indexed {
  const walk: Walk = {
    parents: new Map(),
    anchors: new Map(),
    targets: new Map(),
    readers: new Map(),
    duplicateKeys: [],
  };
  const problem = root === null ? undefined : visit(walk, root, undefined, '', 0);
  if (problem !== undefined) return { ok: false, ...problem };
  return {
    ok: true,
    index: {
      pathOf: (node) => pathOf(walk, node),
      resolve: (node) => (isAlias(node) ? walk.targets.get(node) : isNodeLike(node) ? node : undefined),
      aliasesOf: (node) => walk.readers.get(node) ?? [],
      duplicateKeys: walk.duplicateKeys,
    },
  };
}

/** The text of a map's key; undefined for keys that are no scalars. */
export function keyOf(pair: Pair): string | undefined {
  return isScalar(pair.key) ? String(pair.key.source ?? pair.key.value) : undefined;
}

type Problem = { readonly offset: number; readonly problem: string } | undefined;

function visit(walk: Walk, node: Node, parent: Node | undefined, step: PathStep, depth: number): Problem {
  const offset = node.range?.[0] ?? 0;
  if (depth > MAX_DEPTH) return { offset, problem: `nested deeper than ${MAX_DEPTH} levels` };
  if (walk.parents.size >= MAX_NODES) return { offset, problem: `more than ${MAX_NODES} values in one document` };
  walk.parents.set(node, { parent, step });
  if (isAlias(node)) return visitAlias(walk, node);
  if ('anchor' in node && node.anchor !== undefined) walk.anchors.set(node.anchor, node);
  if (isMap(node)) return visitMap(walk, node, depth);
  if (!isSeq(node)) return undefined;
  for (const [index, item] of node.items.entries()) {
    const problem = isPair(item) ? { offset, problem: 'a list of pairs' } : visitChild(walk, item, node, index, depth);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function visitMap(walk: Walk, map: YAMLMap, depth: number): Problem {
  const seen = new Set<string>();
  for (const pair of map.items) {
    const key = keyOf(pair);
    if (key !== undefined && key !== '<<' && seen.has(key)) {
      walk.duplicateKeys.push({ key, offset: (pair.key as Node).range?.[0] ?? 0 });
    }
    if (key !== undefined) seen.add(key);
    const problem =
      visitChild(walk, pair.key, undefined, '', depth) ?? visitChild(walk, pair.value, map, key ?? '', depth);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function visitChild(walk: Walk, child: unknown, parent: Node | undefined, step: PathStep, depth: number): Problem {
  return isNodeLike(child) ? visit(walk, child, parent, step, depth + 1) : undefined;
}

function visitAlias(walk: Walk, alias: Alias): Problem {
  const target = walk.anchors.get(alias.source);
  if (target === undefined)
    return { offset: alias.range?.[0] ?? 0, problem: `the alias *${alias.source} has no anchor before it` };
  walk.targets.set(alias, target);
  const readers = walk.readers.get(target);
  if (readers === undefined) walk.readers.set(target, [alias]);
  else readers.push(alias);
  return undefined;
}

function pathOf(walk: Walk, node: Node): NodePath {
  const path: PathStep[] = [];
  for (let at = walk.parents.get(node); at?.parent !== undefined; at = walk.parents.get(at.parent)) path.push(at.step);
  return path.reverse();
}

function isNodeLike(value: unknown): value is Node {
  return isAlias(value) || isMap(value) || isSeq(value) || isScalar(value);
}
