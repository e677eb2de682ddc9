import { load } from 'js-yaml';
import { ToolError } from '../../errors.ts';
import { type Json, list, record, text } from '../api/json.ts';

/** A named entry of a kubeconfig, with the folder that its relative paths start from. */
export interface Entry {
  readonly value: Json;
  /** Absolute folder of the file that it stands in. */
  readonly folder: string;
}

/** Several kubeconfig files as one. */
export interface Kubeconfig {
  readonly currentContext: string | undefined;
  readonly contexts: ReadonlyMap<string, Entry>;
  readonly clusters: ReadonlyMap<string, Entry>;
  readonly users: ReadonlyMap<string, Entry>;
}

export interface KubeconfigFile {
  readonly path: string;
  readonly folder: string;
  readonly content: string;
}

/**
 * Merges as kubectl does: of entries with the same name the first file wins, also for the current context
 * (https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files).
 * @throws ToolError data for a file that is no kubeconfig, all of them at once
 */
export function mergeKubeconfigs(files: readonly KubeconfigFile[]): Kubeconfig {
  const problems: string[] = [];
  const read = files.map((file) => ({ ...file, config: readOne(file, problems) }));
  if (problems.length > 0) throw new ToolError('data', 'The kubeconfig cannot be read', { problems });
  const named = (section: string, field: string) =>
    new Map(
      [...read].reverse().flatMap(({ config, folder }) =>
        list(config[section])
          .map(record)
          .reverse()
          .map((item) => [text(item.name) ?? '', { value: record(item[field]), folder }] as const),
      ),
    );
  return {
    currentContext: read.map(({ config }) => text(config['current-context'])).find((name) => name !== undefined),
    contexts: named('contexts', 'context'),
    clusters: named('clusters', 'cluster'),
    users: named('users', 'user'),
  };
}

function readOne({ path, content }: KubeconfigFile, problems: string[]): Json {
  try {
    const value = load(content) ?? {};
    if (typeof value === 'object' && !Array.isArray(value)) return record(value);
    problems.push(`${path} is no kubeconfig: it holds no mapping`);
  } catch (error) {
    problems.push(`${path} is no YAML: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
  }
  return {};
}

export interface Chosen {
  /** Name of the context. */
  readonly name: string;
  readonly context: Entry;
  readonly cluster: Entry;
  readonly user: Entry;
}

const NOBODY: Json = {};

/** Which files a kubeconfig was read from, and which of them were not there. */
export interface Origin {
  readonly files: readonly Pick<KubeconfigFile, 'path'>[];
  readonly absent: readonly string[];
}

/**
 * The wanted context, else the current one, else the only one: behind the GitLab agent there is no current one
 * (https://docs.gitlab.com/user/clusters/agent/ci_cd_workflow/).
 * @throws ToolError input with the names there are
 */
export function chooseContext(config: Kubeconfig, wanted: string | undefined, origin: Origin): Chosen {
  const names = [...config.contexts.keys()];
  const name = wanted ?? config.currentContext ?? (names.length === 1 ? names[0] : undefined);
  if (name === undefined) {
    const what = names.length === 0 ? 'no contexts at all' : 'no current context';
    throw new ToolError('input', `kube-context: ${called(origin)} has ${what}`, { hint: choices(names, origin) });
  }
  const context = config.contexts.get(name);
  if (context === undefined) {
    throw new ToolError('input', `kube-context: ${called(origin)} has no context ${name}`, {
      hint: choices(names, origin),
    });
  }
  const [clusterName, userName] = [text(context.value.cluster) ?? '', text(context.value.user) ?? ''];
  const cluster = config.clusters.get(clusterName);
  const user = config.users.get(userName) ?? (userName === '' ? { ...context, value: NOBODY } : undefined);
  const problems = [
    ...(cluster === undefined ? [`the context ${name} names the cluster ${clusterName}, which is not there`] : []),
    ...(user === undefined ? [`the context ${name} names the user ${userName}, which is not there`] : []),
  ];
  if (cluster !== undefined && user !== undefined) return { name, context, cluster, user };
  throw new ToolError('data', `${called(origin)} is not complete`, { problems });
}

function called({ files }: Origin): string {
  return `the kubeconfig ${files.map(({ path }) => path).join(', ')}`;
}

function choices(names: readonly string[], { absent }: Origin): string {
  const missing = absent.length === 0 ? '' : ` KUBECONFIG also names ${absent.join(', ')}, which is not there.`;
  return names.length === 0
    ? `It holds nothing to choose from. In GitLab: is this project authorised in the configuration of the agent?${missing}`
    : `Contexts: ${[...names].sort().join(', ')}. Give one as kube-context.${missing}`;
}
