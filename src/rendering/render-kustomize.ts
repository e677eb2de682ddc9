import { joinPath } from '../manifests/paths.ts';
import { collectFolder, collectKustomization, type Inputs, kustomizationIn } from './kustomize-inputs.ts';
import { ORIGIN, withoutOrigin } from './origin-annotation.ts';
import { secretsOfBuild, withoutSecrets } from './secret-texts.ts';
import { type Made, notMade, type Shop } from './shop.ts';
import type { KustomizeRecipe, Origin, RenderedObject } from './unit.ts';
import { TO_TREE } from './workshop.ts';
import { type Json, printJson, readValues, resourceOf, textOf } from './yaml-values.ts';

/** Builds a folder with kustomize, in a kustomization of our own around it that asks where each object comes from. */
export async function renderKustomization(shop: Shop, recipe: KustomizeRecipe): Promise<Made> {
  const { tree, workshop } = shop;
  const program = workshop.programs.kustomize;
  if (program === undefined) return notMade({ state: 'refused', reason: 'neither kustomize nor kubectl is on PATH' });
  const inputs: Inputs = { files: new Map(), kustomizations: new Map() };
  const found = await collect(shop, recipe, inputs);
  if ('reason' in found) return notMade({ state: 'refused', ...found }, inputs.files.keys());
  const content = wrapper(recipe, found.resources.map(tree.fromTop), tree.fromTop(recipe.folder));
  const files = new Map([...inputs.files].map(([path, bytes]) => [tree.fromTop(path), bytes]));
  const clean = (words: string) =>
    withoutSecrets(words, secretsOfBuild(inputs.files, inputs.kustomizations, recipe.around));
  const printed = await workshop.kustomize(program, content, files, clean);
  const { kustomizations } = inputs;
  if (!printed.ok)
    return { ...notMade({ state: 'failed', reason: printed.reason }, inputs.files.keys()), kustomizations };
  const objects = readObjects(printed.text, (path) => tree.fromWorkingDirectory(path));
  return { outcome: { state: 'rendered', objects }, inputs: new Set(inputs.files.keys()), kustomizations };
}

async function collect({ tree }: Shop, { folder, generates, around }: KustomizeRecipe, inputs: Inputs) {
  if ((await tree.kindOf(folder)) !== 'folder') return { reason: `${folder} is no folder of this repository` };
  for (const component of componentsOf(around)) {
    const refusal = await collectKustomization(tree, joinPath(folder, component), inputs);
    if (refusal !== undefined) return refusal;
  }
  if (!generates || (await kustomizationIn(tree, folder)) !== undefined) {
    return (await collectKustomization(tree, folder, inputs)) ?? { resources: [folder] };
  }
  const { refusal, resources } = await collectFolder(tree, folder, inputs);
  return refusal ?? { resources };
}

function componentsOf(around: Json): readonly string[] {
  const { components } = around;
  return Array.isArray(components) ? components.filter((entry) => typeof entry === 'string') : [];
}

/** @param folder what components are relative to */
function wrapper({ around }: KustomizeRecipe, resources: readonly string[], folder: string): string {
  const components = componentsOf(around).map((entry) => `${TO_TREE}/${joinPath(folder, entry)}`);
  return printJson({
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    ...around,
    ...(components.length === 0 ? {} : { components }),
    resources: resources.map((path) => (path === '' ? TO_TREE : `${TO_TREE}/${path}`)),
    buildMetadata: ['originAnnotations'],
  });
}

/** Objects as kustomize printed them, without the annotation that was asked for. */
function readObjects(text: string, fromTop: (path: string) => string): readonly RenderedObject[] {
  return readValues(text, 'cluster').flatMap(({ value, text: document }) => {
    const resource = resourceOf(value);
    if (resource === undefined) return [];
    const origin = readOrigin(textOf(value, 'metadata', 'annotations', ORIGIN) ?? '', fromTop);
    return [{ resource, value: withoutOrigin(value as Json), text: document, origin }];
  });
}

function readOrigin(annotation: string, fromTop: (path: string) => string): Origin | undefined {
  const path = /^path: (.+)$/m.exec(annotation)?.[1];
  const maker = /^configuredIn: (.+)$/m.exec(annotation)?.[1];
  const named = path ?? maker;
  if (!named?.startsWith(`${TO_TREE}/`)) return undefined;
  const made = path === undefined ? 'by a generator' : 'as it stands';
  return { path: fromTop(named.slice(TO_TREE.length + 1)), made };
}
