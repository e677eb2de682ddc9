import { ToolError } from '../errors.ts';
import type { Host } from '../host.ts';
import { type ArgocdOptions, openArgocd } from './argocd/index.ts';
import { type CommitStatusOptions, connectCommitStatus } from './commit-status/index.ts';
import type { DeliveryEngine } from './delivery-engine.ts';
import { type FluxOptions, openFlux } from './flux/index.ts';
import { type KubernetesOptions, openKubernetes } from './kubernetes/index.ts';

/** What each engine is connected with. */
export interface EngineOptions {
  readonly argocd: ArgocdOptions;
  readonly 'commit-status': CommitStatusOptions;
  readonly flux: FluxOptions;
  readonly kubernetes: KubernetesOptions;
}

type Connect = {
  readonly [Id in keyof EngineOptions]: (options: EngineOptions[Id], host: Host) => Promise<DeliveryEngine>;
};

const ENGINES: Connect = {
  argocd: openArgocd,
  'commit-status': async (options, host) => connectCommitStatus(options, host),
  flux: openFlux,
  kubernetes: openKubernetes,
};

/**
 * The engine of that name, bound to its server. Nothing is asked yet.
 * @throws ToolError input when there is no such engine, or its options name no server; missing, data, io, denied of a kubeconfig
 */
export async function connectEngine<Id extends keyof EngineOptions>(
  id: Id,
  options: EngineOptions[Id],
  host: Host,
): Promise<DeliveryEngine> {
  if (Object.hasOwn(ENGINES, id)) return ENGINES[id](options, host);
  throw new ToolError('input', `engine: there is no engine ${JSON.stringify(id)}`, {
    hint: `Engines: ${Object.keys(ENGINES).join(', ')}.`,
  });
}
