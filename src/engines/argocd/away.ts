import { observeAway } from '../away.ts';
import type { Observation, Target } from '../delivery-engine.ts';

/**
 * What is observed where no Application can be read. A missing one is answered with 404 only when the project was given and
 * may be read; otherwise with the 403 of a forbidden one, so that strangers cannot find out names (CVE-2022-41354). The API
 * server of Kubernetes answers everybody who has no right with 403.
 * @param forbidden what a 403 means, see `ArgocdApi`
 */
export function observeRefused(
  target: Target,
  { status, message }: { readonly status: number; readonly message: string },
  forbidden: string,
  at: number,
): Observation {
  const said = message === '' ? `HTTP ${status}` : message;
  if (status === 404) return observeAway(target, 'absent', [`there is no application ${target.name}: ${said}`], at);
  return observeAway(target, 'forbidden', [`the application ${target.name} ${forbidden}: ${said}`], at);
}
