import type { ToolError } from '../errors.ts';
import type { Observation, Target, TargetState } from './delivery-engine.ts';

/** What is observed of a target that cannot be read. */
export function observeAway(target: Target, state: TargetState, reasons: readonly string[], at: number): Observation {
  return {
    target,
    at,
    via: 'read',
    state,
    trusted: false,
    deployed: [],
    lasting: 0,
    final: false,
    reasons,
    images: [],
    resources: [],
    fingerprint: JSON.stringify([state, reasons]),
  };
}

/** Nothing has been read yet; it is tried on. */
export function observeTrying(target: Target, error: ToolError, at: number): Observation {
  return observeAway(target, 'unreachable', [`${error.message}; it is asked again`], at);
}

/** It cannot be asked, and is given up. */
export function observeGone(target: Target, error: ToolError, at: number): Observation {
  const reasons = error.hint === undefined ? [error.message] : [error.message, error.hint];
  return { ...observeAway(target, 'unreachable', reasons, at), problem: error.code, final: true };
}
