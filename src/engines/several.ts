import { ToolError } from '../errors.ts';
import type { Host } from '../host.ts';
import type {
  DeliveryEngine,
  DiscoverQuery,
  Observation,
  ObserveOptions,
  Observing,
  Target,
  TargetSource,
  Wanted,
} from './delivery-engine.ts';
import { mailbox } from './mailbox.ts';

type Message =
  | { readonly kind: 'observation'; readonly engine: DeliveryEngine; readonly observation: Observation }
  | { readonly kind: 'ended' }
  | { readonly kind: 'broken'; readonly error: unknown };

export interface SeveralEngines extends DeliveryEngine {
  /** As `parseTarget`, for a name of which it is known which engine it is for. @throws ToolError input */
  parseTargetOf(id: string, text: string): Target;
}

/**
 * Several engines as one, for targets of more than one in a single wait. A target belongs to the engine that it is said to be
 * for, or to the first one that reads its name as one of its own; what an engine discovers belongs to it.
 */
export function severalEngines(engines: readonly DeliveryEngine[], host: Pick<Host, 'clock'>): SeveralEngines {
  const owners = new Map<string, DeliveryEngine>();
  const own = (engine: DeliveryEngine, targets: readonly Target[]): readonly Target[] => {
    for (const { name } of targets) {
      const owner = owners.get(name);
      if (owner !== undefined && owner !== engine) throw sameName(name, owner, engine);
      owners.set(name, engine);
    }
    return targets;
  };
  const ownerOf = ({ name }: Target): DeliveryEngine => {
    const engine = owners.get(name);
    if (engine === undefined) throw new ToolError('internal', `no engine knows the target ${name}`);
    return engine;
  };
  return {
    id: engines.map(({ id }) => id).join('+'),
    location: engines.map(({ location }) => location).join(', '),
    parseTarget(text) {
      const [engine, target] = firstReader(engines, text);
      own(engine, [target]);
      return target;
    },
    parseTargetOf(id, text) {
      const engine = engines.find((one) => one.id === id);
      if (engine === undefined) throw new ToolError('internal', `no engine ${id} is part of this wait`);
      const target = engine.parseTarget(text);
      own(engine, [target]);
      return target;
    },
    async discover(query, signal) {
      const found = await Promise.all(engines.map((engine) => discoverIn(engine, query, signal)));
      const targets = found.flatMap((one, index) => {
        const engine = engines[index];
        return one.kind === 'found' && engine !== undefined ? own(engine, one.targets) : [];
      });
      if (targets.length > 0) return targets;
      throw nothingFound(found.flatMap((one) => (one.kind === 'missing' ? [one.error] : [])));
    },
    sources: (target, signal): Promise<readonly TargetSource[]> => ownerOf(target).sources(target, signal),
    observe: (targets, wanted, options, signal) =>
      observeAll(engines, targets, { wanted, options, signal, ownerOf, own, host }),
    act: (target, action, revision, signal) => ownerOf(target).act(target, action, revision, signal),
    diagnose: (target, signal) => ownerOf(target).diagnose(target, signal),
    async close() {
      await Promise.all(engines.map((engine) => engine.close?.()));
    },
  };
}

/** Everything that is told of a target is told by its name. */
function sameName(name: string, { id: one }: DeliveryEngine, { id: other }: DeliveryEngine): ToolError {
  return new ToolError('input', `${name} is the name of two targets, one of engine ${one} and one of ${other}`, {
    hint: 'Write an application with its namespace (namespace/name), or wait for one of them in a step of its own.',
  });
}

/** @throws ToolError input with what each engine says of a name that none of them reads */
function firstReader(engines: readonly DeliveryEngine[], text: string): readonly [DeliveryEngine, Target] {
  const problems: string[] = [];
  for (const engine of engines) {
    try {
      return [engine, engine.parseTarget(text)];
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      problems.push(error.message);
    }
  }
  throw new ToolError('input', problems.join('; '));
}

type Discovered =
  | { readonly kind: 'found'; readonly targets: readonly Target[] }
  | { readonly kind: 'missing'; readonly error: ToolError };

/** That one engine has nothing is no error where another one has. */
async function discoverIn(engine: DeliveryEngine, query: DiscoverQuery, signal: AbortSignal): Promise<Discovered> {
  try {
    return { kind: 'found', targets: await engine.discover(query, signal) };
  } catch (error) {
    if (error instanceof ToolError && error.code === 'missing') return { kind: 'missing', error };
    throw error;
  }
}

function nothingFound(errors: readonly ToolError[]): ToolError {
  const hint = errors.map((error) => error.hint).filter((text) => text !== undefined);
  return new ToolError('missing', errors.map(({ message }) => message).join('; '), {
    problems: errors.flatMap(({ problems }) => problems),
    ...(hint.length === 0 ? {} : { hint: hint.join(' ') }),
  });
}

interface Watching {
  readonly wanted: Wanted;
  readonly options: ObserveOptions;
  readonly signal: AbortSignal;
  readonly host: Pick<Host, 'clock'>;
  readonly ownerOf: (target: Target) => DeliveryEngine;
  readonly own: (engine: DeliveryEngine, targets: readonly Target[]) => readonly Target[];
}

function observeAll(engines: readonly DeliveryEngine[], targets: readonly Target[], watching: Watching): Observing {
  const { wanted, options, signal, ownerOf } = watching;
  const observing = new Map(
    engines.flatMap((engine) => {
      const mine = targets.filter((target) => ownerOf(target) === engine);
      return mine.length === 0 ? [] : [[engine, engine.observe(mine, wanted, options, signal)] as const];
    }),
  );
  const of = (target: Target): Observing | undefined => observing.get(ownerOf(target));
  return {
    observations: merged(observing, watching),
    look: (target, at) => of(target)?.look(target, at),
    join: (target) => of(target)?.join(target),
    leave: (target) => of(target)?.leave(target),
  };
}

/** In the order in which they come; ends when all have ended, and breaks when one breaks. */
async function* merged(
  observing: ReadonlyMap<DeliveryEngine, Observing>,
  { host, signal, own }: Watching,
): AsyncGenerator<Observation> {
  const messages = mailbox<Message>(host.clock);
  for (const [engine, { observations }] of observing) void forward(engine, observations, messages.put);
  for (let open = observing.size; open > 0; ) {
    const message = await messages.take(Number.MAX_SAFE_INTEGER, signal);
    if (message?.kind === 'broken') throw message.error;
    if (message?.kind === 'ended') open--;
    if (message?.kind !== 'observation') continue;
    // Members that a target has turn out to belong to its engine.
    own(message.engine, message.observation.members ?? []);
    yield message.observation;
  }
}

async function forward(
  engine: DeliveryEngine,
  observations: AsyncIterable<Observation>,
  put: (message: Message) => void,
): Promise<void> {
  try {
    for await (const observation of observations) put({ kind: 'observation', engine, observation });
    put({ kind: 'ended' });
  } catch (error) {
    put({ kind: 'broken', error });
  }
}
