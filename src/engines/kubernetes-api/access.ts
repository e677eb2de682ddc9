import { posix } from 'node:path';
import { ToolError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import { type Json, record, text, texts } from '../api/json.ts';
import type { ClusterAccess } from './cluster.ts';
import { execCredentials } from './exec-plugin.ts';
import { constantHeader, fixed, type Identity, pem, tokenFromFile } from './identity.ts';
import { serviceAccount } from './in-cluster.ts';
import { type Chosen, chooseContext, type KubeconfigFile, mergeKubeconfigs } from './kubeconfig.ts';
import { trusted } from './trust.ts';

export interface AccessOptions {
  /** A file; without it those of KUBECONFIG, else `~/.kube/config`, else the service account of the pod. */
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
  /** PEM, trusted beside what the kubeconfig names. */
  readonly ca?: string;
  /** Whether a program that the kubeconfig names may be run. Never on an event that strangers can cause. */
  readonly allowExec: boolean;
}

const CA_DATA = 'certificate-authority-data';

type Machine = Pick<Host, 'env' | 'files' | 'processes' | 'clock' | 'log' | 'workingDirectory' | 'signal'>;

/**
 * How to reach the cluster, as kubectl would find it out.
 * @throws ToolError missing (no kubeconfig at all), data (it makes no sense), input (no such context), io
 */
export async function clusterAccess(options: AccessOptions, host: Machine): Promise<ClusterAccess> {
  const places = placesOf(options, host);
  const read = await Promise.all(places.paths.map((path) => readFile(path, host)));
  const files = read.filter((file) => file !== undefined);
  const absent = places.paths.filter((_, index) => read[index] === undefined);
  if (files.length > 0) {
    const chosen = chooseContext(mergeKubeconfigs(files), options.context, { files, absent });
    return accessOf(chosen, options, host);
  }
  if (options.kubeconfig !== undefined) throw noFile(options.kubeconfig, host);
  const inside = options.context === undefined ? await serviceAccount(options, host) : undefined;
  if (inside !== undefined) return inside;
  throw noKubeconfig(places, options, host);
}

/** Where kubeconfigs are looked for. */
interface Places {
  readonly paths: readonly string[];
  readonly isListed: boolean;
}

/** Files that KUBECONFIG names and that are not there are passed over, as kubectl does; one that was asked for is not. */
function placesOf({ kubeconfig }: AccessOptions, { env: { KUBECONFIG, HOME } }: Machine): Places {
  const listed = (KUBECONFIG ?? '').split(':').filter((path) => path !== '');
  if (kubeconfig !== undefined) return { paths: [kubeconfig], isListed: false };
  if (listed.length > 0) return { paths: [...new Set(listed)], isListed: true };
  return { paths: HOME === undefined ? [] : [posix.join(HOME, '.kube/config')], isListed: false };
}

function noFile(path: string, { workingDirectory }: Machine): ToolError {
  const from = posix.isAbsolute(path) ? '' : `, seen from ${workingDirectory}`;
  return new ToolError('missing', `kubeconfig: there is no file ${path}${from}`, {
    hint: 'Write it in an earlier step of the same job, or leave kubeconfig out where KUBECONFIG names one.',
  });
}

function noKubeconfig({ paths, isListed }: Places, { context }: AccessOptions, host: Machine): ToolError {
  if (isListed) {
    const [names, are] = [paths.join(' and '), paths.length === 1 ? 'which does not exist' : 'none of which exists'];
    const from = paths.every((path) => posix.isAbsolute(path)) ? '' : `, seen from ${host.workingDirectory}`;
    return new ToolError('missing', `there is no kubeconfig: KUBECONFIG names ${names}, ${are}${from}`, {
      hint: 'Write the file in an earlier step of the same job, or set KUBECONFIG or kubeconfig to where it is. In GitLab a variable KUBECONFIG of your own hides that of the agent.',
    });
  }
  const looked = paths.map((path) => `${path} does not exist`);
  const inPod = context === undefined ? 'this is not a pod of a cluster' : `kube-context asks for ${context} of one`;
  const why = ['neither kubeconfig nor KUBECONFIG is set', ...looked, inPod];
  return new ToolError('missing', `there is no kubeconfig: ${why.join(', ')}`, {
    hint: 'Give kubeconfig, or set KUBECONFIG. In GitLab an authorised agent sets it: see its ci_access.',
  });
}

async function readFile(path: string, host: Machine): Promise<KubeconfigFile | undefined> {
  const bytes = await host.files.read(path);
  if (bytes === undefined) return undefined;
  const folder = posix.dirname(posix.resolve(host.workingDirectory, path));
  return { path, folder, content: new TextDecoder().decode(bytes) };
}

async function accessOf(chosen: Chosen, options: AccessOptions, host: Machine): Promise<ClusterAccess> {
  const { name, context, cluster } = chosen;
  const server = serverAddress(cluster.value, name);
  refuseUnverified(cluster.value, name);
  const ca = await pem(cluster, 'certificate-authority', host);
  const serverName = text(cluster.value['tls-server-name']);
  const proxy = proxyAddress(cluster.value, name);
  return {
    name,
    server,
    namespace: options.namespace ?? text(context.value.namespace) ?? 'default',
    tls: { ...trusted(ca, options.ca), ...(serverName === undefined ? {} : { serverName }) },
    ...(proxy === undefined ? {} : { proxy }),
    headers: impersonation(chosen.user.value),
    ...(await identity(chosen, ca, options, host)),
  };
}

function proxyAddress({ 'proxy-url': url }: Json, name: string): string | undefined {
  const address = text(url);
  if (address === undefined || /^https?:\/\/[^/]/.test(address)) return address;
  throw new ToolError('data', `The cluster of the context ${name} has a proxy-url that is no HTTP proxy: ${address}`, {
    hint: 'Proxies of http:// and https:// work here; for socks5 run the job where the server can be reached.',
  });
}

function serverAddress({ server }: Json, name: string): string {
  const address = text(server);
  if (address !== undefined && URL.canParse(address)) return address.replace(/\/+$/, '');
  throw new ToolError('data', `The cluster of the context ${name} has no server that is a URL`);
}

function refuseUnverified(cluster: Json, name: string): void {
  if (cluster['insecure-skip-tls-verify'] !== true) return;
  throw new ToolError('data', `The cluster of the context ${name} has insecure-skip-tls-verify: true`, {
    hint: 'Whoever answers in its place could report any health. Give the certificate authority: certificate-authority, or ca-certificate.',
  });
}

/** https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation */
function impersonation(user: Json): ClusterAccess['headers'] {
  const [as, uid, groups] = [text(user.as), text(user['as-uid']), texts(user['as-groups'])];
  const extra = Object.entries(record(user['as-user-extra'])).map(
    ([key, values]) => [`impersonate-extra-${encodeURIComponent(key.toLowerCase())}`, texts(values)] as const,
  );
  return {
    ...(as === undefined ? {} : { 'impersonate-user': as }),
    ...(uid === undefined ? {} : { 'impersonate-uid': uid }),
    ...(groups.length === 0 ? {} : { 'impersonate-group': groups }),
    ...Object.fromEntries(extra),
  };
}

async function identity(
  { name, user, cluster }: Chosen,
  ca: string | undefined,
  options: AccessOptions,
  host: Machine,
): Promise<Identity> {
  const { value, folder } = user;
  if (value['auth-provider'] !== undefined) {
    throw new ToolError('data', `The user of the context ${name} has an auth-provider, which Kubernetes 1.26 removed`, {
      hint: 'Write the kubeconfig anew with the current tool of your cloud: it uses exec.',
    });
  }
  const certificate = await pem(user, 'client-certificate', host);
  const key = await pem(user, 'client-key', host);
  const pair = { ...(certificate === undefined ? {} : { certificate }), ...(key === undefined ? {} : { key }) };
  if (value.exec !== undefined) {
    if (!options.allowExec) throw execRefused(name);
    const about = { ...cluster.value, ...(ca === undefined ? {} : { [CA_DATA]: Buffer.from(ca).toString('base64') }) };
    return execCredentials({ name, exec: record(value.exec), folder, cluster: about, pair }, host);
  }
  const tokenFile = text(value.tokenFile);
  if (tokenFile !== undefined) return tokenFromFile(posix.resolve(folder, tokenFile), pair, host);
  const authorization = constantHeader(value, host);
  return fixed({ ...pair, ...(authorization === undefined ? {} : { authorization }) });
}

function execRefused(name: string): ToolError {
  return new ToolError(
    'denied',
    `The user of the context ${name} needs a program to be run, and this event was not one to trust`,
    {
      hint: 'Run it on a push or a manual start, or give a kubeconfig with a token of a service account.',
    },
  );
}
