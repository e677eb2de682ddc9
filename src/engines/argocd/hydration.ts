import type { Attempt } from '../delivery-engine.ts';
import type { Application } from './application.ts';
import { short } from './reasons.ts';
import type { Situation } from './situation.ts';

/**
 * The commit that people made, of a commit that is deployed. With a source hydrator these are two: it says which dry commit it
 * made its last commit of. Of an earlier or a foreign commit on the synced branch nothing is known.
 * `lastComparedDryRevision` is no proof: it moves before the manifests of that commit are made
 * (https://github.com/argoproj/argo-cd/blob/master/controller/hydrator/hydrator.go).
 */
export function dryRevision({ hydrator }: Application, revision: string | undefined): string | undefined {
  if (hydrator === undefined || revision === undefined) return revision;
  return hydrator.made?.hydrated === revision ? hydrator.made.dry : undefined;
}

/** What stands between the hydrator and the branch that is synced; undefined once what it made last is what is synced. */
export function hydration({ hydrator, sync }: Application): Situation | undefined {
  if (hydrator === undefined) return undefined;
  const { phase, message, made, dry, stagedOn } = hydrator;
  if (phase === 'Failed' && dry === undefined) {
    return { state: 'failed', reason: `the hydrator failed to make manifests: ${message}` };
  }
  if (made === undefined || sync?.revisions.includes(made.hydrated)) return undefined;
  const reason = `the manifests of ${short(made.dry)} are in ${short(made.hydrated)}`;
  if (stagedOn === undefined) return { state: 'pending', reason: `${reason}, which is not synced yet` };
  return {
    state: 'blocked',
    obstacle: 'promotion',
    reason: `${reason} on ${stagedOn}, and wait to be brought over to the branch that is synced`,
  };
}

/** It tries again only after minutes, or when the next commit comes. */
export function failedHydration({ hydrator }: Application): Attempt | undefined {
  if (hydrator?.phase !== 'Failed' || hydrator.dry === undefined) return undefined;
  const reason = `the hydrator failed to make manifests of ${short(hydrator.dry)}: ${hydrator.message}`;
  return { revision: hydrator.dry, outcome: 'failed', reason };
}
