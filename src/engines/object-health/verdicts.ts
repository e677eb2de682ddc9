import type { Condition } from '../kubernetes-api/objects.ts';
import type { ObjectHealth } from './object-health.ts';

export function healthy(reason = ''): ObjectHealth {
  return { health: 'healthy', reason, final: false, observed: true };
}

export function progressing(reason: string): ObjectHealth {
  return { health: 'progressing', reason, final: false, observed: true };
}

export function suspended(reason: string): ObjectHealth {
  return { health: 'suspended', reason, final: false, observed: true };
}

/** May pass by itself. */
export function degraded(reason: string): ObjectHealth {
  return { health: 'degraded', reason, final: false, observed: true };
}

export function lost(reason: string): ObjectHealth {
  return { health: 'degraded', reason, final: true, observed: true };
}

export function withoutHealth(reason = ''): ObjectHealth {
  return { health: 'none', reason, final: false, observed: true };
}

/** A condition in its own words: `ProgressDeadlineExceeded: ReplicaSet "web-1" has timed out progressing.` */
export function words({ type, reason, message }: Condition): string {
  const name = reason === '' ? type : reason;
  return message === '' ? name : `${name}: ${message}`;
}
