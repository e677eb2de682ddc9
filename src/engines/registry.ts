import { ToolError } from '../errors.ts';
import type { Host } from '../host.ts';
import { type ArgocdOptions, connectArgocd } from './argocd/index.ts';
import type { DeliveryEngine } from './delivery-engine.ts';

/** What each engine is connected with. */
export interface EngineOptions {
  readonly argocd: ArgocdOptions;
}

type Connect = { readonly [Id in keyof EngineOptions]: (options: EngineOptions[Id], host: Host) => DeliveryEngine };

const ENGINES: Connect = {
  argocd: connectArgocd,
};

/**
 * The engine of that name, bound to its server. Nothing is asked yet.
 * @throws ToolError input when there is no such engine, or its options name no server
 */
export function connectEngine<Id extends keyof EngineOptions>(
  id: Id,
  options: EngineOptions[Id],
  host: Host,
): DeliveryEngine {
  if (Object.hasOwn(ENGINES, id)) return ENGINES[id](options, host);
  throw new ToolError('input', `engine: there is no engine ${JSON.stringify(id)}`, {
    hint: `Engines: ${Object.keys(ENGINES).join(', ')}.`,
  });
}
