import { isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import { type Difference, differences } from './difference.ts';
import { keyOf, type NodePath } from './node-index.ts';
import { applySplices, type Expectation, type PlannedSplice } from './splice.ts';
import { parseText, type YamlFile } from './yaml-file.ts';

export type Proved = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: string };

/**
 * Writes the splices into the text and holds the result against the plan: it must parse, differ from the old tree in exactly
 * the planned places, and each of these must read the planned value under YAML 1.2 and YAML 1.1 alike.
 */
export function spliceAndProve(file: YamlFile, planned: readonly PlannedSplice[]): Proved {
  let text: string;
  try {
    text = applySplices(
      file.text,
      planned.map(({ splice }) => splice),
    );
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
  const problem = proveText(
    file,
    text,
    planned.map(({ expected }) => expected),
  );
  return problem === undefined ? { ok: true, text } : { ok: false, problem };
}

function proveText(file: YamlFile, text: string, expectations: readonly Expectation[]): string | undefined {
  const after = parseText(file.path, text, file.bom);
  if (!after.ok) return `the edited file would not parse (line ${after.line}: ${after.problem})`;
  const open = new Map(expectations.map((expected) => [keyFor(expected), expected]));
  for (const difference of differences(file, after.file)) {
    const key = keyFor(difference);
    const expected = open.get(key);
    if (expected === undefined || !fulfils(difference, expected)) {
      return `the edit would change ${printPath(difference.path)} in another way than planned`;
    }
    open.delete(key);
  }
  const missed = open.values().next().value;
  if (missed !== undefined) return `the edit would leave ${printPath(missed.path)} as it is`;
  if (file.json && !isJson(text)) return 'the edited file would not be JSON';
  return proveOlderYaml(file.path, text, expectations);
}

function fulfils(difference: Difference, expected: Expectation): boolean {
  if (difference.kind !== expected.kind) return false;
  if (difference.kind === 'removed') return true;
  const node =
    difference.kind === 'value' ? difference.after : difference.kind === 'added' ? difference.node : undefined;
  return reads(node, expected.value);
}

/** True where the node is the planned value: a scalar, or a new list or map of them. */
function reads(node: unknown, value: unknown): boolean {
  if (isScalar(node)) return node.value === value;
  if (isSeq(node) && Array.isArray(value))
    return node.items.length === value.length && node.items.every((item, index) => reads(item, value[index]));
  if (!isMap(node) || typeof value !== 'object' || value === null) return false;
  const entries = Object.entries(value);
  return (
    node.items.length === entries.length && entries.every(([key, own], index) => isPairOf(node.items[index], key, own))
  );
}

function isPairOf(pair: Pair | undefined, key: string, value: unknown): boolean {
  return pair !== undefined && keyOf(pair) === key && reads(pair.value, value);
}

/** The cluster's readers follow YAML 1.1 (https://github.com/kubernetes-sigs/yaml), the others 1.2. */
function proveOlderYaml(path: string, text: string, expectations: readonly Expectation[]): string | undefined {
  const parsed = parseText(path, text, false, '1.1');
  if (!parsed.ok) return `YAML 1.1 would not parse the edited file (line ${parsed.line}: ${parsed.problem})`;
  for (const { document, path: place, value, everywhere } of expectations) {
    if (!everywhere) continue;
    const node = nodeAtPath(parsed.file.documents[document]?.root, place);
    if (!reads(node, value)) return `YAML 1.1 would read ${printPath(place)} as something else`;
  }
  return undefined;
}

/** The node at a physical path: no alias is followed. */
export function nodeAtPath(root: Node | null | undefined, path: NodePath): Node | undefined {
  let node: unknown = root;
  for (const step of path) {
    if (isMap(node)) node = node.items.find((pair) => keyOf(pair) === step)?.value;
    else if (isSeq(node) && typeof step === 'number') node = node.items[step];
    else return undefined;
  }
  return node as Node | undefined;
}

/** `spec.containers[0].image`, with dots inside keys escaped. */
export function printPath(path: NodePath): string {
  const text = path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step.replaceAll('.', '\\.')}`))
    .join('');
  return text.startsWith('.') ? text.slice(1) : text === '' ? 'the document' : text;
}

function keyFor({ document, path }: Expectation | Difference): string {
  return JSON.stringify([document, ...path]);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
