import type { TargetOutcome } from '../outcome.ts';
import type { Observation } from './delivery-engine.ts';
import { concerned, depthOf, isDecided } from './family.ts';
import { unversioned } from './followers.ts';
import type { Mailbox } from './mailbox.ts';
import type { Watched } from './watched.ts';
import { outcomeOf } from './watching/conclude.ts';
import { consider } from './watching/consider.ts';
import { receive } from './watching/receive.ts';
import { HEARTBEAT, type Message, openScene, type Scene, undecided, type WatchRequest } from './watching/scene.ts';

export type { ProgressEvent, WatchRequest } from './watching/scene.ts';

/**
 * Waits until every target has its verdict, all of them in parallel under one deadline, and so every target that is found
 * below one of them. Ends by the deadline and 5 s, the diagnosis of what went wrong included.
 * @throws ToolError the reason of `host.signal` when it is aborted, at once
 */
export async function watch(request: WatchRequest): Promise<readonly TargetOutcome[]> {
  const stop = new AbortController();
  const scene = openScene(request, AbortSignal.any([request.host.signal, stop.signal]));
  const pump = forward(scene.observing.observations, scene.messages);
  try {
    while (isOpen(scene)) await step(scene);
    stop.abort();
    return await Promise.all([...scene.watched.values()].map((one) => outcomeOf(scene, one)));
  } finally {
    stop.abort();
    await pump;
  }
}

async function forward(observations: AsyncIterable<Observation>, messages: Mailbox<Message>): Promise<void> {
  try {
    for await (const observation of observations) messages.put({ kind: 'observation', observation });
  } catch (error) {
    messages.put({ kind: 'broken', error });
  }
}

function isOpen({ watched }: Scene): boolean {
  for (const one of watched.values()) if (!isDecided(one)) return true;
  return false;
}

/** One message or one timer, then a fresh judgement of every target that it can change. */
async function step(scene: Scene): Promise<void> {
  const { request, deadline, messages } = scene;
  const { clock, signal } = request.host;
  const dueAt = Math.min(deadline, scene.beatAt);
  const message = await messages.take(dueAt - clock.monotonic(), signal);
  if (message !== undefined) receive(scene, message);
  const now = clock.monotonic();
  const due = now < dueAt && message !== undefined ? concernedBy(message, scene) : undefined;
  for (const { target } of due ?? membersFirst(scene)) {
    const one = scene.watched.get(target.name);
    if (one !== undefined && !isDecided(one)) consider(scene, one, now);
  }
  if (now >= scene.beatAt) scene.beatAt = Math.min(...undecided(scene).map(({ toldAt }) => toldAt + HEARTBEAT));
}

/** A parent's verdict needs those of its members, and that of what shows no revision needs those of all that do. */
function membersFirst(scene: Scene): readonly Watched[] {
  const { watched } = scene;
  const withDepth = undecided(scene).map((one) => ({
    one,
    depth: one.target.showsRevision === false ? -1 : depthOf(one, watched),
  }));
  return withDepth.sort((a, b) => b.depth - a.depth).map(({ one }) => one);
}

/**
 * The targets that a message is about, members first, and then what shows no revision. Undefined where it is about all, such
 * as which of them runs which image.
 */
function concernedBy(message: Message, { shown, watched }: Scene): readonly Watched[] | undefined {
  if (message.kind !== 'observation' && message.kind !== 'acted') return undefined;
  if (message.kind === 'observation' && shown.takeNews()) return undefined;
  const one = watched.get(message.kind === 'acted' ? message.target : message.observation.target.name);
  if (one === undefined) return [];
  return one.target.showsRevision === false ? [one] : [...concerned(one, watched), ...unversioned(watched)];
}
