import type { ArgocdApi } from './api.ts';

/** Lets at most `size` works go on at a time; the others wait in their order, or until their signal is aborted. */
export function pool(size: number): <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T> {
  let free = size;
  const waiting = new Set<() => void>();
  const give = () => {
    const [first] = waiting;
    if (first === undefined) free++;
    else first();
  };
  return async (work, signal) => {
    if (free > 0) free--;
    else await turn(waiting, signal);
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      give();
    }
  };
}

function turn(waiting: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void) => {
      waiting.delete(go);
      signal.removeEventListener('abort', stop);
      end();
    };
    const go = () => settle(resolve);
    const stop = () => settle(() => reject(signal.reason));
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    waiting.add(go);
  });
}

/** Requests about single Applications under way at a time. */
const REQUESTS = 8;
/** Streams of single Applications; those for whom there is none are read, and no more. */
const STREAMS = 32;

/** The same server, asked about many Applications: not by all of them at once. */
export function bounded(api: ArgocdApi): ArgocdApi {
  const inTurn = pool(REQUESTS);
  const streaming = pool(STREAMS);
  return {
    ...api,
    application: (target, asking) => inTurn(() => api.application(target, asking), asking.signal),
    syncWindows: (target, asking) => inTurn(() => api.syncWindows(target, asking), asking.signal),
    managedApplications: (target, asking) => inTurn(() => api.managedApplications(target, asking), asking.signal),
    follow: (place, signal, onChange) =>
      place.name === undefined
        ? api.follow(place, signal, onChange)
        : streaming(() => api.follow(place, signal, onChange), signal).catch((error: unknown) => String(error)),
  };
}
