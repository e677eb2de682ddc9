import type { Target, Verdict } from '../engines/delivery-engine.ts';
import type { ProgressEvent } from '../engines/watch.ts';
import type { Host, LiveLines } from '../host.ts';
import { type LiveRow, liveTable } from '../reporting/live-table.ts';
import { wantsColour } from '../reporting/log-style.ts';
import { createPaint } from '../reporting/paint.ts';

/** Milliseconds between two drawings that changes bring, and between two that only let the seconds pass. */
const REDRAW = 100;
const TICK = 1_000;
const UNREAD: Verdict = { kind: 'waiting', phase: 'resolve', reasons: [] };

/** Shows a wait as a table on the terminal while it lasts; the last one stays there, also when the wait is cancelled. */
export async function withLiveTable<T>(
  live: LiveLines,
  targets: readonly Target[],
  timeout: number,
  host: Host,
  body: (tell: (event: ProgressEvent) => void) => Promise<T>,
): Promise<T> {
  const { clock } = host;
  const started = clock.monotonic();
  const paint = createPaint(wantsColour(host.env, true));
  const rows = new Map<string, LiveRow>(targets.map(({ name }) => [name, { name, verdict: UNREAD, since: 0 }]));
  const ended = new AbortController();
  let drawnAt = Number.NEGATIVE_INFINITY;
  const draw = () => {
    drawnAt = clock.monotonic();
    const elapsed = drawnAt - started;
    live.draw(
      liveTable([...rows.values()], live.size(), { elapsed, remaining: Math.max(0, timeout - elapsed) }, paint),
    );
  };
  const ticking = tick(clock, ended.signal, draw);
  try {
    return await body(({ kind, target: { name }, verdict, seconds }) => {
      const since = kind === 'heartbeat' ? (rows.get(name)?.since ?? seconds) : seconds;
      rows.set(name, { name, verdict, since });
      if (clock.monotonic() - drawnAt >= REDRAW) draw();
    });
  } finally {
    ended.abort();
    await ticking;
    draw();
    live.release();
  }
}

async function tick(clock: Host['clock'], signal: AbortSignal, draw: () => void): Promise<void> {
  while (!signal.aborted) {
    draw();
    await clock.sleep(TICK, signal).catch(() => undefined);
  }
}
