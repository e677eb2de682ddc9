import { type Json, record, text, time } from '../api/json.ts';
import { type Condition, conditionsOf, count } from '../kubernetes-api/objects.ts';
import { objectHealth } from '../object-health/object-health.ts';
import type { Found } from './collect.ts';

const PODS = 10;
const EVENTS = 8;

/** Conditions whose `True` is bad news; of all others it is good. */
const BAD_WHEN_TRUE = new Set(['ReplicaFailure', 'Failed', 'FailureTarget', 'Stalled', 'Suspended', 'Reconciling']);

export function conditionLines({ object, named }: Found): readonly string[] {
  const name = `${named.kind} ${named.name}`;
  if (object === undefined) return [`${name}: it cannot be read, or does not exist`];
  const { health, reason } = objectHealth(object);
  const own = reason === '' ? [] : [`${name}: ${health}: ${reason}`];
  const isSaid = ({ message }: Condition) => message !== '' && reason.includes(message);
  const others = conditionsOf(object).filter((condition) => isBad(condition) && !isSaid(condition));
  return [...own, ...others.map((condition) => `${name}: ${tell(condition)}`)];
}

function isBad({ type, status }: Condition): boolean {
  return BAD_WHEN_TRUE.has(type) ? status === 'True' : status !== 'True';
}

function tell({ type, status, reason, message }: Condition): string {
  return `${type}=${status}${reason === '' ? '' : ` (${reason})`}${message === '' ? '' : `: ${message}`}`;
}

export function podLines({ troubles }: Found): readonly string[] {
  const more = troubles.length > PODS ? [`and ${troubles.length - PODS} more`] : [];
  return [...troubles.slice(0, PODS).map(({ reason }) => reason), ...more];
}

export function warningLines(found: readonly Found[]): readonly string[] {
  const events = found.flatMap((one) => one.events);
  const lines = events.toSorted((a, b) => lastSeen(b) - lastSeen(a)).map(tellEvent);
  return [...new Set(lines)].slice(0, EVENTS);
}

/** Events of the newer API have a series or a time of their own in place of a count. */
function lastSeen({ lastTimestamp, eventTime, series, firstTimestamp }: Json): number {
  return time(lastTimestamp) ?? time(record(series).lastObservedTime) ?? time(eventTime) ?? time(firstTimestamp) ?? 0;
}

function tellEvent(event: Json): string {
  const { kind, name } = record(event.involvedObject);
  const times = count(event.count) || count(record(event.series).count);
  const often = times > 1 ? ` (${times} times)` : '';
  return `${String(kind)} ${String(name)}: ${text(event.reason) ?? 'Warning'}: ${text(event.message) ?? ''}${often}`;
}
