import { type Json, record, text } from '../api/json.ts';

/**
 * A hydrator makes manifests of a commit on the dry branch and commits them on another branch, which is the one that is synced.
 * Fields: https://argo-cd.readthedocs.io/en/stable/user-guide/source-hydrator/
 */
export interface Hydrator {
  /** The last commit that it made, and of which commit. */
  readonly made?: { readonly dry: string; readonly hydrated: string };
  readonly phase?: string;
  readonly message?: string;
  /** What it works at, or failed at. */
  readonly dry?: string;
  /** The branch on which its commits wait to be brought over to the one that is synced. */
  readonly stagedOn?: string;
}

export function readHydrator(spec: Json, status: Json): Hydrator | undefined {
  if (Object.keys(spec).length === 0) return undefined;
  const current = record(status.currentOperation);
  const { drySHA, hydratedSHA } = record(status.lastSuccessfulOperation);
  const made = { dry: text(drySHA), hydrated: text(hydratedSHA) };
  const words = {
    phase: text(current.phase),
    message: text(current.message),
    dry: text(current.drySHA),
    stagedOn: text(record(spec.hydrateTo).targetBranch),
  };
  return {
    ...(made.dry === undefined || made.hydrated === undefined
      ? {}
      : { made: { dry: made.dry, hydrated: made.hydrated } }),
    ...Object.fromEntries(Object.entries(words).filter(([, word]) => word !== undefined)),
  };
}

/** What a hydrated Application is synced from. The repository is that of the dry source unless it is said otherwise. */
export function syncSource({ drySource, syncSource: source }: Json): Json {
  const { repoURL, path, targetBranch } = record(source);
  return { repoURL: text(repoURL) ?? record(drySource).repoURL, path, targetRevision: targetBranch };
}
