import { isObject } from '../validation/scalars.ts';
import { gitElements } from './argocd-git-generator.ts';
import { fillIn } from './argocd-parameters.ts';
import type { Surroundings } from './declared.ts';
import { fieldOf, type Json, listOf, printJson, textOf } from './yaml-values.ts';

/** The parameters of each Application that a generator makes, or why they cannot be known here. */
export type Elements =
  | { readonly ok: true; readonly elements: readonly Json[] }
  | { readonly ok: false; readonly reason: string };

/** Fields beside the generator itself. */
const BESIDE: ReadonlySet<string> = new Set(['template']);
const MOST_ELEMENTS = 3_000;

/**
 * What is known without a cluster or a network: lists, folders and files of this repository, and those of such that are
 * combined (https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators/).
 */
export async function elementsOf(generator: unknown, isGo: boolean, around: Surroundings): Promise<Elements> {
  const name = Object.keys(Object(generator)).find((key) => !BESIDE.has(key)) ?? '';
  const content = fieldOf(generator, name);
  if (name === 'list') return listElements(content);
  if (name === 'matrix' || name === 'merge') {
    const made = await (name === 'matrix' ? matrixElements : mergeElements)(content, isGo, around);
    const isTooMany = made.ok && made.elements.length > MOST_ELEMENTS;
    return isTooMany ? { ok: false, reason: `its generator ${name} makes more than ${MOST_ELEMENTS} of them` } : made;
  }
  const made: Elements =
    name === 'git'
      ? await gitElements(content, isGo, around)
      : { ok: false, reason: `its generator ${name} needs more than this repository` };
  return made.ok ? withValues(made.elements, fieldOf(content, 'values'), isGo) : made;
}

function listElements(list: unknown): Elements {
  if (fieldOf(list, 'elementsYaml') !== undefined) return { ok: false, reason: 'its list is a template' };
  return { ok: true, elements: listOf(list, 'elements').filter(isObject) };
}

/** Further parameters, made of those of the generator. */
function withValues(elements: readonly Json[], values: unknown, isGo: boolean): Elements {
  if (values === undefined) return { ok: true, elements };
  const filled = elements.map((element) => ({ ...element, values: fillIn(values, element, isGo) }));
  const isWhole = filled.every((element) => element.values !== undefined);
  return isWhole ? { ok: true, elements: filled } : { ok: false, reason: 'its values need more than plain parameters' };
}

/** Each of the first with each of the second, which may use the parameters of the first. */
async function matrixElements(matrix: unknown, isGo: boolean, around: Surroundings): Promise<Elements> {
  const [first, second] = listOf(matrix, 'generators');
  const outer = await elementsOf(first, isGo, around);
  if (!outer.ok) return outer;
  const elements: Json[] = [];
  for (const element of outer.elements) {
    const generator = fillIn(second, element, isGo);
    if (generator === undefined) return { ok: false, reason: 'its matrix needs more than plain parameters' };
    const inner = await elementsOf(generator, isGo, around);
    if (!inner.ok) return inner;
    elements.push(...inner.elements.map((one) => ({ ...element, ...one })));
    if (elements.length > MOST_ELEMENTS) break;
  }
  return { ok: true, elements };
}

/** Those of the first generator, with what the others have for the same keys. */
async function mergeElements(merge: unknown, isGo: boolean, around: Surroundings): Promise<Elements> {
  const keys = listOf(merge, 'mergeKeys').filter((key) => typeof key === 'string');
  const keyOf = (element: Json) =>
    printJson(keys.map((key) => fieldOf(element, key) ?? textOf(element, ...key.split('.'))));
  let merged: readonly Json[] | undefined;
  for (const generator of listOf(merge, 'generators')) {
    const made = await elementsOf(generator, isGo, around);
    if (!made.ok) return made;
    const others = new Map(made.elements.map((element) => [keyOf(element), element]));
    merged = merged?.map((element) => ({ ...element, ...others.get(keyOf(element)) })) ?? made.elements;
  }
  return { ok: true, elements: merged ?? [] };
}
