import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';

interface Entry {
  readonly method: number;
  readonly compressedSize: number;
  readonly localHeader: number;
}

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;

/** Reads single files of a zip archive by name (the layout: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT). */
export function openZip(path: string): { names: readonly string[]; read(name: string): Buffer } {
  const bytes = readFileSync(path);
  const entries = readDirectory(bytes);
  return {
    names: [...entries.keys()].sort(),
    read(name) {
      const entry = entries.get(name);
      if (entry === undefined) throw new Error(`${path} holds no ${name}`);
      return extract(bytes, entry);
    },
  };
}

function readDirectory(bytes: Buffer): Map<string, Entry> {
  let end = bytes.length - 22;
  while (end >= 0 && bytes.readUInt32LE(end) !== END_OF_DIRECTORY) end--;
  if (end < 0) throw new Error('not a zip archive');
  const entries = new Map<string, Entry>();
  let at = bytes.readUInt32LE(end + 16);
  while (bytes.readUInt32LE(at) === DIRECTORY_ENTRY) {
    const nameLength = bytes.readUInt16LE(at + 28);
    entries.set(bytes.toString('utf8', at + 46, at + 46 + nameLength), {
      method: bytes.readUInt16LE(at + 10),
      compressedSize: bytes.readUInt32LE(at + 20),
      localHeader: bytes.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

function extract(bytes: Buffer, entry: Entry): Buffer {
  const start =
    entry.localHeader + 30 + bytes.readUInt16LE(entry.localHeader + 26) + bytes.readUInt16LE(entry.localHeader + 28);
  const body = bytes.subarray(start, start + entry.compressedSize);
  if (entry.method === 0) return body;
  if (entry.method === 8) return inflateRawSync(body);
  throw new Error(`compression method ${entry.method} is not supported`);
}
