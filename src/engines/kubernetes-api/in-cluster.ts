import type { Host } from '../../host.ts';
import type { ClusterAccess } from './cluster.ts';
import { tokenFromFile } from './identity.ts';
import { trusted } from './trust.ts';

const FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * Access as the service account of the pod that this runs in; undefined where it is none
 * (https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/#directly-accessing-the-rest-api).
 */
export async function serviceAccount(
  options: { readonly namespace?: string; readonly ca?: string },
  host: Pick<Host, 'env' | 'files' | 'log'>,
): Promise<ClusterAccess | undefined> {
  const { KUBERNETES_SERVICE_HOST: address, KUBERNETES_SERVICE_PORT: port = '443' } = host.env;
  if (address === undefined || (await host.files.stat(`${FOLDER}/token`)) === undefined) return undefined;
  const ca = await readOptional(`${FOLDER}/ca.crt`, host);
  const namespace = options.namespace ?? (await readOptional(`${FOLDER}/namespace`, host))?.trim() ?? 'default';
  return {
    name: 'the service account of this pod',
    server: `https://${address.includes(':') ? `[${address}]` : address}:${port}`,
    namespace,
    tls: trusted(ca, options.ca),
    headers: {},
    ...tokenFromFile(`${FOLDER}/token`, {}, host),
  };
}

async function readOptional(path: string, { files }: Pick<Host, 'files'>): Promise<string | undefined> {
  const bytes = await files.read(path);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}
