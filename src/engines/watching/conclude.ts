import type { TargetOutcome } from '../../outcome.ts';
import type { Diagnosis, Target, Verdict } from '../delivery-engine.ts';
import { below, isDecided, orphaned } from '../family.ts';
import { summarise, type Watched } from '../watched.ts';
import type { Scene } from './scene.ts';

/** Milliseconds that a diagnosis may take, so that the whole ends within 5 s of the deadline. */
const DIAGNOSIS_BUDGET = 4_000;
/** Targets of one wait that are diagnosed: the first ones to go wrong tell what there is to know. */
const MOST_DIAGNOSES = 20;
const DIAGNOSED: ReadonlySet<Verdict['kind']> = new Set(['failed', 'timedOut', 'blocked']);

/** Ends the waiting for a target with its verdict, and that for what is below it. */
export function conclude(scene: Scene, one: Watched, verdict: Verdict): void {
  scene.observing.leave(one.target);
  const now = scene.request.host.clock.monotonic();
  const seconds = (now - scene.started) / 1000;
  const entry = summarise(one, verdict, now - scene.started);
  scene.request.progress({ kind: 'verdict', target: one.target, seconds, verdict });
  const decided: Watched = {
    ...one,
    verdict,
    decidedAt: now,
    timeline: entry === undefined ? one.timeline : [...one.timeline, entry],
    diagnosis: isDiagnosed(scene, one, verdict) ? diagnose(scene, one.target) : Promise.resolve(undefined),
  };
  scene.watched.set(one.target.name, decided);
  for (const { target } of below(one, scene.watched)) {
    const member = scene.watched.get(target.name);
    if (member !== undefined && !isDecided(member) && now < scene.deadline)
      conclude(scene, member, orphaned(member, decided));
  }
}

function isDiagnosed({ diagnosed }: Scene, { target }: Watched, { kind }: Verdict): boolean {
  return DIAGNOSED.has(kind) && diagnosed.size < MOST_DIAGNOSES && diagnosed.add(target.name).has(target.name);
}

async function diagnose(scene: Scene, target: Target): Promise<Diagnosis | undefined> {
  const { clock, signal } = scene.request.host;
  const budget = new AbortController();
  const ended = new AbortController();
  void clock.sleep(DIAGNOSIS_BUDGET, AbortSignal.any([signal, ended.signal])).then(
    () => budget.abort(),
    () => undefined,
  );
  try {
    return await scene.request.engine.diagnose(target, AbortSignal.any([signal, budget.signal]));
  } catch {
    return undefined;
  } finally {
    ended.abort();
  }
}

/** Of a target that has its verdict, once its diagnosis is there. @throws the reason of `host.signal` when it is aborted */
export async function outcomeOf(scene: Scene, one: Watched): Promise<TargetOutcome> {
  const diagnosis = await one.diagnosis;
  scene.request.host.signal.throwIfAborted();
  const { target, verdict, timeline, decidedAt } = one;
  const seconds = Math.round(((decidedAt ?? scene.started) - scene.started) / 100) / 10;
  return { target, verdict, seconds, timeline, ...(diagnosis === undefined ? {} : { diagnosis }) };
}
