import { record, text } from '../api/json.ts';

export type StreamEvent =
  | { readonly kind: 'change'; readonly type: string; readonly application: unknown }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'alive' };

/** Bytes of one line; Applications with thousands of resources come to some megabytes. */
const LONGEST_LINE = 32 * 1024 * 1024;

/**
 * Takes a stream of Applications apart, in both framings: server-sent events, which have a keep-alive (`:`) every 15 s, and
 * plain JSON lines, which some proxies make of them. Chunks end anywhere, also inside a character.
 */
export function streamDecoder(): (chunk: Uint8Array) => readonly StreamEvent[] {
  const decoder = new TextDecoder();
  // An event of megabytes comes in hundreds of chunks: they are put together once, at its end.
  let unfinished: string[] = [];
  let length = 0;
  return (chunk) => {
    const [first = '', ...others] = decoder.decode(chunk, { stream: true }).split('\n');
    unfinished.push(first);
    length += first.length;
    if (length > LONGEST_LINE) return [{ kind: 'error', message: 'a line without an end' }];
    if (others.length === 0) return [];
    const lines = [unfinished.join(''), ...others.slice(0, -1)];
    unfinished = others.slice(-1);
    length = unfinished[0]?.length ?? 0;
    return lines.flatMap(readLine);
  };
}

function readLine(line: string): readonly StreamEvent[] {
  if (line.startsWith(':')) return [{ kind: 'alive' }];
  const json = (line.startsWith('data:') ? line.slice('data:'.length) : line).trim();
  return json.startsWith('{') ? [readEvent(json)] : [];
}

function readEvent(json: string): StreamEvent {
  try {
    const { result, error } = record(JSON.parse(json));
    if (error !== undefined)
      return { kind: 'error', message: text(record(error).message) ?? text(error) ?? 'an error' };
    const { type, application } = record(result);
    return { kind: 'change', type: text(type) ?? 'MODIFIED', application };
  } catch {
    return { kind: 'error', message: 'a line that is no JSON' };
  }
}
