import { brotliCompressSync, constants } from 'node:zlib';
import type { RuleNode } from '../../src/validation/crd-rules.ts';
import {
  type BlockEntry,
  type KindRow,
  PACK_FORMAT,
  type PackIndex,
  type PackSource,
} from '../../src/validation/pack.ts';
import type { Shape } from '../../src/validation/shape.ts';

/** One kind of one version, before versions are laid over each other. */
export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly definition: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** True where the schema is known although the version is no longer served. */
  readonly retired?: true;
  /** Which of several sources it comes from, by number. */
  readonly source?: number;
}

/** All that one version of the source has. */
export interface VersionContent {
  readonly kinds: readonly Kind[];
  readonly definitions: ReadonlyMap<string, Shape | RuleNode>;
}

export interface BlockContent {
  readonly name: string;
  /** In the order of `versions`. */
  readonly versions: readonly VersionContent[];
}

/** The bytes of a pack. The same content gives the same bytes. */
export function writePack(
  sources: readonly PackSource[],
  versions: readonly string[],
  contents: readonly BlockContent[],
): Uint8Array {
  const blocks: Record<string, BlockEntry> = {};
  const bodies: Uint8Array[] = [];
  let offset = 0;
  for (const content of contents) {
    const body = compress(blockText(content));
    blocks[content.name] = { offset, length: body.length, kinds: kindRows(content.versions) };
    bodies.push(body);
    offset += body.length;
  }
  const index: PackIndex = { sources, versions, blocks };
  const indexBytes = compress(JSON.stringify(index));
  return Buffer.concat([header(indexBytes.length), indexBytes, ...bodies]);
}

function header(indexLength: number): Uint8Array {
  const bytes = Buffer.alloc(9);
  bytes.write('DBPK', 0, 'latin1');
  bytes.writeUInt8(PACK_FORMAT, 4);
  bytes.writeUInt32LE(indexLength, 5);
  return bytes;
}

function compress(text: string): Uint8Array {
  const input = Buffer.from(text, 'utf8');
  return brotliCompressSync(input, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_SIZE_HINT]: input.length,
    },
  });
}

/** Line 0: the timelines. Then each distinct form of each definition, once; equal forms share a line. */
function blockText(content: BlockContent): string {
  const lines: string[] = [''];
  const lineOf = new Map<string, number>();
  const timelines: Record<string, [number, number][]> = {};
  for (const name of definitionNames(content.versions)) {
    const timeline: [number, number][] = [];
    content.versions.forEach((version, index) => {
      const line = lineFor(version.definitions.get(name), lines, lineOf);
      if ((timeline.at(-1)?.[1] ?? -1) !== line) timeline.push([index, line]);
    });
    timelines[name] = timeline;
  }
  lines[0] = JSON.stringify(timelines);
  return lines.join('\n');
}

function lineFor(shape: Shape | RuleNode | undefined, lines: string[], lineOf: Map<string, number>): number {
  if (shape === undefined) return -1;
  const text = JSON.stringify(shape);
  const known = lineOf.get(text);
  if (known !== undefined) return known;
  lines.push(text);
  lineOf.set(text, lines.length - 1);
  return lines.length - 1;
}

function definitionNames(versions: readonly VersionContent[]): readonly string[] {
  return [...new Set(versions.flatMap((version) => [...version.definitions.keys()]))].sort();
}

function kindRows(versions: readonly VersionContent[]): readonly KindRow[] {
  type Row = [string, string, string, string, 0 | 1, number, number, number?];
  const open = new Map<string, Row>();
  const rows: Row[] = [];
  versions.forEach((version, index) => {
    const present = new Set<string>();
    for (const kind of version.kinds) {
      const key = JSON.stringify(kind);
      present.add(key);
      if (open.has(key)) continue;
      const row: Row = [
        kind.apiVersion,
        kind.kind,
        kind.definition,
        kind.plural,
        kind.namespaced ? 1 : 0,
        index,
        kind.retired === true ? index : -1,
      ];
      if (kind.source !== undefined) row[7] = kind.source;
      open.set(key, row);
      rows.push(row);
    }
    for (const [key, row] of open) {
      if (present.has(key)) continue;
      row[6] = index;
      open.delete(key);
    }
  });
  return rows.sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]) || a[5] - b[5]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
