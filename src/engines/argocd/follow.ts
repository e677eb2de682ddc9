import { ToolError } from '../../errors.ts';
import type { Clock } from '../../host.ts';
import type { ArgocdClient } from './client.ts';
import { streamDecoder } from './event-stream.ts';

/**
 * Milliseconds for the headers. The stream of an Application that is missing or forbidden sends none at all, and no
 * keep-alive: it just stays silent.
 */
const HEADERS_DEADLINE = 10_000;
/** Milliseconds without a byte after which a stream is dead; a keep-alive comes every 15 s. */
const WATCHDOG = 45_000;

/** Passes the events of a stream on until it ends, and says why it did. Never throws. */
export async function follow(
  client: ArgocdClient,
  clock: Clock,
  query: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
  onChange: (type: string, application: unknown) => void,
): Promise<string> {
  try {
    const stream = await client.open('/api/v1/stream/applications', { query, signal, timeout: HEADERS_DEADLINE });
    try {
      if (stream.status !== 200) return `HTTP ${stream.status}`;
      return await drain(stream.chunks, clock, signal, onChange);
    } finally {
      stream.close();
    }
  } catch (error) {
    return error instanceof ToolError ? error.message : String(error);
  }
}

async function drain(
  chunks: AsyncIterable<Uint8Array>,
  clock: Clock,
  signal: AbortSignal,
  onChange: (type: string, application: unknown) => void,
): Promise<string> {
  const decode = streamDecoder();
  const iterator = chunks[Symbol.asyncIterator]();
  for (;;) {
    const step = await within(clock, WATCHDOG, iterator.next(), signal);
    if (step.done === true) return 'the server closed it';
    for (const event of decode(step.value)) {
      if (event.kind === 'error') return event.message;
      if (event.kind === 'change') onChange(event.type, event.application);
    }
  }
}

/** Rejects when nothing comes for `milliseconds`. */
export async function within<T>(clock: Clock, milliseconds: number, work: Promise<T>, signal: AbortSignal): Promise<T> {
  const done = new AbortController();
  const end = () => done.abort(signal.reason);
  signal.addEventListener('abort', end, { once: true });
  const alarm = clock.sleep(milliseconds, done.signal).then(() => {
    throw new ToolError('temporary', `nothing came for ${milliseconds / 1000} s`);
  });
  alarm.catch(() => undefined);
  try {
    signal.throwIfAborted();
    return await Promise.race([work, alarm]);
  } finally {
    signal.removeEventListener('abort', end);
    done.abort();
  }
}
