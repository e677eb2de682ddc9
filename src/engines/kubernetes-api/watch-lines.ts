import { ToolError } from '../../errors.ts';
import { record, text } from '../api/json.ts';
import type { WatchEvent } from './cluster.ts';
import { resourceVersionOf } from './objects.ts';

/** Characters of one line; an object is at most some megabytes. */
const LONGEST_LINE = 32 * 1024 * 1024;

/** Takes a watch apart: one JSON object per line, whose chunks end anywhere, also inside a character. */
export async function* watchEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<WatchEvent> {
  const decoder = new TextDecoder();
  // A line of megabytes comes in hundreds of chunks: they are put together once, at its end.
  let unfinished: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const [first = '', ...others] = decoder.decode(chunk, { stream: true }).split('\n');
    unfinished.push(first);
    length += first.length;
    if (length > LONGEST_LINE) throw new ToolError('protocol', 'the watch sent a line without an end');
    if (others.length === 0) continue;
    const lines = [unfinished.join(''), ...others.slice(0, -1)];
    unfinished = others.slice(-1);
    length = unfinished[0]?.length ?? 0;
    for (const line of lines) if (line.trim() !== '') yield readEvent(line);
  }
}

function readEvent(line: string): WatchEvent {
  const { type, object } = record(parse(line));
  const body = record(object);
  if (type === 'ADDED' || type === 'MODIFIED') return { kind: 'changed', object: body };
  if (type === 'DELETED') return { kind: 'deleted', object: body };
  if (type === 'BOOKMARK') return { kind: 'bookmark', resourceVersion: resourceVersionOf(body) };
  // An expired resource version is told inside an answer of status 200.
  const expired = body.code === 410 || body.reason === 'Expired' || body.reason === 'Gone';
  return { kind: 'error', expired, message: text(body.message) ?? 'a line that is no event' };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
