import type { DeliveryEngine, Observation, Observing, Wanted } from './delivery-engine.ts';
import { repositoriesOf } from './live-images.ts';

type Told = NonNullable<Observation['unversioned']>;

/**
 * An engine whose targets show no revision, for a wait in which others do: see `Observation.unversioned`.
 * @param applied names of targets that files tell how they should be, and that somebody has applied already
 */
export function withoutRevision(engine: DeliveryEngine, applied: ReadonlySet<string>): DeliveryEngine {
  return {
    ...engine,
    parseTarget: (text) => ({ ...engine.parseTarget(text), showsRevision: false }),
    observe(targets, wanted, options, signal): Observing {
      const observing = engine.observe(targets, wanted, options, signal);
      return { ...observing, observations: marked(observing.observations, wanted, applied) };
    },
  };
}

async function* marked(
  observations: AsyncIterable<Observation>,
  wanted: Wanted,
  applied: ReadonlySet<string>,
): AsyncGenerator<Observation> {
  const repositories = new Set(repositoriesOf(wanted.images));
  const toldOf = ({ target, images }: Observation): Told => {
    if (applied.has(target.name)) return 'applied';
    return repositoriesOf(images).some((name) => repositories.has(name)) ? 'asked' : 'untold';
  };
  for await (const observation of observations) yield { ...observation, unversioned: toldOf(observation) };
}
