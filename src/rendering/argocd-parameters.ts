import { isObject } from '../validation/scalars.ts';
import { fieldOf, type Json } from './yaml-values.ts';

/**
 * Puts parameters into all texts of a template, as an ApplicationSet does it; undefined where it asks for more than one of
 * them at a place (https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Template/).
 */
export function fillIn(template: unknown, parameters: unknown, isGo: boolean): Json | undefined {
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
      const value = isGo ? goValue(parameters, inner) : plainValue(parameters, inner);
      if (value === undefined || typeof value === 'object') isPlain = false;
      return value === undefined ? whole : String(value);
    });
  const filled = fill(template);
  return isPlain && isObject(filled) ? filled : undefined;
}

/** `.path.basename`, `index .path.segments 1`. */
function goValue(parameters: unknown, text: string): unknown {
  const name = /^\.([\w.-]+)$/.exec(text)?.[1];
  if (name !== undefined) return fieldOf(parameters, ...name.split('.'));
  const [, list, index] = /^index\s+\.([\w.-]+)\s+(\d+)$/.exec(text) ?? [];
  const items = list === undefined ? undefined : fieldOf(parameters, ...list.split('.'));
  return Array.isArray(items) ? items[Number(index)] : undefined;
}

/** Without Go templates a name is one word, dots and brackets and all; fields inside others are reached by dots. */
function plainValue(parameters: unknown, text: string): unknown {
  if (!/^[\w.[\]-]+$/.test(text)) return undefined;
  return fieldOf(parameters, text) ?? fieldOf(parameters, ...text.split('.'));
}
