/** A file's bytes as text, or why they are none. */
export type Decoded =
  | { readonly ok: true; readonly text: string; readonly bom: boolean }
  | { readonly ok: false; readonly problem: string };

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const BOM = '\uFEFF';

/**
 * Decodes UTF-8 strictly. UTF-16 and binary files read as UTF-8 give no parse error at all, so they are refused here.
 * The byte order mark is taken off and reported: put it back when writing.
 */
export function decodeText(bytes: Uint8Array): Decoded {
  let text: string;
  try {
    text = UTF8.decode(bytes);
  } catch {
    return { ok: false, problem: 'the file is not valid UTF-8' };
  }
  if (text.includes('\0')) return { ok: false, problem: 'the file holds a NUL byte: it is binary, or UTF-16' };
  const bom = text.startsWith(BOM);
  return { ok: true, text: bom ? text.slice(1) : text, bom };
}
