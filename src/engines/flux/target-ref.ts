import { ToolError } from '../../errors.ts';
import type { Target } from '../delivery-engine.ts';
import { fluxKind, isReconciler } from './kinds.ts';

/** Short forms as `flux` and `kubectl` know them. */
const SHORT: Readonly<Record<string, string>> = {
  kustomization: 'Kustomization',
  kustomizations: 'Kustomization',
  ks: 'Kustomization',
  helmrelease: 'HelmRelease',
  helmreleases: 'HelmRelease',
  hr: 'HelmRelease',
  resourceset: 'ResourceSet',
  rset: 'ResourceSet',
  fluxinstance: 'FluxInstance',
};

const NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

/**
 * `Kustomization/flux-system/apps`, or without the namespace where there is a default one.
 * @throws ToolError input
 */
export function parseFluxTarget(text: string, defaultNamespace: string): Target {
  const [first = '', ...rest] = text.split('/');
  const kind = Object.hasOwn(SHORT, first.toLowerCase()) ? SHORT[first.toLowerCase()] : undefined;
  const [namespace, name] = rest.length === 1 ? [defaultNamespace, rest[0]] : rest;
  const isNamed = rest.length <= 2 && [namespace, name].every((part) => part !== undefined && NAME.test(part));
  if (kind === undefined || !isNamed || namespace === undefined || name === undefined) {
    throw new ToolError('input', `targets: ${JSON.stringify(text)} names no object of Flux that can be waited for`, {
      hint: 'Write Kustomization/<namespace>/<name> or HelmRelease/<namespace>/<name>.',
    });
  }
  return fluxTarget(kind, namespace, name);
}

export function fluxTarget(kind: string, namespace: string, name: string): Target {
  return { name: `${kind}/${namespace}/${name}`, kind, namespace };
}

export interface ObjectName {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** The object that a target stands for. @throws ToolError input for a target of another engine */
export function objectOf(target: Target): ObjectName {
  const [kind = '', namespace = '', name = ''] = target.name.split('/');
  const known = fluxKind(kind);
  if (known === undefined || !isReconciler(known)) {
    throw new ToolError('input', `targets: ${target.name} is no target of Flux`);
  }
  return { ...known, namespace, name };
}
