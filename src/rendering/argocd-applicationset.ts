import { isObject } from '../validation/scalars.ts';
import type { Declared } from './declared.ts';
import { fieldOf, type Json, listOf, textOf } from './yaml-values.ts';

export type Applications =
  | { readonly ok: true; readonly applications: readonly Declared[] }
  | { readonly ok: false; readonly reason: string };

/** The Applications that an ApplicationSet makes of lists (https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators-List/). */
export function applicationsOf(declared: Declared): Applications {
  const spec = fieldOf(declared.value, 'spec');
  const generators = listOf(spec, 'generators');
  const other = generators.flatMap((generator) => Object.keys(Object(generator))).find((name) => name !== 'list');
  if (other !== undefined) return { ok: false, reason: `its generator ${other} needs more than this repository` };
  if (spec !== undefined && fieldOf(spec, 'templatePatch') !== undefined)
    return { ok: false, reason: 'it has a templatePatch' };
  const template = fieldOf(spec, 'template');
  const applications: Declared[] = [];
  for (const generator of generators) {
    if (fieldOf(generator, 'list', 'elementsYaml') !== undefined)
      return { ok: false, reason: 'its list is a template' };
    for (const element of listOf(generator, 'list', 'elements')) {
      const merged = merge(template, fieldOf(generator, 'list', 'template'));
      const filled = fillIn(merged, element, fieldOf(spec, 'goTemplate') === true);
      if (filled === undefined) return { ok: false, reason: 'its template needs more than plain parameters' };
      applications.push(applicationOf(declared, filled));
    }
  }
  return { ok: true, applications };
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

/** Puts the fields of an element in; undefined where the template asks for more than a field. */
function fillIn(template: unknown, element: unknown, isGo: boolean): Json | undefined {
  let isPlain = true;
  const fill = (value: unknown): unknown => {
    if (typeof value === 'string') return fillText(value);
    if (Array.isArray(value)) return value.map(fill);
    return isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [fillText(key), fill(inner)]))
      : value;
  };
  const fillText = (text: string): string =>
    text.replace(/\{\{-?\s*(.*?)\s*-?\}\}/gs, (whole, inner: string) => {
      const name = isGo ? /^\.([\w.-]+)$/.exec(inner)?.[1] : /^[\w.-]+$/.exec(inner)?.[0];
      const value = name === undefined ? undefined : fieldOf(element, ...name.split('.'));
      if (value === undefined || typeof value === 'object') isPlain = false;
      return value === undefined ? whole : String(value);
    });
  const filled = fill(template);
  return isPlain && isObject(filled) ? filled : undefined;
}
