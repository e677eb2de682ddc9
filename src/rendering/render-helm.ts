import { joinPath } from '../manifests/paths.ts';
import { decodeText } from '../manifests/text.ts';
import { type Chart, collectChart, isRefusal } from './helm-inputs.ts';
import type { Refusal } from './kustomize-inputs.ts';
import type { Program } from './programs.ts';
import { secretsOfChart, withoutSecrets } from './secret-texts.ts';
import { type Made, notMade, type Shop } from './shop.ts';
import type { HelmRecipe, RenderedObject } from './unit.ts';
import { readValues, resourceOf } from './yaml-values.ts';

/** Renders a chart with `helm template`: no cluster, no network, no plugins, hooks but those of tests included. */
export async function renderChart(shop: Shop, recipe: HelmRecipe): Promise<Made> {
  const { tree, workshop } = shop;
  const refused = (reason: string) => notMade({ state: 'refused', reason });
  const program = workshop.programs.helm;
  if (program === undefined) return refused('helm is not on PATH');
  if (!isReleaseName(recipe.release)) return refused(`${recipe.release} cannot be the name of a release`);
  if (recipe.namespace.length > 63 || !isReleaseName(recipe.namespace)) return refused('its namespace is no name');
  const chart = await collectChart(tree, recipe.chart);
  if (isRefusal(chart)) return notMade({ state: 'refused', ...chart });
  if (chart.isLibrary) return refused(`${recipe.chart} is a library chart, which makes nothing by itself`);
  if (chart.hasForeignSchema && !(await canSkipSchema(program))) {
    return refused('the schema of its values refers to other documents, and this helm cannot leave it out');
  }
  const values = await readValuesOf(shop, recipe);
  if (isRefusal(values)) return notMade({ state: 'refused', reason: values.reason }, chart.files.keys());
  const inputs = new Set([...chart.files.keys(), ...values.files]);
  const parameters = recipe.parameters.map(({ text }) => text);
  const printed = await workshop.helm(program, {
    chart: tree.fromTop(recipe.chart) || '.',
    files: new Map([...chart.files].map(([path, bytes]) => [tree.fromTop(path), bytes])),
    release: recipe.release,
    options: optionsOf(shop, recipe, chart),
    values: values.texts,
    clean: (words) => withoutSecrets(words, secretsOfChart(chart.files, values.texts, parameters)),
  });
  if (!printed.ok) return notMade({ state: 'failed', reason: printed.reason }, inputs);
  const objects = readObjects(printed.text, recipe.chart);
  return { outcome: { state: 'rendered', objects }, inputs, kustomizations: new Map() };
}

/** https://github.com/helm/helm/blob/main/pkg/chart/common/util/validate_name.go; it cannot be taken for an option. */
function isReleaseName(name: string): boolean {
  return name.length <= 63 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name);
}

/** From 3.16 on (https://github.com/helm/helm/releases/tag/v3.16.0). */
async function canSkipSchema(program: Program): Promise<boolean> {
  const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(await program.version()) ?? []).slice(1).map(Number);
  return major > 3 || (major === 3 && minor >= 16);
}

function optionsOf({ kubernetesVersion }: Shop, recipe: HelmRecipe, chart: Chart): readonly string[] {
  return [
    `--namespace=${recipe.namespace}`,
    `--kube-version=${kubernetesVersion}.0`,
    '--skip-tests',
    ...(recipe.withoutCrds ? [] : ['--include-crds']),
    ...(chart.hasForeignSchema ? ['--skip-schema-validation'] : []),
    ...recipe.parameters.map(({ text, isText }) => `--set${isText ? '-string' : ''}=${text}`),
  ];
}

interface ReadTexts {
  readonly texts: readonly string[];
  readonly files: readonly string[];
}

async function readValuesOf({ tree }: Shop, { values }: HelmRecipe): Promise<ReadTexts | Refusal> {
  const texts: string[] = [];
  const files: string[] = [];
  for (const source of values) {
    if ('text' in source) {
      texts.push(source.text);
      continue;
    }
    const kind = await tree.kindOf(source.file);
    const bytes = kind === 'file' ? await tree.read(source.file) : undefined;
    const decoded = bytes === undefined ? undefined : decodeText(bytes);
    if (decoded?.ok !== true) return { reason: `the values file ${source.file} cannot be read` };
    texts.push(decoded.text);
    files.push(source.file);
  }
  return { texts, files };
}

/** Helm writes the template before each of its documents; it begins with the name of the chart, not of its folder. */
function readObjects(text: string, folder: string): readonly RenderedObject[] {
  let template: string | undefined;
  return readValues(text, 'cluster').flatMap(({ value, text: document }) => {
    template = /^# Source: [^/\n]+\/(.+)$/m.exec(document)?.[1] ?? template;
    const resource = resourceOf(value);
    if (resource === undefined) return [];
    const made = 'by a template' as const;
    const origin = template === undefined ? undefined : { path: joinPath(folder, template), made };
    return [{ resource, value: value as RenderedObject['value'], text: document, origin }];
  });
}
