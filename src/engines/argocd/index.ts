import type { Host } from '../../host.ts';
import type { DeliveryEngine } from '../delivery-engine.ts';
import { act } from './act.ts';
import { parseApplicationTarget } from './application-ref.ts';
import { argocdClient } from './client.ts';
import { diagnose } from './diagnose.ts';
import { discover, sourcesOf } from './discover.ts';
import { observe } from './observe.ts';
import { parseServerAddress } from './server-address.ts';
import type { Credentials } from './session.ts';

export interface ArgocdOptions {
  /** A URL, or `host[:port][/path]`. */
  readonly server: string;
  readonly credentials?: Credentials;
  /** PEM, trusted beside the system's own. */
  readonly ca?: string;
  /** Of all targets that name none. */
  readonly project?: string;
  readonly applicationNamespace?: string;
  /** One spelling for all addresses of the same repository. */
  readonly normaliseRepository: (url: string) => string;
}

/**
 * Argo CD through its API server, versions 2.14 and newer.
 * @throws ToolError input when the server's address is none
 */
export function connectArgocd(options: ArgocdOptions, host: Host): DeliveryEngine {
  const { server, credentials, ca, normaliseRepository: normalise } = options;
  const access = { base: parseServerAddress(server), ...(credentials && { credentials }), ...(ca && { ca }) };
  if (credentials !== undefined)
    host.log.secret(credentials.kind === 'token' ? credentials.token : credentials.password);
  const client = argocdClient(access, host);
  return {
    id: 'argocd',
    location: client.location,
    parseTarget: (text) => parseApplicationTarget(text, options),
    discover: (query, signal) => discover(client, query, options, normalise, signal),
    sources: (target, signal) => sourcesOf(client, target, signal),
    observe: (targets, wanted, observing, signal) =>
      observe(targets, { client, host, wanted, options: observing, normalise, signal }),
    act: (target, action, revision, signal) => act(client, target, action, revision, signal),
    diagnose: (target, signal) => diagnose(client, target, signal),
  };
}
