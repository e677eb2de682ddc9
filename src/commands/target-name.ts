import type { WaitingInputs } from './engine-options.ts';

export type EngineName = WaitingInputs['engine'];
/** An engine of its own; `auto` has been decided. */
export type SingleEngine = Exclude<EngineName, 'auto'>;

/** A target as it is written, and the engine that it is for. */
export interface TargetName {
  readonly engine: SingleEngine;
  /** As that engine takes it. */
  readonly text: string;
}

/** Kinds that an engine waits for by more than their conditions, with the API group that people may write behind them. */
const APPLICATION = /^applications?(\.argoproj\.io)?$/i;
const APPLICATION_SET = /^(applicationsets?|appset)(\.argoproj\.io)?$/i;
const FLUX =
  /^(kustomizations?|ks|helmreleases?|hr|resourcesets?|rset|fluxinstances?)(\.(kustomize|helm)\.toolkit\.fluxcd\.io|\.fluxcd\.controlplane\.io)?$/i;
/** What people are used to write before the name of an object, and what the namespace of an Application may be called as well. */
const WORKLOAD =
  /^(deployments?|deploy|statefulsets?|sts|daemonsets?|ds|replicasets?|jobs?|cronjobs?|cj|pods?|po|services?|svc|pvc)$/;

/**
 * The engine of a target, by how it is written: `name` and `namespace/name` are Applications of Argo CD, and what begins with
 * a kind is an object of that kind. A kind has a capital letter or a group, or is followed by two parts.
 * @returns with `ambiguous`, in words, where a namespace and a kind look the same
 */
export function engineOfName(text: string): TargetName & { readonly ambiguous?: string } {
  const [first = '', ...rest] = text.trim().split('/');
  const after = rest.join('/');
  if (APPLICATION.test(first)) return { engine: 'argocd', text: after };
  if (APPLICATION_SET.test(first)) return { engine: 'argocd', text: `ApplicationSet/${after}` };
  if (FLUX.test(first)) return { engine: 'flux', text: `${withoutGroup(first)}/${after}` };
  if (rest.length === 0) return { engine: 'argocd', text };
  if (rest.length >= 2 || /[A-Z.]/.test(first)) return { engine: 'kubernetes', text };
  return { engine: 'argocd', text, ...(WORKLOAD.test(first) && { ambiguous: twoReadings(first, after) }) };
}

function withoutGroup(kind: string): string {
  return kind.split('.')[0] ?? kind;
}

function twoReadings(kind: string, name: string): string {
  const object = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}/${name}`;
  return `${kind}/${name}: write ${object} for the object of Kubernetes, or Application/${kind}/${name} for an application of Argo CD`;
}
