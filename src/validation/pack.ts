import { brotliDecompressSync } from 'node:zlib';
import { ToolError } from '../errors.ts';
import type { Shape } from './shape.ts';

/**
 * A schema pack: an index and blocks, each compressed on its own, so that a reader opens only what it needs.
 * The layout is described in `docs/packs.md`; `scripts/packs/write-pack.ts` writes it.
 */
export interface Pack {
  readonly index: PackIndex;
  /** @throws ToolError internal where the pack has no such block. */
  block(name: string): PackBlock;
}

export interface PackIndex {
  readonly sources: readonly PackSource[];
  /** What the numbers in `from` and `until` count: Kubernetes minors, oldest first. */
  readonly versions: readonly string[];
  readonly blocks: Readonly<Record<string, BlockEntry>>;
}

/** Where a part of the data comes from. */
export interface PackSource {
  /** The Kubernetes minor, or the name of the project. */
  readonly name: string;
  readonly module: string;
  readonly version: string;
  /** SPDX identifier. */
  readonly licence: string;
}

export interface BlockEntry {
  /** Bytes, counted from the end of the index. */
  readonly offset: number;
  readonly length: number;
  readonly kinds: readonly KindRow[];
}

/**
 * apiVersion, kind, definition, plural, 1 where namespaced, first version that has it, first that has not (-1: none),
 * and in packs with more than one project the source, by its number.
 */
export type KindRow = readonly [string, string, string, string, 0 | 1, number, number, number?];

export interface PackBlock {
  /** The definition as the version at `versionIndex` has it. */
  definition(name: string, versionIndex: number): Shape | undefined;
}

/** For each definition: pairs of the first version that has this form, and the line that holds it (-1: gone). */
type Timelines = Readonly<Record<string, readonly (readonly [number, number])[]>>;

const MAGIC = 'DBPK';
export const PACK_FORMAT = 1;
const HEADER_BYTES = 9;

/** @throws ToolError internal where the bytes are no pack of this format. */
export function readPack(bytes: Uint8Array): Pack {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES || ascii(bytes.subarray(0, 4)) !== MAGIC || bytes[4] !== PACK_FORMAT) {
    throw new ToolError('internal', 'The schema pack is damaged or of another format.', { hint: 'Install again.' });
  }
  const blocksStart = HEADER_BYTES + view.getUint32(5, true);
  const index = JSON.parse(inflate(bytes.subarray(HEADER_BYTES, blocksStart))) as PackIndex;
  const opened = new Map<string, PackBlock>();
  return {
    index,
    block(name) {
      const block = opened.get(name) ?? openBlock(index, name, bytes.subarray(blocksStart));
      opened.set(name, block);
      return block;
    },
  };
}

function openBlock(index: PackIndex, name: string, bytes: Uint8Array): PackBlock {
  const entry = Object.hasOwn(index.blocks, name) ? index.blocks[name] : undefined;
  if (entry === undefined) throw new ToolError('internal', `The schema pack has no block ${name}.`);
  const lines = inflate(bytes.subarray(entry.offset, entry.offset + entry.length)).split('\n');
  const timelines = JSON.parse(lines[0] ?? '{}') as Timelines;
  const parsed = new Map<number, Shape>();
  return {
    definition(definition, versionIndex) {
      const line = lineAt(timelines, definition, versionIndex);
      const text = lines[line];
      if (line < 1 || text === undefined) return undefined;
      const shape = parsed.get(line) ?? (JSON.parse(text) as Shape);
      parsed.set(line, shape);
      return shape;
    },
  };
}

function lineAt(timelines: Timelines, definition: string, versionIndex: number): number {
  if (!Object.hasOwn(timelines, definition)) return -1;
  return timelines[definition]?.findLast(([from]) => from <= versionIndex)?.[1] ?? -1;
}

function inflate(bytes: Uint8Array): string {
  return new TextDecoder().decode(brotliDecompressSync(bytes));
}

function ascii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
