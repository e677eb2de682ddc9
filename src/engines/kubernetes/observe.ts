import { ToolError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import { observeGone } from '../away.ts';
import type { Observation, Observing, Target, Wanted } from '../delivery-engine.ts';
import { type Gathering, gathering } from '../gathering.ts';
import type { Cluster, ResourceType, Scope } from '../kubernetes-api/cluster.ts';
import { type Following, follow, type Sighting } from '../kubernetes-api/follow.ts';
import { type ContainerImages, podTemplateOf } from '../object-health/pod-template.ts';
import { printSelector } from '../object-health/selector.ts';
import { observeAbsent } from './away.ts';
import { hasPods } from './interpret.ts';
import { knownKind } from './kinds.ts';
import { type Memory, memory } from './memory.ts';
import { knownType, refOf } from './object-ref.ts';

export interface ObserveContext {
  readonly cluster: Cluster;
  readonly host: Pick<Host, 'clock' | 'random'>;
  readonly wanted: Wanted;
  readonly applied: ReadonlyMap<string, ContainerImages>;
  readonly signal: AbortSignal;
}

/** The targets of one kind and namespace: one watch and one read for all of them. */
interface Group {
  readonly scope: Scope;
  readonly targets: Map<string, Target>;
  readonly following: Following;
}

interface Crowd {
  readonly context: ObserveContext;
  readonly memory: Memory;
  readonly gathering: Gathering;
  readonly groups: Map<string, Group>;
  /** By namespace. */
  readonly pods: Map<string, Following>;
  readonly left: Set<string>;
}

/** Milliseconds until the server is asked again whether it serves a kind by now. */
const ASK_KIND_AGAIN = 5_000;

/** All objects side by side: at most one watch for each kind and namespace, and one for the pods of each namespace. */
export function observe(targets: readonly Target[], context: ObserveContext): Observing {
  const all = gathering(context.host.clock, context.signal);
  const crowd: Crowd = {
    context: { ...context, signal: all.signal },
    memory: memory(context),
    gathering: all,
    groups: new Map(),
    pods: new Map(),
    left: new Set(),
  };
  return {
    observations: all.observations(() => begin(crowd, targets)),
    look: (target, at) => {
      for (const group of crowd.groups.values()) if (group.targets.has(target.name)) group.following.look(at);
      if (hasPods(target.kind)) crowd.pods.get(target.namespace ?? '')?.look(at);
    },
    join: (target) => {
      crowd.left.delete(target.name);
      begin(crowd, [target]);
    },
    leave: (target) => leave(crowd, target),
  };
}

function begin(crowd: Crowd, targets: readonly Target[]): void {
  const known = targets.flatMap((target) => {
    const type = knownType(refOf(target));
    if (type === undefined) crowd.gathering.run(() => beginUnknown(crowd, target));
    return type === undefined ? [] : [{ target, type }];
  });
  const places = Map.groupBy(known, ({ target, type }) => placeOf(type, target.namespace));
  for (const members of places.values()) {
    const [first] = members;
    if (first !== undefined)
      followGroup(
        crowd,
        first.type,
        members.map(({ target }) => target),
      );
  }
}

function placeOf({ group, plural }: ResourceType, namespace: string | undefined): string {
  return `${plural}.${group}/${namespace ?? ''}`;
}

/** A kind of which only the server knows how it is served; it may be about to be defined. */
async function beginUnknown(crowd: Crowd, target: Target): Promise<void> {
  const { cluster, host, signal } = crowd.context;
  const { kind, group } = refOf(target);
  while (!crowd.left.has(target.name)) {
    const types = await cluster.resources(group, signal).catch((error: unknown) => failed(crowd, target, error));
    if (types === undefined) return;
    const type = types.find((one) => one.kind === kind);
    if (type !== undefined) return followGroup(crowd, type, [target]);
    tell(crowd, [observeAbsent(target, host.clock.monotonic())]);
    await host.clock.sleep(ASK_KIND_AGAIN, signal);
  }
}

function failed(crowd: Crowd, target: Target, error: unknown): undefined {
  if (!(error instanceof ToolError)) throw error;
  tell(crowd, [observeGone(target, error, crowd.context.host.clock.monotonic())]);
}

function tell(crowd: Crowd, observations: readonly Observation[]): void {
  for (const observation of observations) crowd.gathering.tell(observation);
}

/** One object alone is followed by its name, for which a right may be given that does not hold for the others. */
function followGroup(crowd: Crowd, type: ResourceType, targets: readonly Target[]): void {
  const { context, groups } = crowd;
  const [first, ...others] = targets;
  if (first === undefined || context.signal.aborted) return;
  const namespace = type.namespaced ? (first.namespace ?? context.cluster.namespace) : undefined;
  const place = placeOf(type, namespace);
  const existing = groups.get(place);
  const isNarrow = others.length === 0 && existing === undefined;
  if (existing !== undefined && existing.scope.name === undefined) {
    for (const target of targets) existing.targets.set(target.name, target);
    existing.following.look(context.host.clock.monotonic());
    return;
  }
  existing?.following.stop();
  const all = [...(existing?.targets.values() ?? []), ...targets];
  const members = new Map(all.map((target) => [target.name, target]));
  const scope: Scope = {
    type,
    ...(namespace === undefined ? {} : { namespace }),
    ...(isNarrow ? { name: refOf(first).name } : {}),
  };
  const take = (sighting: Sighting) => takeObjects(crowd, members, sighting);
  const following = follow(context.cluster, scope, context.host, context.signal, take);
  groups.set(place, { scope, targets: members, following });
  crowd.gathering.run(following.run);
}

function takeObjects(crowd: Crowd, members: ReadonlyMap<string, Target>, sighting: Sighting): void {
  const { memory: known, context } = crowd;
  const now = context.host.clock.monotonic();
  tell(crowd, known.seeObjects([...members.values()], sighting, now));
  if (sighting.kind !== 'object' || !hasPods(sighting.object.kind)) return;
  const target = [...members.values()].find((one) => known.objectOf(one) === sighting.object);
  if (target !== undefined) followPods(crowd, target);
}

/** The pods of a single workload by its selector, of several in a namespace all. */
function followPods(crowd: Crowd, target: Target): void {
  const { context, pods, groups } = crowd;
  const { namespace } = target;
  const type = knownKind('Pod', '');
  if (namespace === undefined || type === undefined || pods.has(namespace)) return;
  const here = [...groups.values()].flatMap((group) => [...group.targets.values()]);
  const isAlone = here.filter((one) => one.namespace === namespace && hasPods(one.kind)).length === 1;
  const labels = isAlone ? selectorOf(crowd, target) : undefined;
  const take = (sighting: Sighting) =>
    tell(crowd, crowd.memory.seePods(namespace, sighting, context.host.clock.monotonic()));
  const scope: Scope = { type, namespace, ...(labels === undefined ? {} : { labels }) };
  const following = follow(context.cluster, scope, context.host, context.signal, take);
  pods.set(namespace, following);
  crowd.gathering.run(following.run);
}

function selectorOf({ memory: known }: Crowd, target: Target): string | undefined {
  const object = known.objectOf(target);
  if (object === undefined || podTemplateOf(object) === undefined) return undefined;
  return printSelector((object.spec as { readonly selector?: unknown }).selector);
}

function leave(crowd: Crowd, target: Target): void {
  const { groups, pods, memory: known, left } = crowd;
  left.add(target.name);
  known.forget(target);
  for (const [place, group] of groups) {
    group.targets.delete(target.name);
    if (group.targets.size > 0) continue;
    group.following.stop();
    groups.delete(place);
  }
  const { namespace = '' } = target;
  const others = [...groups.values()].flatMap((group) => [...group.targets.values()]);
  if (others.some((one) => one.namespace === namespace && hasPods(one.kind))) return;
  pods.get(namespace)?.stop();
  pods.delete(namespace);
}
