import { CORE_SCHEMA, loadAll, YAMLException } from 'js-yaml';
import { ToolError } from '../../errors.ts';
import { isRecord } from './names.ts';
import type { Manifest } from './types.ts';

type Content = Manifest['content'];

/** The YAML and JSON files of one commit by path, and every path that there is. */
export interface Tree {
  readonly files: ReadonlyMap<string, string>;
  readonly paths: readonly string[];
}

/**
 * The documents of one file, lists taken apart, empty ones left out.
 * @throws ToolError data in the words that the repo server of Argo CD has for it.
 */
export function documentsOf(tree: Tree, path: string): readonly Content[] {
  return parse(tree.files.get(path) ?? '', nameOf(path)).flatMap((document) => {
    if (document === null || document === undefined) return [];
    if (!isRecord(document) || typeof document.kind !== 'string') {
      throw new ToolError('data', unmarshalProblem(nameOf(path), "Object 'Kind' is missing"));
    }
    return document.kind === 'List' ? listItems(document) : [document];
  });
}

function listItems(list: Content): readonly Content[] {
  const items = list.items;
  return Array.isArray(items) ? items.filter(isRecord) : [];
}

function parse(text: string, file: string): readonly unknown[] {
  try {
    const documents = loadAll(text, null, { schema: CORE_SCHEMA });
    // An anchor that holds an alias of itself parses, but is no JSON.
    JSON.stringify(documents);
    return documents;
  } catch (error) {
    const place = error instanceof YAMLException ? `line ${error.mark.line + 1}: ${error.reason}` : String(error);
    throw new ToolError('data', unmarshalProblem(file, `error converting YAML to JSON: yaml: ${place}`));
  }
}

function unmarshalProblem(file: string, problem: string): string {
  return `rpc error: code = FailedPrecondition desc = Failed to unmarshal "${file}": failed to unmarshal manifest: ${problem}`;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

// Kinds that live outside namespaces, as far as examples and tests have them; custom ones are taken for namespaced.
const CLUSTER_SCOPED =
  /^(Namespace|Node|PersistentVolume|CustomResourceDefinition|APIService|Cluster.+|.+Class|.+WebhookConfiguration)$/;

/** @throws ToolError data when the object has no apiVersion or no name. */
export function toManifest(content: Content, namespace: string): Manifest {
  const metadata = isRecord(content.metadata) ? content.metadata : {};
  const { kind, apiVersion } = content;
  const { name } = metadata;
  if (typeof kind !== 'string' || typeof apiVersion !== 'string' || typeof name !== 'string') {
    throw new ToolError('data', `rpc error: code = Unknown desc = a ${kind} lacks apiVersion or metadata.name`);
  }
  const slash = apiVersion.indexOf('/');
  const own = typeof metadata.namespace === 'string' ? metadata.namespace : namespace;
  return {
    group: apiVersion.slice(0, Math.max(slash, 0)),
    version: apiVersion.slice(slash + 1),
    kind,
    ...(CLUSTER_SCOPED.test(kind) ? {} : { namespace: own }),
    name,
    content,
  };
}

/** Where the pods of an object are described; undefined for what runs none. */
export function podTemplate(content: Content): Content | undefined {
  const spec = isRecord(content.spec) ? content.spec : undefined;
  if (content.kind === 'Pod') return content;
  if (content.kind === 'CronJob') return isRecord(spec?.jobTemplate) ? podTemplate(spec.jobTemplate) : undefined;
  return isRecord(spec?.template) ? spec.template : undefined;
}

/** Images of the containers of an object, init containers first, in the order of the file, without doubles. */
export function imagesOf(content: Content): readonly string[] {
  const spec = podTemplate(content)?.spec;
  const containers = isRecord(spec) ? [spec.initContainers, spec.containers].flat() : [];
  return [...new Set(containers.flatMap((container) => (isRecord(container) ? [container.image] : [])))].filter(
    (image) => typeof image === 'string',
  );
}
