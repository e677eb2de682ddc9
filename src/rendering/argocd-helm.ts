import { joinPath } from '../manifests/paths.ts';
import { type Declared, pathHere, type Surroundings } from './declared.ts';
import type { HelmRecipe, ValuesSource } from './unit.ts';
import { fieldOf, listOf, printJson, textOf } from './yaml-values.ts';

type Source = Readonly<Record<string, unknown>>;

/** How Argo CD calls Helm (https://argo-cd.readthedocs.io/en/stable/user-guide/helm/). */
export async function planArgoHelm(
  declared: Declared,
  source: Source,
  chart: string,
  sources: readonly unknown[],
  around: Surroundings,
): Promise<HelmRecipe | { readonly reason: string }> {
  const helm = source.helm;
  if (listOf(helm, 'fileParameters').length > 0) return { reason: 'it has fileParameters' };
  const values = await valuesOf(helm, chart, sources, around);
  if ('reason' in values) return values;
  return {
    kind: 'helm',
    chart,
    release: textOf(helm, 'releaseName') ?? declared.name,
    namespace: textOf(helm, 'namespace') ?? textOf(declared.value, 'spec', 'destination', 'namespace') ?? 'default',
    values: values.sources,
    parameters: listOf(helm, 'parameters').map((parameter) => ({
      text: `${textOf(parameter, 'name') ?? ''}=${String(fieldOf(parameter, 'value') ?? '')}`,
      isText: fieldOf(parameter, 'forceString') === true,
    })),
    ...(fieldOf(helm, 'skipCrds') === true ? { withoutCrds: true } : {}),
  };
}

type Values = { readonly sources: readonly ValuesSource[] } | { readonly reason: string };

async function valuesOf(
  helm: unknown,
  chart: string,
  sources: readonly unknown[],
  around: Surroundings,
): Promise<Values> {
  const found: ValuesSource[] = [];
  for (const entry of listOf(helm, 'valueFiles').map(String)) {
    const file = await fileOf(entry, chart, sources, around);
    if (file === undefined) return { reason: `its values file ${entry} is not in this repository` };
    const isThere = (await around.tree.kindOf(file)) === 'file';
    if (isThere || fieldOf(helm, 'ignoreMissingValueFiles') !== true) found.push({ file });
  }
  const [object, text] = [fieldOf(helm, 'valuesObject'), textOf(helm, 'values')];
  if (object !== undefined) found.push({ text: printJson(object) });
  else if (text !== undefined) found.push({ text });
  return { sources: found };
}

/** `$name/path` is a path of the source that has the ref of this name; others are seen from the chart. */
async function fileOf(
  entry: string,
  chart: string,
  sources: readonly unknown[],
  around: Surroundings,
): Promise<string | undefined> {
  if (/^[a-z][a-z0-9+.-]*:|[*?[]|\{\{/i.test(entry)) return undefined;
  if (entry.startsWith('/')) return around.tree.fromWorkingDirectory(joinPath('', entry.replace(/^\/+/, '')));
  if (!entry.startsWith('$')) return joinPath(chart, entry);
  const [name = '', ...rest] = entry.slice(1).split('/');
  const source = sources.find((candidate) => textOf(candidate, 'ref') === name);
  const folder = rest.slice(0, -1).join('/');
  const url = textOf(source, 'repoURL');
  if (url === undefined) return undefined;
  const here = await pathHere(around, url, textOf(source, 'targetRevision'), joinPath('', folder));
  return here === undefined ? undefined : joinPath(here, rest.at(-1) ?? '');
}
