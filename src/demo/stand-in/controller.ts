import type { Clock } from '../../host.ts';
import { type RenderedApplication, renderApplication } from './render.ts';
import { advance, nextStep } from './state.ts';
import type { ApplicationState, Event, Reading } from './types.ts';

export interface ControllerOptions {
  readonly clock: Clock;
  /** Milliseconds of a wall clock that never jumps. */
  readonly now: () => number;
  readonly initial: ApplicationState;
  /** Reads the repository for an application at a revision, now. */
  readonly read: (application: ApplicationState['application'], revision: string) => Promise<Reading>;
  /** The next version of anything in the cluster. */
  readonly nextVersion: () => number;
  /** Milliseconds between two looks that nobody asked for. */
  readonly polling: number;
  readonly signal: AbortSignal;
}

export type Listener = (application: RenderedApplication, state: ApplicationState) => void;

/** One Application that lives: its state, moved by events, by time and by what the repository holds. */
export interface Controller {
  state(): ApplicationState;
  /** As last published. */
  application(): RenderedApplication;
  read(revision: string): Promise<Reading>;
  send(event: Event): void;
  /** Called at every change that can be seen, until the returned function is called. */
  subscribe(listener: Listener): () => void;
  /** The first Application without the annotation of a refresh: what a GET with `refresh` waits for. Never, if closed before. */
  refreshed(): Promise<RenderedApplication>;
  /** Resolves when nothing of it runs any more; the signal must be aborted before. */
  ended(): Promise<void>;
}

export function startController(options: ControllerOptions): Controller {
  const { clock, now, signal } = options;
  const listeners = new Set<Listener>();
  let state = options.initial;
  let published = renderApplication(state, { resourceVersion: options.nextVersion(), generation: 1 });
  let served = 0;
  let looking: Promise<void> | undefined;
  let timer = new AbortController();
  signal.addEventListener('abort', () => timer.abort(signal.reason), { once: true });

  function send(event: Event): void {
    if (signal.aborted) return;
    state = advance(state, event, now());
    publish();
    schedule();
    if (looking === undefined && served < state.asked) looking = look();
  }

  function publish(): void {
    const { resourceVersion, generation } = published.metadata;
    const same = renderApplication(state, { resourceVersion: Number(resourceVersion), generation });
    if (JSON.stringify(same) === JSON.stringify(published)) return;
    const bodyChanged = JSON.stringify({ ...same, metadata: 0 }) !== JSON.stringify({ ...published, metadata: 0 });
    const versions = { resourceVersion: options.nextVersion(), generation: generation + (bodyChanged ? 1 : 0) };
    published = renderApplication(state, versions);
    for (const listener of [...listeners]) listener(published, state);
  }

  function schedule(): void {
    timer.abort();
    timer = new AbortController();
    const at = nextStep(state);
    if (at !== undefined) after(Math.max(0, at - now()), timer.signal, () => send({ kind: 'tick' }));
  }

  function after(milliseconds: number, cancelled: AbortSignal, action: () => void): void {
    clock.sleep(milliseconds, cancelled).then(
      () => (cancelled.aborted ? undefined : action()),
      () => undefined,
    );
  }

  function read(revision: string): Promise<Reading> {
    return options.read(state.application, revision).catch(unexpected);
  }

  async function look(): Promise<void> {
    const asked = state.asked;
    const startedAt = now();
    const reading = await read(state.application.targetRevision);
    served = asked;
    looking = undefined;
    send({ kind: 'compared', reading, startedAt, asked });
  }

  function poll(): void {
    after(options.polling, signal, () => {
      send({ kind: 'look' });
      poll();
    });
  }

  function refreshed(): Promise<RenderedApplication> {
    if (state.refresh === undefined) return Promise.resolve(published);
    return new Promise((resolve) => {
      const listener: Listener = (application, { refresh }) => {
        if (refresh !== undefined) return;
        listeners.delete(listener);
        resolve(application);
      };
      listeners.add(listener);
    });
  }

  function subscribe(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  looking = look();
  poll();
  return {
    state: () => state,
    application: () => published,
    read,
    send,
    subscribe,
    refreshed,
    ended: async () => looking,
  };
}

function unexpected(error: unknown): Reading {
  return { ok: false, problem: `rpc error: code = Internal desc = ${error instanceof Error ? error.message : error}` };
}
