import { observeAway } from '../away.ts';
import type { Observation, Target } from '../delivery-engine.ts';
import type { Reading } from '../kubernetes-api/cluster.ts';

/** What is observed where the object is not there. */
export function observeAbsent(target: Target, at: number): Observation {
  return observeAway(target, 'absent', [`there is no ${target.name} on the cluster`], at);
}

/** Absence is told with a 404, and only to those who may look; a 403 that is said twice is a right that is missing. */
export function observeRefused(
  target: Target,
  { kind, message, status }: Exclude<Reading<never>, { kind: 'found' }>,
  at: number,
): Observation {
  const said = message === '' ? `HTTP ${status}` : message;
  if (kind === 'absent')
    return observeAway(target, 'absent', [`the server does not serve ${target.kind}: ${said}`], at);
  const reason = `${target.name} may not be read, which takes the rights to get, list and watch: ${said}`;
  return {
    ...observeAway(target, 'unreachable', [reason], at),
    problem: kind === 'forbidden' ? 'denied' : 'protocol',
    final: true,
  };
}
