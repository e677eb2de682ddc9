import type { Observing, Target } from '../delivery-engine.ts';
import { type Gathering, gathering } from '../gathering.ts';
import type { ObserveContext } from './observe-context.ts';
import { bounded } from './pool.ts';
import { type Together, together } from './together.ts';
import { type ApplicationWatch, watchApplication } from './watch-application.ts';
import { watchApplicationSet } from './watch-application-set.ts';

interface Crowd {
  readonly context: ObserveContext;
  readonly together: Together;
  readonly gathering: Gathering;
  readonly watches: Map<string, ApplicationWatch>;
}

/** All Applications side by side, in one sequence; those that join later as well. */
export function observe(targets: readonly Target[], context: ObserveContext): Observing {
  const all = gathering(context.host.clock, context.signal);
  const shared: ObserveContext = { ...context, api: bounded(context.api), signal: all.signal };
  const crowd: Crowd = {
    context: shared,
    together: together(shared, all.fail),
    gathering: all,
    watches: new Map(),
  };
  return {
    observations: all.observations(() => begin(crowd, targets)),
    look: (target, at) => crowd.watches.get(target.name)?.look(at),
    join: (target) => join(crowd, target),
    leave: (target) => {
      crowd.watches.get(target.name)?.stop();
      crowd.watches.delete(target.name);
    },
  };
}

/** All of them are known before the first one asks, so that it is known whether they are many. */
function begin(crowd: Crowd, targets: readonly Target[]): void {
  for (const one of targets.map((target) => admit(crowd, target))) run(crowd, one);
}

function join(crowd: Crowd, target: Target): void {
  run(crowd, admit(crowd, target));
}

/** Undefined where it is observed already. */
function admit(
  { context, together, gathering: { tell }, watches }: Crowd,
  target: Target,
): ApplicationWatch | undefined {
  if (watches.has(target.name) || context.signal.aborted) return undefined;
  const one =
    target.kind === 'ApplicationSet'
      ? watchApplicationSet(target, context, tell)
      : watchApplication(target, context, tell, together);
  watches.set(target.name, one);
  return one;
}

function run(crowd: Crowd, one: ApplicationWatch | undefined): void {
  if (one !== undefined) crowd.gathering.run(one.run);
}
