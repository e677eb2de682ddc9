import { isObject } from '../validation/scalars.ts';
import { elementsOf } from './argocd-generators.ts';
import { fillIn } from './argocd-parameters.ts';
import type { Declared, Surroundings } from './declared.ts';
import { fieldOf, type Json, listOf, textOf } from './yaml-values.ts';

export type Applications =
  | { readonly ok: true; readonly applications: readonly Declared[] }
  | { readonly ok: false; readonly reason: string };

/** The Applications that an ApplicationSet makes (https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/). */
export async function applicationsOf(declared: Declared, around: Surroundings): Promise<Applications> {
  const spec = fieldOf(declared.value, 'spec');
  if (fieldOf(spec, 'templatePatch') !== undefined) return { ok: false, reason: 'it has a templatePatch' };
  const isGo = fieldOf(spec, 'goTemplate') === true;
  const applications: Declared[] = [];
  for (const generator of listOf(spec, 'generators')) {
    if (fieldOf(generator, 'selector') !== undefined) return { ok: false, reason: 'its generator has a selector' };
    const made = await elementsOf(generator, isGo, around);
    if (!made.ok) return made;
    const template = merge(fieldOf(spec, 'template'), ownTemplate(generator));
    for (const element of made.elements) {
      const filled = fillIn(template, element, isGo);
      if (filled === undefined) return { ok: false, reason: 'its template needs more than plain parameters' };
      applications.push(applicationOf(declared, filled));
    }
  }
  return { ok: true, applications };
}

function ownTemplate(generator: unknown): unknown {
  return Object.values(Object(generator))
    .map((content) => fieldOf(content, 'template'))
    .find((template) => template !== undefined);
}

function applicationOf(declared: Declared, template: Json): Declared {
  const name = textOf(template, 'metadata', 'name') ?? declared.name;
  const value = { apiVersion: declared.apiVersion, kind: 'Application', ...template };
  return { ...declared, kind: 'Application', name, value };
}

/** The template of a generator goes over that of the set. */
function merge(base: unknown, over: unknown): unknown {
  if (!isObject(base) || !isObject(over)) return over ?? base;
  const keys = new Set([...Object.keys(base), ...Object.keys(over)]);
  return Object.fromEntries([...keys].map((key) => [key, merge(base[key], over[key])]));
}
