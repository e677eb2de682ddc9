import { isUtf8 } from 'node:buffer';

/** A file's bytes as text, or why they are none. */
export type Decoded =
  | { readonly ok: true; readonly text: string; readonly bom: boolean }
  | { readonly ok: false; readonly problem: string };

const BOM = '\uFEFF';

/**
 * Decodes UTF-8 strictly. UTF-16 and binary files read as UTF-8 give no parse error at all, so they are refused here.
 * The byte order mark is taken off and reported: put it back when writing.
 */
export function decodeText(bytes: Uint8Array): Decoded {
  if (!isUtf8(bytes)) return { ok: false, problem: 'the file is not valid UTF-8' };
  // For large files this takes a tenth of the time that TextDecoder does.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  if (text.includes('\0')) return { ok: false, problem: 'the file holds a NUL byte: it is binary, or UTF-16' };
  const bom = text.startsWith(BOM);
  return { ok: true, text: bom ? text.slice(1) : text, bom };
}
