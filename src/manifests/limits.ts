/** Bounds on what is read, so that no input takes unbounded time or memory. */
export const LIMITS = {
  /** Bytes of one file. */
  fileBytes: 4 << 20,
  /** Files of one run. */
  files: 20_000,
  /** Bytes of all files of one run. */
  totalBytes: 64 << 20,
  /** Documents of one file. */
  documents: 10_000,
  /** Documents and objects of one run. */
  totalDocuments: 150_000,
  /** Findings of one run. */
  totalFindings: 100_000,
  /** Nesting of maps and lists. */
  depth: 64,
  /** Anchors of one document. */
  anchors: 1_000,
  /** Maps, lists and scalars of one document, with every alias written out. */
  nodes: 200_000,
  /** Characters of one document's scalars, with every alias written out. */
  characters: 16 << 20,
} as const;

/** The limit that a document exceeds, as a sentence; undefined where it keeps to all of them. `text` is what it was read from. */
export function exceededLimit(value: unknown, text: string): string | undefined {
  const anchors = text.includes('&') && text.includes('*') ? countAnchors(text) : 0;
  if (anchors > LIMITS.anchors) return `The document has more than ${LIMITS.anchors} anchors.`;
  if (anchors === 0 && text.length < LIMITS.nodes) return undefined;
  const size = expandedSize(value);
  if (size === 'circular') return 'An alias stands inside the very node that its anchor names.';
  if (size === 'deep') return `Nested deeper than ${LIMITS.depth} levels once its aliases are written out.`;
  const tooMany = tooManyNodes(size.nodes);
  if (tooMany !== undefined) return tooMany;
  if (size.characters > LIMITS.characters) {
    return `The document has more than ${LIMITS.characters >> 20} MiB of text once its aliases are written out.`;
  }
  return undefined;
}

export function tooManyNodes(nodes: number): string | undefined {
  if (nodes <= LIMITS.nodes) return undefined;
  return `The document has more than ${LIMITS.nodes.toLocaleString('en')} nodes once its aliases are written out.`;
}

function countAnchors(text: string): number {
  let count = 0;
  for (const _ of text.matchAll(/(^|[\s,:[{-])&[^\s,[\]{}]+/g)) count++;
  return count;
}

interface Size {
  readonly height: number;
  readonly nodes: number;
  readonly characters: number;
}

/** Counts each shared node once and adds it up wherever it stands, so that nested aliases cost nothing. */
function expandedSize(root: unknown): Size | 'circular' | 'deep' {
  const known = new Map<object, Size | 'open'>();
  const measure = (value: unknown, depth: number): Size | 'circular' | 'deep' => {
    if (typeof value !== 'object' || value === null) return { height: 0, nodes: 1, characters: lengthOf(value) };
    const earlier = known.get(value);
    if (earlier !== undefined) return earlier === 'open' ? 'circular' : earlier;
    if (depth > LIMITS.depth) return 'deep';
    known.set(value, 'open');
    let [height, nodes, characters] = [0, 1, 0];
    for (const inner of Object.values(value)) {
      // Most of what there is: nothing is made for it.
      if (typeof inner !== 'object' || inner === null) {
        nodes++;
        characters += lengthOf(inner);
        continue;
      }
      const size = measure(inner, depth + 1);
      if (typeof size === 'string') return size;
      height = Math.max(height, size.height);
      nodes += size.nodes;
      characters += size.characters;
    }
    const size = { height: height + 1, nodes, characters };
    if (size.height > LIMITS.depth) return 'deep';
    known.set(value, size);
    return size;
  };
  return measure(root, 0);
}

function lengthOf(scalar: unknown): number {
  return typeof scalar === 'string' ? scalar.length : 1;
}
