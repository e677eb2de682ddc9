import { type Json, record } from '../api/json.ts';
import type { ResourceType } from '../kubernetes-api/cluster.ts';

const ARGOPROJ = { group: 'argoproj.io', version: 'v1alpha1', namespaced: true } as const;

export const APPLICATIONS: ResourceType = { ...ARGOPROJ, plural: 'applications', kind: 'Application' };
export const APPLICATION_SETS: ResourceType = { ...ARGOPROJ, plural: 'applicationsets', kind: 'ApplicationSet' };

/** https://argo-cd.readthedocs.io/en/stable/user-guide/annotations-and-labels/ */
export const REFRESH = 'argocd.argoproj.io/refresh';

/** A comparison was asked for and has not ended. */
export function isMarked(application: Json): boolean {
  return record(record(application.metadata).annotations)[REFRESH] !== undefined;
}
