import { ToolError } from '../../errors.ts';
import type { Revision } from '../../forges/forge-client.ts';
import type { Observation, Wanted } from '../delivery-engine.ts';
import { DEEPEST, departed, depthOf, isDecided, MOST_MEMBERS } from '../family.ts';
import { judgedFrom } from '../followers.ts';
import { revisionsOf } from '../relations.ts';
import { afterAction, remember, startWatching, type Watched } from '../watched.ts';
import { conclude } from './conclude.ts';
import { type Message, type Scene, undecided } from './scene.ts';

/** Takes up what a message says. @throws what the observing broke with, where that is no `ToolError` */
export function receive(scene: Scene, message: Message): void {
  if (message.kind === 'observation') {
    const { observation } = message;
    const one = scene.watched.get(observation.target.name);
    if (one === undefined || one.diagnosis !== undefined) return;
    scene.shown.add(observation.target.name, observation.images);
    scene.known.lookUp(differing(observation, scene.request.wanted), observation.at);
    const updated = remember(one, observation, judgedFrom(one, scene.watched, scene.related));
    scene.watched.set(observation.target.name, updated);
    meet(scene, updated, observation);
  } else if (message.kind === 'acted') {
    const one = scene.watched.get(message.target);
    if (one !== undefined) scene.watched.set(message.target, afterAction(one, message.action, message.result));
  } else if (message.kind === 'broken') {
    giveUp(scene, message.error);
  }
}

/** Members are watched from when they are first named, and no longer once their parent has arrived without them. */
function meet(scene: Scene, parent: Watched, { members = [], at }: Observation): void {
  const { watched, related, observing, shown } = scene;
  const unknown = members.filter(({ name }) => !watched.has(name));
  const isTooDeep = depthOf(parent, watched) >= DEEPEST;
  if (unknown.length > 0 && (isTooDeep || watched.size + unknown.length > MOST_MEMBERS)) {
    tooMany(scene, parent, isTooDeep ? `${DEEPEST} generations` : `${MOST_MEMBERS} applications`);
    return;
  }
  for (const target of unknown) {
    watched.set(target.name, startWatching(target, at));
    observing.join(target);
  }
  for (const { target } of departed(parent, watched, related)) {
    observing.leave(target);
    watched.delete(target.name);
    shown.remove(target.name);
  }
}

function tooMany(scene: Scene, parent: Watched, bound: string): void {
  const { phase } = parent.verdict;
  conclude(scene, parent, { kind: 'blocked', phase, reasons: [`more than ${bound} are below it, which is the bound`] });
}

function differing(observation: Observation, wanted: Wanted): readonly Revision[] {
  return revisionsOf(observation).filter((revision) => revision !== wanted.revision);
}

/** The engine cannot be observed at all any more: every target that is left ends with that error. */
function giveUp(scene: Scene, error: unknown): void {
  if (!(error instanceof ToolError)) throw error;
  for (const { target } of undecided(scene)) {
    const one = scene.watched.get(target.name);
    if (one === undefined || isDecided(one)) continue;
    const { phase } = one.verdict;
    conclude(scene, one, { kind: 'unreachable', phase, reasons: [error.message], code: error.code });
  }
}
