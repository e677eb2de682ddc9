import { type Json, list, record, time } from '../api/json.ts';
import type { ResourceState, TargetState } from '../delivery-engine.ts';
import { imagesOf } from '../kubernetes-api/objects.ts';
import { type ObjectHealth, objectHealth } from '../object-health/object-health.ts';
import type { FluxObject } from './flux-object.ts';
import { judgedOf } from './inventory.ts';
import type { ObjectName } from './target-ref.ts';
import { find, stateOf, type World } from './world.ts';

/** How the objects do that something has applied. */
export interface AppliedHealth {
  readonly state: Extract<TargetState, 'healthy' | 'progressing' | 'degraded' | 'suspended'>;
  readonly reasons: readonly string[];
  /** One of them cannot do better by itself. */
  readonly lost?: string;
  readonly resources: readonly ResourceState[];
  readonly images: readonly string[];
  /** When the newest of their states began by the server's clock, milliseconds since 1970. */
  readonly since: number;
  /** When the oldest list of them that counts had been asked for, `Clock.monotonic` milliseconds; absent: not all were read. */
  readonly readSince?: number;
}

interface Judged {
  readonly name: ObjectName;
  readonly object?: Json;
  readonly health: ObjectHealth;
}

const WORST_FIRST = ['degraded', 'progressing', 'suspended', 'healthy'] as const;
/** Objects named as not judged. */
const NAMED = 3;

/** Objects are those of the inventory that have a health; a kind that may not be read, or is not served, is passed over. */
export function appliedHealth(object: FluxObject, world: World): AppliedHealth {
  const names = judgedOf(object);
  const open = names.filter((name) => stateOf(world, name).refusal === undefined);
  const judged = open.map((name) => judge(name, world));
  const state = WORST_FIRST.find((wanted) => judged.some(({ health }) => health.health === wanted)) ?? 'healthy';
  const worst = judged.filter(({ health }) => health.health !== 'healthy' && health.health !== 'none');
  const lost = worst.find(({ health }) => health.final);
  const reads = open.map((name) => stateOf(world, name).readSince);
  const isRead = reads.every((read) => read !== undefined);
  return {
    state,
    reasons: [...worst.map(tell), ...unjudged(names, open, world)],
    ...(lost === undefined ? {} : { lost: tell(lost) }),
    resources: judged.map(resourceState),
    images: [...new Set(judged.flatMap(({ object: one }) => (one === undefined ? [] : imagesIn(one))))],
    since: Math.max(0, ...judged.map(({ object: one }) => (one === undefined ? 0 : changedAt(one)))),
    ...(isRead ? { readSince: Math.min(Number.POSITIVE_INFINITY, ...reads) } : {}),
  };
}

function judge(name: ObjectName, world: World): Judged {
  const object = find(world, name);
  if (object !== undefined) return { name, object, health: objectHealth(object) };
  // A Job that has done its work may be taken away by its own time to live.
  const isGone = stateOf(world, name).readSince !== undefined;
  const reason = isGone ? 'it is not there' : 'it has not been read yet';
  return {
    name,
    health: { health: name.kind === 'Job' && isGone ? 'none' : 'progressing', reason, final: false, observed: false },
  };
}

function tell({ name, health }: Judged): string {
  return `${name.kind} ${name.name}: ${health.reason === '' ? health.health : health.reason}`;
}

function resourceState({ name, health: { health, reason } }: Judged): ResourceState {
  const { kind, namespace, name: called } = name;
  return {
    kind,
    ...(namespace === '' ? {} : { namespace }),
    name: called,
    ...(health === 'none' ? {} : { health }),
    ...(reason === '' ? {} : { message: reason }),
  };
}

function unjudged(names: readonly ObjectName[], open: readonly ObjectName[], world: World): readonly string[] {
  const closed = names.filter((name) => !open.includes(name) && stateOf(world, name).refusal?.kind === 'forbidden');
  if (closed.length === 0) return [];
  const words = closed.slice(0, NAMED).map(({ kind, name }) => `${kind} ${name}`);
  const rest = closed.length > NAMED ? ` and ${closed.length - NAMED} more` : '';
  return [`not judged, since they may not be read: ${words.join(', ')}${rest}`];
}

function imagesIn(object: Json): readonly string[] {
  const { template, containers } = record(object.spec);
  return imagesOf(containers === undefined ? record(template).spec : object.spec);
}

function changedAt(object: Json): number {
  const times = list(record(object.status).conditions).flatMap((condition) => {
    const { lastTransitionTime, lastUpdateTime } = record(condition);
    return [time(lastTransitionTime) ?? 0, time(lastUpdateTime) ?? 0];
  });
  return Math.max(0, ...times);
}
