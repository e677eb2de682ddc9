import { ToolError } from '../errors.ts';
import type { Host } from '../host.ts';
import type { WaitingInputs } from './engine-options.ts';
import { engineOfName, type SingleEngine, type TargetName } from './target-name.ts';

/** What the choice is made from. */
export type EngineSigns = Pick<
  WaitingInputs,
  'engine' | 'targets' | 'contexts' | 'argocdServer' | 'argocdAccess' | 'kubeconfig' | 'kubeContext'
> & {
  readonly manifests?: readonly string[];
  readonly selector?: string | undefined;
  readonly revision?: string | undefined;
};

/**
 * The same inputs with the engine decided, and the targets as it takes them; `auto` is left where it takes several.
 * @throws ToolError input when nothing says which, or a target can be read in two ways
 */
export function withEngine<Inputs extends EngineSigns>(inputs: Inputs, env: Host['env']): Inputs {
  const [engine, ...others] = chooseEngines(inputs, env);
  if (engine === undefined || others.length > 0) return inputs;
  const targets = inputs.targets.map((text) => {
    const name = engineOfName(text);
    return name.engine === engine ? name.text : text;
  });
  return { ...inputs, engine, targets };
}

/** In the order in which they are asked. */
const ENGINES: readonly SingleEngine[] = ['argocd', 'flux', 'kubernetes', 'commit-status'];

/**
 * The engines that a wait needs. `auto` follows from what is waited for, each target by how it is written, and where nothing is
 * named from what can be reached.
 * @throws ToolError input when nothing says which, with every target that can be read in two ways, or when a revision would be
 * looked for nowhere though Argo CD could be asked
 */
export function chooseEngines(signs: EngineSigns, env: Host['env']): readonly SingleEngine[] {
  const { engine, manifests = [], selector } = signs;
  if (engine !== 'auto') return [engine];
  const needed = new Set(writtenTargets(signs).map((one) => one.engine));
  if (manifests.length > 0 || selector !== undefined) needed.add('kubernetes');
  if (needed.size === 1 && needed.has('kubernetes')) refuseUnasked(signs);
  return needed.size > 0 ? ENGINES.filter((one) => needed.has(one)) : enginesInReach(signs, env);
}

/** Whoever gives a commit and the way to Argo CD would take a green of Kubernetes, which knows no commits, for one of both. */
function refuseUnasked({ revision, ...signs }: EngineSigns): void {
  if (revision === undefined || !canAskArgocd(signs)) return;
  const given = signs.argocdServer === undefined ? 'argocd-access' : 'argocd-server';
  throw new ToolError(
    'input',
    `${given} is given, and all that is waited for is of Kubernetes, which shows no revision`,
    {
      hint: 'Name the applications in targets as well. Or set engine: kubernetes, and the revision is only the name of the result.',
    },
  );
}

function canAskArgocd({ argocdServer, argocdAccess }: Pick<EngineSigns, 'argocdServer' | 'argocdAccess'>): boolean {
  return argocdServer !== undefined || argocdAccess === 'kubernetes';
}

/** What `auto` makes of what is named. @throws ToolError input with every target that can be read in two ways */
export function writtenTargets({
  targets,
  contexts,
}: Pick<EngineSigns, 'targets' | 'contexts'>): readonly TargetName[] {
  const problems: string[] = [];
  const named = targets.flatMap((text) => {
    const { ambiguous, ...name } = engineOfName(text);
    if (ambiguous !== undefined) problems.push(ambiguous);
    return [name];
  });
  if (problems.length > 0) {
    throw new ToolError('input', 'targets: some can be read in two ways', {
      problems,
      hint: 'Write them as told, or name the engine of all targets in engine.',
    });
  }
  return [...named, ...contexts.map((text) => ({ engine: 'commit-status' as const, text }))];
}

function enginesInReach(signs: EngineSigns, { KUBECONFIG }: Host['env']): readonly SingleEngine[] {
  const { argocdAccess, kubeconfig, kubeContext } = signs;
  const isArgocd = canAskArgocd(signs);
  // The variable is set on many machines; beside the server of Argo CD it says nothing.
  const isCluster = kubeconfig !== undefined || kubeContext !== undefined || (KUBECONFIG !== undefined && !isArgocd);
  const isFlux = isCluster && argocdAccess !== 'kubernetes';
  if (isArgocd || isFlux) return [...(isArgocd ? ['argocd' as const] : []), ...(isFlux ? ['flux' as const] : [])];
  throw new ToolError('input', 'engine: nothing says what delivers to the cluster', {
    hint: 'Give argocd-server for Argo CD, kubeconfig for Flux, contexts for commit statuses, or manifests for what kubectl has applied.',
  });
}
