import picomatch from 'picomatch';
import { isManifestFile } from '../manifests/file-names.ts';
import { joinPath } from '../manifests/paths.ts';
import { isObject } from '../validation/scalars.ts';
import { planArgoHelm } from './argocd-helm.ts';
import { kustomizeAround } from './argocd-kustomize.ts';
import { type Declared, identityOf, type Plan, pathHere, planned, type Surroundings, undone } from './declared.ts';
import { kustomizationIn } from './kustomize-inputs.ts';
import type { Recipe } from './unit.ts';
import { fieldOf, listOf, textOf } from './yaml-values.ts';

/** What an Application of Argo CD deploys, a unit for each of its sources that are in this repository. */
export async function planApplication(declared: Declared, around: Surroundings): Promise<Plan> {
  const spec = fieldOf(declared.value, 'spec');
  const several = listOf(spec, 'sources');
  const sources = several.length > 0 ? several : [fieldOf(spec, 'source')];
  const plans: Plan[] = [];
  for (const source of sources) {
    if (!isObject(source) || (source.path === undefined && source.chart === undefined)) continue;
    plans.push(await planSource(declared, source, sources, around));
  }
  return { units: plans.flatMap(({ units }) => units), undone: plans.flatMap((plan) => plan.undone) };
}

async function planSource(
  declared: Declared,
  source: Readonly<Record<string, unknown>>,
  sources: readonly unknown[],
  around: Surroundings,
): Promise<Plan> {
  const url = textOf(source, 'repoURL') ?? '';
  if (source.chart !== undefined)
    return undone(declared, `its chart, ${String(source.chart)} of ${url}, is not in this repository`);
  if (source.plugin !== undefined) return undone(declared, 'it is rendered by a plugin');
  const path = joinPath('', String(source.path));
  if (/\$|\{\{/.test(path)) return undone(declared, `its path ${path} has variables that nothing here replaces`);
  const here = await pathHere(around, url, textOf(source, 'targetRevision'), path);
  if (here === undefined) return undone(declared, `${path} of ${url} is not in this repository`);
  const recipe = await recipeOf(declared, source, here, sources, around);
  if ('reason' in recipe) return undone(declared, recipe.reason);
  const { place, ancestors } = declared;
  const name = sources.length > 1 ? `${identityOf(declared)} (${path})` : identityOf(declared);
  return planned({ name, place, ancestors: [...ancestors, identityOf(declared)], recipe });
}

/** https://argo-cd.readthedocs.io/en/stable/user-guide/tool_detection/ */
async function recipeOf(
  declared: Declared,
  source: Readonly<Record<string, unknown>>,
  path: string,
  sources: readonly unknown[],
  around: Surroundings,
): Promise<Recipe | { readonly reason: string }> {
  const { tree } = around;
  const hasChart = (await tree.kindOf(joinPath(path, 'Chart.yaml'))) === 'file';
  const hasKustomization = (await kustomizationIn(tree, path)) !== undefined;
  if (source.directory === undefined && (source.helm !== undefined || (hasChart && source.kustomize === undefined))) {
    return planArgoHelm(declared, source, path, sources, around);
  }
  if (source.directory === undefined && (source.kustomize !== undefined || hasKustomization)) {
    return { kind: 'kustomize', folder: path, around: kustomizeAround(fieldOf(source, 'kustomize')) };
  }
  return directoryRecipe(fieldOf(source, 'directory'), path, around);
}

/** https://argo-cd.readthedocs.io/en/stable/user-guide/directory/ */
async function directoryRecipe(
  directory: unknown,
  path: string,
  { tree }: Surroundings,
): Promise<Recipe | { readonly reason: string }> {
  const [include, exclude] = [textOf(directory, 'include'), textOf(directory, 'exclude')];
  const files: string[] = [];
  const pending = [''];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const { name, kind } of await tree.list(joinPath(path, next))) {
      const inside = joinPath(next, name);
      if (kind === 'directory' && fieldOf(directory, 'recurse') === true) pending.push(inside);
      if (name.endsWith('.jsonnet')) return { reason: 'it is rendered by Jsonnet' };
      const isMeant =
        (include === undefined || picomatch.isMatch(inside, include)) &&
        (exclude === undefined || !picomatch.isMatch(inside, exclude));
      if (kind === 'file' && isManifestFile(name) && isMeant) files.push(joinPath(path, inside));
    }
  }
  return { kind: 'files', files: files.sort() };
}
