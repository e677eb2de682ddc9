import { kustomizeField } from '../validation/kustomize-entries.ts';
import { isObject } from '../validation/scalars.ts';
import { fieldOf } from './yaml-values.ts';

/** Built into kustomize, and reading nothing but their own fields (https://kubectl.docs.kubernetes.io/references/kustomize/builtins/). */
const HARMLESS: ReadonlySet<string> = new Set([
  'AnnotationsTransformer',
  'HashTransformer',
  'ImageTagTransformer',
  'LabelTransformer',
  'NamespaceTransformer',
  'PatchJson6902Transformer',
  'PatchStrategicMergeTransformer',
  'PatchTransformer',
  'PrefixSuffixTransformer',
  'PrefixTransformer',
  'ReplicaCountTransformer',
  'SuffixTransformer',
]);
const READING_FIELDS: readonly string[] = ['path', 'paths', 'files', 'envs', 'env', 'fieldSpecsPath'];

/** Why a document of kustomize is left alone, as the end of a sentence. */
export function pluginProblem(value: unknown): string | undefined {
  if (!isObject(value)) return 'is no map';
  const kind = fieldOf(value, 'kind');
  if (kind === undefined || kind === 'Kustomization' || kind === 'Component') return chartProblem(value);
  if (fieldOf(value, 'apiVersion') !== 'builtin' || !HARMLESS.has(String(kind)))
    return `uses the plugin ${String(kind)}`;
  const reading = READING_FIELDS.find((name) => value[name] !== undefined);
  return reading === undefined ? undefined : `has a plugin that reads files (${reading})`;
}

function chartProblem(value: Readonly<Record<string, unknown>>): string | undefined {
  const name = ['helmCharts', 'helmChartInflationGenerator', 'helmGlobals'].find((field) =>
    isSet(kustomizeField(value, field)?.[1]),
  );
  return name === undefined ? undefined : `has ${name}, which is never enabled here`;
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}
