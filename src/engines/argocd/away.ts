import type { ToolError } from '../../errors.ts';
import type { Observation, Target, TargetState } from '../delivery-engine.ts';

/**
 * What is observed where no Application can be read. A missing one is answered with 404 only when the project was given and
 * may be read; otherwise with the 403 of a forbidden one, so that strangers cannot find out names (CVE-2022-41354).
 */
export function observeAway(target: Target, status: number, message: string, at: number): Observation {
  const said = message === '' ? `HTTP ${status}` : message;
  const reason =
    status === 404
      ? `there is no application ${target.name}: ${said}`
      : `the application ${target.name} does not exist, or the token may not read it (Argo CD tells both alike): ${said}`;
  return away(target, status === 404 ? 'absent' : 'forbidden', [reason], at);
}

export function observeGone(target: Target, error: ToolError, at: number): Observation {
  const reasons = error.hint === undefined ? [error.message] : [error.message, error.hint];
  return { ...away(target, 'unreachable', reasons, at), problem: error.code, final: true };
}

function away(target: Target, state: TargetState, reasons: readonly string[], at: number): Observation {
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
