import type { ActResult, Target, Verdict, Wanted } from '../delivery-engine.ts';
import { unreadSince, withMembers } from '../family.ts';
import { coming, historyOf, isOutdated, leftBehind, withLeaders } from '../followers.ts';
import { type JudgeOptions, judge } from '../judge.ts';
import { actionDue, summarise, type Watched } from '../watched.ts';
import { conclude } from './conclude.ts';
import { HEARTBEAT, type Scene } from './scene.ts';

/** Judges a target anew, and does what follows from it: its end, a line, another look, an action. */
export function consider(scene: Scene, one: Watched, now: number): void {
  const verdict = verdictOn(scene, one, now);
  if (verdict.kind !== 'waiting') {
    conclude(scene, one, verdict);
  } else if (now >= scene.deadline) {
    conclude(scene, one, { ...verdict, kind: 'timedOut' });
  } else {
    const updated = tell(scene, lookAgain(scene, beginAnew(scene, one, now), verdict.due), verdict, now);
    const action = actionDue(updated, scene.request.options);
    scene.watched.set(one.target.name, action === undefined ? updated : act(scene, updated, action));
  }
}

/** Asks for the look that could decide, once. */
function lookAgain(scene: Scene, one: Watched, verdictDue: number | undefined): Watched {
  const due = unreadSince(one, scene.watched, scene.related) ?? verdictDue;
  if (due === undefined || due === one.lookAt) return one;
  scene.observing.look(one.target, due);
  return { ...one, lookAt: due };
}

/** Forgets what is outdated, and looks anew. */
function beginAnew({ observing, watched, related }: Scene, one: Watched, now: number): Watched {
  if (!isOutdated(one, watched, related)) return one;
  observing.leave(one.target);
  observing.join(one.target);
  const { readAt: _, ...rest } = one;
  return { ...rest, anewAt: now };
}

/** The revision is for every target, an image only for those that run it. */
function wantedOf({ request: { wanted }, shown }: Scene, { name }: Target): Wanted {
  return wanted.images.length === 0 ? wanted : { ...wanted, images: shown.dueFrom(name) };
}

function verdictOn(scene: Scene, one: Watched, now: number): Verdict {
  const { watched, related } = scene;
  const verdict = leftBehind(one, watched, related) ?? withOthers(scene, one, judged(scene, one, now));
  const isStuck = verdict.kind === 'blocked' || verdict.kind === 'waiting';
  return one.refusal === undefined || !isStuck ? verdict : { ...verdict, reasons: [one.refusal, ...verdict.reasons] };
}

/** By itself. */
function judged(scene: Scene, one: Watched, now: number): Verdict {
  const options: JudgeOptions = { ...scene.request.options, ...(one.refusal === undefined ? {} : { sync: 'never' }) };
  const history = historyOf(one, scene.watched, scene.related);
  return judge(history, wantedOf(scene, one.target), options, now, one.since);
}

/** With what it brings, and what brings it. */
function withOthers({ watched, related, request }: Scene, one: Watched, own: Verdict): Verdict {
  const { appearTimeout, stableFor } = request.options;
  const still = own.code === 'missing' ? coming(one, watched, related, appearTimeout) : undefined;
  if (still === undefined) return withLeaders(withMembers(own, one, watched), one, watched, related, stableFor);
  return { ...own, kind: 'waiting', ...(still.until === undefined ? {} : { due: still.until }) };
}

/** Reports a change of state, or a sign of life when there was none for long. */
function tell(scene: Scene, one: Watched, verdict: Verdict, now: number): Watched {
  const entry = summarise(one, verdict, now - scene.started);
  const changed = entry !== undefined;
  if (!changed && now - one.toldAt < HEARTBEAT) return { ...one, verdict };
  const seconds = (now - scene.started) / 1000;
  scene.request.progress({ kind: changed ? 'change' : 'heartbeat', target: one.target, seconds, verdict });
  return { ...one, verdict, toldAt: now, timeline: changed ? [...one.timeline, entry] : one.timeline };
}

/** Starts what was asked for, once for each revision; the answer comes back as a message. */
function act(scene: Scene, one: Watched, kind: 'sync' | 'terminate'): Watched {
  const { request, messages, signal } = scene;
  const revision = one.history.at(-1)?.seenRevision;
  const action = `${kind} ${revision}`;
  const report = (result: ActResult) => messages.put({ kind: 'acted', target: one.target.name, action, result });
  void request.engine
    .act(one.target, kind, kind === 'sync' ? revision : undefined, signal)
    .then(report, (error: unknown) => {
      if (!signal.aborted) report({ kind: 'refused', reason: error instanceof Error ? error.message : String(error) });
    });
  return { ...one, acted: [...one.acted, action] };
}
