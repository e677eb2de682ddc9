import type { CommitStatus } from '../../forges/forge-client.ts';

/**
 * What a word means for the gate. `failing`: another try is made by itself, and may mend it. `unsettled`: everything that
 * proves neither.
 */
export type Meaning = 'success' | 'failure' | 'failing' | 'unsettled';

/**
 * Flux's notification-controller names its statuses `<kind>/<name>/<first block of the Provider's UID>`
 * (https://fluxcd.io/flux/components/notification/providers/#git-commit-status-updates).
 */
const FLUX =
  /^(kustomization|helmrelease|gitrepository|ocirepository|bucket|helmchart|helmrepository)\/.+\/[0-9a-f]{8}$/;

/**
 * Its descriptions are the reason of the event in words. Before version 1.8 it posted success for every event that was no
 * error, such as "dependency not ready", so that only these words are a success.
 */
const FLUX_SUCCESS: Readonly<Record<string, RegExp>> = {
  kustomization: /^reconciliation succeeded$/i,
  helmrelease: /^(reconciliation|install|upgrade|test) succeeded$/i,
};

/** Words of Flux for what another try may mend, or what another revision has broken off. */
const FLUX_PASSING = /^(dependency not ready|progressing|health check canceled|artifact (failed|not ready))$/i;

/** Such as a refusal of the API server, after which Flux tries again; a build or a health check that failed is final. */
const FLUX_FAILING = /^reconciliation failed$/i;

/** What one status says. A context of the reconciler itself is believed in its own words only. */
export function meaningOf({ context, state, description }: CommitStatus): Meaning {
  const kind = FLUX.exec(context)?.[1];
  const words = description.trim();
  if (state === 'success') return kind === undefined || FLUX_SUCCESS[kind]?.test(words) ? 'success' : 'unsettled';
  if (state !== 'failure' && state !== 'error') return 'unsettled';
  if (kind !== undefined && FLUX_PASSING.test(words)) return 'unsettled';
  return kind !== undefined && FLUX_FAILING.test(words) ? 'failing' : 'failure';
}

/** One line about a status: what it says in its own words. */
export function sentenceOf({ kind, context, state, description }: CommitStatus): string {
  const what = kind === 'status' ? context : `${kind} ${context}`;
  return description === '' ? `${what}: ${state}` : `${what}: ${state}, ${description}`;
}
