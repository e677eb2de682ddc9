import { joinPath } from '../manifests/paths.ts';
import { type Declared, identityOf, type Plan, planned, type Surroundings, undone } from './declared.ts';
import { pathOfSource } from './flux-source.ts';
import { entriesOf } from './flux-variables.ts';
import { UNKNOWN } from './substitute.ts';
import type { ValuesSource } from './unit.ts';
import { fieldOf, listOf, printJson, textOf } from './yaml-values.ts';

/** What a HelmRelease installs, where its chart is in this repository (https://fluxcd.io/flux/components/helm/helmreleases/). */
export async function planHelmRelease(declared: Declared, around: Surroundings): Promise<Plan> {
  const spec = fieldOf(declared.value, 'spec');
  const chart = fieldOf(spec, 'chart', 'spec');
  const chartRef = fieldOf(spec, 'chartRef');
  if (chartRef !== undefined) {
    return undone(
      declared,
      `its chart, the ${textOf(chartRef, 'kind')} ${textOf(chartRef, 'name')}, is not in this repository`,
    );
  }
  if (listOf(spec, 'postRenderers').length > 0) return undone(declared, 'it has postRenderers');
  const [path, sourceRef] = [textOf(chart, 'chart') ?? '', fieldOf(chart, 'sourceRef')];
  const source = await pathOfSource(declared, sourceRef, path, around);
  if (!source.ok) return undone(declared, reasonOf(sourceRef, path, source.reason));
  const values = valuesOf(declared, around);
  if ('reason' in values) return undone(declared, values.reason);
  const target = textOf(spec, 'targetNamespace');
  return planned({
    name: identityOf(declared),
    place: declared.place,
    ancestors: [...declared.ancestors, identityOf(declared)],
    recipe: {
      kind: 'helm',
      chart: source.path,
      release: textOf(spec, 'releaseName') ?? (target === undefined ? declared.name : `${target}-${declared.name}`),
      namespace: target ?? declared.namespace ?? 'default',
      values: values.sources,
      parameters: [],
    },
  });
}

function reasonOf(sourceRef: unknown, path: string, reason: string): string {
  const [kind, name] = [textOf(sourceRef, 'kind'), textOf(sourceRef, 'name')];
  return kind === 'HelmRepository' ? `its chart, ${path} of the ${kind} ${name}, is not in this repository` : reason;
}

type Values = { readonly sources: readonly ValuesSource[] } | { readonly reason: string };

/** Files of the source, then what `valuesFrom` names, then its own. */
function valuesOf(declared: Declared, around: Surroundings): Values {
  const spec = fieldOf(declared.value, 'spec');
  const files = [...listOf(spec, 'chart', 'spec', 'valuesFiles')].map((file) => ({
    file: around.tree.fromWorkingDirectory(joinPath('', String(file))),
  }));
  const sources: ValuesSource[] = [...files];
  for (const reference of listOf(spec, 'valuesFrom')) {
    const [kind, name] = [textOf(reference, 'kind') ?? '', textOf(reference, 'name') ?? ''];
    if (textOf(reference, 'targetPath') !== undefined) return { reason: `it takes one value from the ${kind} ${name}` };
    const found = around.findObject(kind, name, declared.namespace, declared.place.path);
    const key = textOf(reference, 'valuesKey') ?? 'values.yaml';
    const text = found === undefined ? undefined : new Map(entriesOf(found)).get(key);
    if (text === undefined)
      return { reason: `the ${kind} ${name}, which it takes values from, is not in this repository` };
    if (text === UNKNOWN) return { reason: `the ${kind} ${name}, which it takes values from, is not read` };
    sources.push({ text });
  }
  const own = fieldOf(spec, 'values');
  return { sources: own === undefined ? sources : [...sources, { text: printJson(own) }] };
}
