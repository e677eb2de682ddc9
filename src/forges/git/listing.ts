import { ToolError } from '../../errors.ts';
import type { Revision } from '../forge-client.ts';

/** One entry of a tree: a file, a symbolic link, or the commit of a submodule. */
export interface TreeEntry {
  readonly mode: string;
  readonly id: string;
  readonly path: string;
  /** False where the path is not valid UTF-8: such a file is counted, never read or written. */
  readonly named: boolean;
}

const STRICT = new TextDecoder('utf-8', { fatal: true });
const LOOSE = new TextDecoder();

/** Reads `ls-tree -r -z`: `<mode> <type> <id>TAB<path>NUL`, paths as bytes. */
export function parseTree(output: Uint8Array): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let start = 0; start < output.length; ) {
    const end = output.indexOf(0, start);
    const tab = output.indexOf(9, start);
    if (end < 0 || tab < 0 || tab > end) throw unreadable('tree');
    const [mode = '', , id = ''] = LOOSE.decode(output.subarray(start, tab)).split(' ');
    entries.push({ mode, id, ...decodePath(output.subarray(tab + 1, end)) });
    start = end + 1;
  }
  return entries;
}

function decodePath(bytes: Uint8Array): { path: string; named: boolean } {
  try {
    return { path: STRICT.decode(bytes), named: true };
  } catch {
    return { path: LOOSE.decode(bytes), named: false };
  }
}

/** Reads `cat-file --batch`: `<id> <type> <size>LF<bytes>LF` for each object. */
export function parseObjects(output: Uint8Array): Map<string, Uint8Array> {
  const objects = new Map<string, Uint8Array>();
  for (let start = 0; start < output.length; ) {
    const lineEnd = output.indexOf(10, start);
    const [id = '', type, size = ''] = LOOSE.decode(output.subarray(start, lineEnd)).split(' ');
    const end = lineEnd + 1 + Number(size);
    if (lineEnd < 0 || type !== 'blob' || !/^\d+$/.test(size) || end >= output.length) throw unreadable('file');
    objects.set(id, output.slice(lineEnd + 1, end));
    start = end + 1;
  }
  return objects;
}

/** Paths that differ, from `diff-tree -r -z`: `:<modes and ids>NUL<path>NUL`. One character a byte, so that none collide. */
export function parseChangedPaths(output: Uint8Array): Set<string> {
  const parts = Buffer.from(output).toString('latin1').split('\0');
  return new Set(parts.filter((_, index) => index % 2 === 1));
}

/** Ids with a `?` before them, from `rev-list --missing=print`. */
export function parseMissing(output: Uint8Array): Set<string> {
  const lines = Buffer.from(output).toString('latin1').split('\n');
  return new Set(lines.filter((line) => /^\?[0-9a-f]{40,64}$/.test(line)).map((line) => line.slice(1)));
}

export interface RemoteReferences {
  /** Full name of what HEAD points to. */
  readonly head?: string;
  readonly revisions: ReadonlyMap<string, Revision>;
}

/** Reads `ls-remote --symref`: `ref: <name>TABHEAD`, `<id>TAB<name>`. */
export function parseReferences(output: Uint8Array): RemoteReferences {
  const revisions = new Map<string, Revision>();
  let head: string | undefined;
  for (const line of LOOSE.decode(output).split('\n')) {
    const [value = '', name = ''] = line.split('\t');
    if (value.startsWith('ref: ') && name === 'HEAD') head = value.slice('ref: '.length);
    else if (isRevision(value)) revisions.set(name, value);
  }
  return { revisions, ...(head === undefined ? {} : { head }) };
}

export function isRevision(text: string): boolean {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

function unreadable(what: string): ToolError {
  return new ToolError('protocol', `Git's listing of a ${what} cannot be read.`, { hint: 'Run this again.' });
}
