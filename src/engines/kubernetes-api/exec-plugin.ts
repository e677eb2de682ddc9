import { posix } from 'node:path';
import { ToolError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import { type Json, list, record, text, texts, time } from '../api/json.ts';
import { unlessAborted } from '../api/shared.ts';
import type { ClusterAccess, Credentials } from './cluster.ts';
import { keepSecret } from './identity.ts';

/** Milliseconds for one run; clouds answer in one to three seconds. */
const TIMEOUT = 30_000;
/** Milliseconds before they run out at which credentials are no longer used; half of their life where that is less. */
const MARGIN = 30_000;
const VERSIONS: ReadonlySet<string> = new Set([
  'client.authentication.k8s.io/v1',
  'client.authentication.k8s.io/v1beta1',
]);

const SECRET_NAME = /SECRET|TOKEN|PASSW|KEY|CREDENTIAL/i;

export interface ExecPlugin {
  /** Of the context, for people. */
  readonly name: string;
  /** The `exec` of a kubeconfig's user. */
  readonly exec: Json;
  /** Where a command with a slash in it starts from. */
  readonly folder: string;
  /** The `cluster` of the kubeconfig, for plugins that ask for it. */
  readonly cluster: Json;
  /** What the kubeconfig itself says besides. */
  readonly pair: Credentials;
}

interface Given {
  readonly credentials: Credentials;
  /** Milliseconds since 1970 until which they are used; absent: for as long as this process runs. */
  readonly until?: number;
}

type Machine = Pick<Host, 'env' | 'processes' | 'clock' | 'log' | 'signal'>;

/**
 * Credentials from the program that a kubeconfig names, as EKS, GKE and AKS write it: a fixed argument vector, no shell, no
 * terminal (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins). Run once,
 * and again when what it gave has run out or was refused.
 * @throws ToolError data (a kind of plugin that cannot be run here)
 */
export function execCredentials(plugin: ExecPlugin, host: Machine): Pick<ClusterAccess, 'credentials' | 'renew'> {
  refuseUnusable(plugin);
  let running: Promise<Given> | undefined;
  let given: Given | undefined;
  const isOver = () => given?.until !== undefined && given.until < host.clock.now();
  return {
    async credentials(signal) {
      if (given !== undefined && !isOver()) return given.credentials;
      // Many requests at once share one run, which must not end with the first of them that is no longer wanted.
      running ??= run(plugin, host)
        .then((found) => {
          given = found;
          return found;
        })
        .finally(() => {
          running = undefined;
        });
      return (await unlessAborted(running, signal)).credentials;
    },
    renew(refused) {
      if (refused === given?.credentials) given = undefined;
      return true;
    },
  };
}

function refuseUnusable({ name, exec }: ExecPlugin): void {
  const version = text(exec.apiVersion) ?? '(none)';
  if (!VERSIONS.has(version)) {
    throw new ToolError('data', `The exec plugin of the context ${name} speaks ${version}`, {
      hint: `Update the kubeconfig and the program: ${[...VERSIONS].join(' or ')} is what works.`,
    });
  }
  if (exec.interactiveMode === 'Always') {
    throw new ToolError('data', `The exec plugin of the context ${name} needs a terminal (interactiveMode: Always)`, {
      hint: 'In a pipeline use a service account, or a plugin that logs in without asking.',
    });
  }
}

async function run(plugin: ExecPlugin, host: Machine): Promise<Given> {
  const { exec, folder, name } = plugin;
  const command = text(exec.command) ?? '';
  const program = command.includes('/') ? posix.resolve(folder, command) : command;
  const options = { env: environment(plugin, host), timeout: TIMEOUT, maxBytes: 1024 * 1024, signal: host.signal };
  const hint = text(exec.installHint) ?? `Install ${command}, or put it on the PATH of this job.`;
  const { exitCode, stdout, stderr } = await host.processes
    .run(program, texts(exec.args), options)
    .catch((error: unknown) => {
      if (!(error instanceof ToolError) || error.code !== 'missing') throw error;
      throw new ToolError('missing', `The kubeconfig of ${name} needs ${command}, which is not there`, { hint });
    });
  if (exitCode !== 0) {
    const said = stderr.trim().split('\n').slice(-3).join(' ');
    throw new ToolError('denied', `${command}, which logs in to ${name}, ended with ${exitCode}: ${said}`);
  }
  return read(plugin, new TextDecoder().decode(stdout), host);
}

/** The plugin needs the environment of the job: that is where clouds keep who one is. */
function environment({ exec, cluster }: ExecPlugin, host: Machine): Readonly<Record<string, string>> {
  const { env } = host;
  const added = list(exec.env).map((item) => {
    const { name, value } = record(item);
    const key = text(name) ?? '';
    // The program may print it, and what it prints when it fails is shown.
    if (SECRET_NAME.test(key)) keepSecret(text(value) ?? '', host);
    return [key, text(value) ?? ''] as const;
  });
  const info = {
    apiVersion: exec.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(exec.provideClusterInfo === true ? { cluster: clusterInfo(cluster) } : {}) },
  };
  return {
    ...(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)) as Record<string, string>),
    ...Object.fromEntries(added),
    KUBERNETES_EXEC_INFO: JSON.stringify(info),
  };
}

/** https://kubernetes.io/docs/reference/config-api/client-authentication.v1/#client-authentication-k8s-io-v1-Cluster */
function clusterInfo(cluster: Json): Json {
  const extension = list(cluster.extensions)
    .map(record)
    .find((item) => item.name === 'client.authentication.k8s.io/exec');
  return {
    server: cluster.server,
    'tls-server-name': cluster['tls-server-name'],
    'certificate-authority-data': cluster['certificate-authority-data'],
    'proxy-url': cluster['proxy-url'],
    config: extension?.extension,
  };
}

function read({ exec, name, pair }: ExecPlugin, output: string, host: Machine): Given {
  const { apiVersion, status } = record(parse(output));
  const { token, clientCertificateData, clientKeyData, expirationTimestamp } = record(status);
  const [bearer, certificate, key] = [text(token), text(clientCertificateData), text(clientKeyData)];
  if (apiVersion !== exec.apiVersion || (bearer === undefined && (certificate === undefined || key === undefined))) {
    throw new ToolError('protocol', `${text(exec.command)}, which logs in to ${name}, wrote no ExecCredential`, {
      hint: `Run it by hand: it should print one of ${text(exec.apiVersion)} with a status.`,
    });
  }
  if (bearer !== undefined) keepSecret(bearer, host);
  const end = time(expirationTimestamp);
  const now = host.clock.now();
  return {
    credentials: {
      ...pair,
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      ...(certificate === undefined ? {} : { certificate }),
      ...(key === undefined ? {} : { key }),
    },
    ...(end === undefined ? {} : { until: end - Math.min(MARGIN, Math.max(0, end - now) / 2) }),
  };
}

function parse(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    return undefined;
  }
}
