/** An API kind whatever the version it is served in: Flux has served v1, v1beta2, v2 and v2beta2 with the same status fields. */
export interface Kind {
  readonly group: string;
  readonly kind: string;
}

export const KUSTOMIZATION: Kind = { group: 'kustomize.toolkit.fluxcd.io', kind: 'Kustomization' };
export const HELM_RELEASE: Kind = { group: 'helm.toolkit.fluxcd.io', kind: 'HelmRelease' };
export const HELM_CHART: Kind = { group: 'source.toolkit.fluxcd.io', kind: 'HelmChart' };
export const GIT_REPOSITORY: Kind = { group: 'source.toolkit.fluxcd.io', kind: 'GitRepository' };
const SOURCES: readonly string[] = [
  'GitRepository',
  'OCIRepository',
  'Bucket',
  'HelmRepository',
  'HelmChart',
  'ExternalArtifact',
];
/** Of flux-operator (https://fluxcd.control-plane.io/operator/). */
const OPERATOR: readonly string[] = ['FluxInstance', 'ResourceSet'];

/** Undefined where it is no kind of Flux. */
export function fluxKind(kind: string): Kind | undefined {
  if (kind === KUSTOMIZATION.kind) return KUSTOMIZATION;
  if (kind === HELM_RELEASE.kind) return HELM_RELEASE;
  if (SOURCES.includes(kind)) return { group: 'source.toolkit.fluxcd.io', kind };
  return OPERATOR.includes(kind) ? { group: 'fluxcd.controlplane.io', kind } : undefined;
}

/** Whether an object of an inventory has a revision and a verdict of its own. */
export function isReconciler({ group, kind }: Kind): boolean {
  return fluxKind(kind)?.group === group && !SOURCES.includes(kind);
}

export function isSourceKind(kind: string): boolean {
  return SOURCES.includes(kind);
}
