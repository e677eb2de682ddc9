import { isObject } from '../validation/scalars.ts';
import { type Declared, identityOf, type Plan, planned, type Surroundings, undone } from './declared.ts';
import { pathOfSource } from './flux-source.ts';
import { readSubstitution } from './flux-variables.ts';
import { fieldOf, type Json, listOf, printJson, textOf } from './yaml-values.ts';

/** What a Kustomization of Flux builds (https://fluxcd.io/flux/components/kustomize/kustomizations/). */
export async function planFluxKustomization(declared: Declared, around: Surroundings): Promise<Plan> {
  const spec = fieldOf(declared.value, 'spec');
  const source = await pathOfSource(declared, fieldOf(spec, 'sourceRef'), textOf(spec, 'path') ?? './', around);
  if (!source.ok) return undone(declared, source.reason);
  const substitution = readSubstitution(declared, around);
  return planned({
    name: `Flux ${identityOf(declared)}`,
    place: declared.place,
    ancestors: [...declared.ancestors, identityOf(declared)],
    recipe: { kind: 'kustomize', folder: source.path, generates: true, around: kustomizationAround(spec) },
    ...(substitution === undefined ? {} : { substitution }),
  });
}

/** The fields that Flux writes into the kustomization of the path. */
function kustomizationAround(spec: unknown): Json {
  const fields = {
    namespace: textOf(spec, 'targetNamespace'),
    namePrefix: textOf(spec, 'namePrefix'),
    nameSuffix: textOf(spec, 'nameSuffix'),
    patches: listOf(spec, 'patches'),
    patchesStrategicMerge: listOf(spec, 'patchesStrategicMerge').map(printJson),
    patchesJson6902: listOf(spec, 'patchesJson6902').map(inlinePatch),
    images: listOf(spec, 'images'),
    components: listOf(spec, 'components'),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value.length > 0));
}

function inlinePatch(patch: unknown): unknown {
  return isObject(patch) ? { target: patch.target, patch: printJson(patch.patch) } : patch;
}
