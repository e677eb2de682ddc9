import { ToolError } from '../errors.ts';
import type { Host } from '../host.ts';
import type { WaitingInputs } from './engine-options.ts';

export type EngineName = WaitingInputs['engine'];
/** An engine of its own; `auto` has been decided. */
export type SingleEngine = Exclude<EngineName, 'auto'>;

/** What the choice is made from. */
export type EngineSigns = Pick<
  WaitingInputs,
  'engine' | 'targets' | 'contexts' | 'argocdServer' | 'argocdAccess' | 'kubeconfig' | 'kubeContext'
> & { readonly manifests?: readonly string[]; readonly selector?: string | undefined };

/** The same inputs with the engine decided; `auto` is left where it takes several. @throws ToolError input when nothing says which */
export function withEngine<Inputs extends EngineSigns>(inputs: Inputs, env: Host['env']): Inputs {
  const [engine, ...others] = chooseEngines(inputs, env);
  return engine === undefined || others.length > 0 ? inputs : { ...inputs, engine };
}

/** Kinds of Flux that can be waited for; everything else with a kind before its name is an object of Kubernetes itself. */
const FLUX = /^(Kustomization|HelmRelease|ResourceSet|FluxInstance)\//;
const APPLICATION_SET = /^ApplicationSet\//;
const OBJECT = /^[A-Z][A-Za-z0-9.]*\//;

/**
 * The engines that a wait needs, the first of which is asked first. `auto` follows from what is waited for and from what can
 * be reached: both Argo CD and Flux where there are targets, or ways, of both.
 * @throws ToolError input when nothing says which
 */
export function chooseEngines(signs: EngineSigns, env: Host['env']): readonly SingleEngine[] {
  const { engine, targets, contexts, manifests = [], selector } = signs;
  if (engine !== 'auto') return [engine];
  if (contexts.length > 0) return ['commit-status'];
  if (manifests.length > 0 || selector !== undefined) return ['kubernetes'];
  return targets.length > 0 ? enginesOf(targets) : enginesInReach(signs, env);
}

function enginesOf(targets: readonly string[]): readonly SingleEngine[] {
  const kinds = new Set(targets.map(engineOf));
  return (['argocd', 'flux', 'kubernetes'] as const).filter((engine) => kinds.has(engine));
}

function engineOf(target: string): SingleEngine {
  if (FLUX.test(target)) return 'flux';
  return OBJECT.test(target) && !APPLICATION_SET.test(target) ? 'kubernetes' : 'argocd';
}

function enginesInReach(
  { argocdServer, argocdAccess, kubeconfig, kubeContext }: EngineSigns,
  { KUBECONFIG }: Host['env'],
): readonly SingleEngine[] {
  const isArgocd = argocdServer !== undefined || argocdAccess === 'kubernetes';
  // The variable is set on many machines; beside the server of Argo CD it says nothing.
  const isCluster = kubeconfig !== undefined || kubeContext !== undefined || (KUBECONFIG !== undefined && !isArgocd);
  const isFlux = isCluster && argocdAccess !== 'kubernetes';
  if (isArgocd || isFlux) return [...(isArgocd ? ['argocd' as const] : []), ...(isFlux ? ['flux' as const] : [])];
  throw new ToolError('input', 'engine: nothing says what delivers to the cluster', {
    hint: 'Give argocd-server for Argo CD, kubeconfig for Flux, contexts for commit statuses, or manifests for what kubectl has applied.',
  });
}
