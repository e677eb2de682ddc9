import { may } from './accounts.ts';
import type { Reply, Sink } from './answers.ts';
import { type Call, type Context, isAnswer, locate, placeOf } from './context.ts';
import type { Controller } from './controller.ts';
import { isSelected, project } from './queries.ts';
import type { RenderedApplication } from './render.ts';
import { renderTree } from './tree.ts';

/** Milliseconds between two lines that only keep the connection open; with events alone, JSON lines have none. */
const KEEP_ALIVE = 15_000;
/** Bytes after which an event is cut, as the real server's buffer does. */
const CHUNK = 4090;

/**
 * `/api/v1/stream/applications`: what there is as ADDED, then every change as MODIFIED. As long as there is nothing to
 * say, nothing is sent at all, not even headers: so it is for a name that is missing or forbidden.
 */
export function applicationStream(context: Context, call: Call): Reply {
  const fields = call.query.get('fields')?.split(',');
  const chosen = [...context.controllers.values()].filter(
    (controller) =>
      may(call.account, 'get', controller.state().application.project) && isSelected(controller.state(), call.query),
  );
  return {
    stream: (sink) => {
      const writer = eventWriter(context, call, sink);
      const say = (type: string, application: RenderedApplication) => {
        const event = { result: { type, application } };
        writer.write(application.metadata.name, fields === undefined ? event : project(event, fields));
      };
      for (const controller of chosen) say('ADDED', controller.application());
      return untilGone(
        sink,
        chosen.map((controller) => subscribed(controller, say)),
      );
    },
  };
}

function subscribed(controller: Controller, say: (type: string, application: RenderedApplication) => void) {
  return controller.subscribe((application) => say('MODIFIED', application));
}

/** `/api/v1/stream/applications/{name}/resource-tree`: the whole tree at each change, and nothing before the first. */
export function treeStream(context: Context, call: Call): Reply {
  const found = locate(context, call.account, placeOf(call));
  if (isAnswer(found)) return found;
  return {
    stream: (sink) => {
      const writer = eventWriter(context, call, sink);
      const stop = found.subscribe((_, state) => {
        writer.write('tree', { result: renderTree(state, context.now()) });
      });
      return untilGone(sink, [stop]);
    },
  };
}

function untilGone(sink: Sink, stops: readonly (() => void)[]): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      for (const stop of stops) stop();
      resolve();
    };
    if (sink.signal.aborted) end();
    else sink.signal.addEventListener('abort', end, { once: true });
  });
}

/** Writes events in the framing that the client asked for; the same event of the same name twice in a row only once. */
function eventWriter(context: Context, call: Call, sink: Sink) {
  const sse = (call.headers.accept ?? '').includes('text/event-stream');
  const last = new Map<string, string>();
  const encoder = new TextEncoder();
  let opened = false;
  const open = () => {
    if (!opened) sink.open(sse ? 'text/event-stream' : 'application/json');
    opened = true;
  };
  if (sse) void keepAlive(context, sink, () => opened && sink.write(encoder.encode(':\n')));
  return {
    write(name: string, event: unknown): void {
      const text = JSON.stringify(event);
      if (last.get(name) === text) return;
      last.set(name, text);
      open();
      for (const chunk of chunksOf(encoder.encode(sse ? `data: ${text} \n\n` : text))) sink.write(chunk);
      sink.write(encoder.encode('\n'));
    },
  };
}

function chunksOf(bytes: Uint8Array): readonly Uint8Array[] {
  const count = Math.ceil(bytes.length / CHUNK);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * CHUNK, (index + 1) * CHUNK));
}

async function keepAlive(context: Context, sink: Sink, say: () => void): Promise<void> {
  try {
    while (!sink.signal.aborted) {
      await context.host.clock.sleep(KEEP_ALIVE, sink.signal);
      say();
    }
  } catch {
    // The client has gone.
  }
}
