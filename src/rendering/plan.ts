import { planApplication } from './argocd-application.ts';
import { applicationsOf } from './argocd-applicationset.ts';
import { type Declared, isArgo, isFlux, type Plan, type Surroundings, undone } from './declared.ts';
import { planHelmRelease } from './flux-helm-release.ts';
import { planFluxKustomization } from './flux-kustomization.ts';

/** What is rendered; each of them only where it is asked for. */
export type RenderKind = 'kustomize' | 'helm' | 'flux' | 'argocd';

export const RENDER_KINDS: readonly RenderKind[] = ['kustomize', 'helm', 'flux', 'argocd'];

/** True for an object that says what is rendered. */
export function isDeclaration(object: Pick<Declared, 'apiVersion' | 'kind'>, kinds: ReadonlySet<RenderKind>): boolean {
  if (isFlux(object, 'Kustomization')) return kinds.has('flux');
  if (isFlux(object, 'HelmRelease')) return kinds.has('flux') || kinds.has('helm');
  return kinds.has('argocd') && (isArgo(object, 'Application') || isArgo(object, 'ApplicationSet'));
}

/** What a declaration comes to: units to render, and what cannot be rendered with the reason. */
export async function plan(declared: Declared, around: Surroundings): Promise<Plan> {
  if (isFlux(declared, 'Kustomization')) return planFluxKustomization(declared, around);
  if (isFlux(declared, 'HelmRelease')) return planHelmRelease(declared, around);
  if (declared.kind === 'Application') return planApplication(declared, around);
  const made = await applicationsOf(declared, around);
  if (!made.ok) return undone(declared, made.reason);
  const plans = await Promise.all(made.applications.map((application) => planApplication(application, around)));
  return { units: plans.flatMap(({ units }) => units), undone: plans.flatMap((part) => part.undone) };
}
