import type { Host } from '../../host.ts';
import type { DeliveryEngine } from '../delivery-engine.ts';
import { type AccessOptions, clusterAccess } from '../kubernetes-api/access.ts';
import { kubernetesClient } from '../kubernetes-api/client.ts';
import type { ArgocdApi } from './api.ts';
import { parseApplicationTarget } from './application-ref.ts';
import { argocdClient } from './client.ts';
import { clusterApi } from './cluster-api.ts';
import { diagnose } from './diagnose.ts';
import { discover, sourcesOf } from './discover.ts';
import { observe } from './observe.ts';
import { parseServerAddress } from './server-address.ts';
import { serverApi } from './server-api.ts';
import type { Credentials } from './session.ts';

interface ApplicationOptions {
  /** Of all targets that name none. */
  readonly project?: string;
  readonly applicationNamespace?: string;
  /** One spelling for all addresses of the same repository. */
  readonly normaliseRepository: (url: string) => string;
}

/** By the API server of Argo CD. */
export interface ArgocdServerOptions extends ApplicationOptions {
  /** A URL, or `host[:port][/path]`. */
  readonly server: string;
  readonly credentials?: Credentials;
  /** PEM, trusted beside the system's own. */
  readonly ca?: string;
}

/** By the API server of the Kubernetes cluster that Argo CD runs in. */
export interface ArgocdClusterOptions extends ApplicationOptions {
  readonly cluster: AccessOptions;
}

export type ArgocdOptions = ArgocdServerOptions | ArgocdClusterOptions;

/** The namespace that the installation manifests of Argo CD use; Applications live there unless they are told otherwise. */
const HOME = 'argocd';

/**
 * Argo CD, whichever way it is reached; versions 2.14 and newer.
 * @throws ToolError input (the server's address is none, no such context), missing, data, io (a kubeconfig)
 */
export async function openArgocd(options: ArgocdOptions, host: Host): Promise<DeliveryEngine> {
  if (!('cluster' in options)) return connectArgocd(options, host);
  const { cluster, applicationNamespace = HOME } = options;
  const access = await clusterAccess(cluster, host);
  return argocdEngine(clusterApi(kubernetesClient(access, host), host), { ...options, applicationNamespace }, host);
}

/**
 * Argo CD through its API server; nothing is asked yet.
 * @throws ToolError input when the server's address is none
 */
export function connectArgocd(options: ArgocdServerOptions, host: Host): DeliveryEngine {
  const { server, credentials, ca } = options;
  const access = { base: parseServerAddress(server), ...(credentials && { credentials }), ...(ca && { ca }) };
  return argocdEngine(serverApi(argocdClient(access, host), host.clock), options, host);
}

/** Everything that decides is the same, whichever way Argo CD is asked. */
function argocdEngine(api: ArgocdApi, options: ApplicationOptions, host: Host): DeliveryEngine {
  const normalise = options.normaliseRepository;
  return {
    id: 'argocd',
    location: api.location,
    parseTarget: (text) => parseApplicationTarget(text, options),
    discover: (query, signal) => discover(api, query, options, normalise, signal),
    sources: (target, signal) => sourcesOf(api, target, signal),
    observe: (targets, wanted, observing, signal) =>
      observe(targets, { api, host, wanted, options: observing, normalise, signal }),
    act: (target, action, revision, signal) => api.act(target, action, revision, signal),
    diagnose: (target, signal) => diagnose(api, target, signal),
  };
}
