import { isSops } from '../validation/classify.ts';
import { isObject } from '../validation/scalars.ts';
import type { Declared, Surroundings } from './declared.ts';
import { UNKNOWN } from './substitute.ts';
import type { Substitution } from './unit.ts';
import { fieldOf, type Json, listOf, textOf } from './yaml-values.ts';

/**
 * The variables of a Kustomization of Flux: those of its ConfigMaps and Secrets in their order, then its own. Undefined
 * where Flux replaces nothing: without `postBuild`, and without any variable unless its strategy is `Always`.
 */
export function readSubstitution(declared: Declared, around: Surroundings): Substitution | undefined {
  const postBuild = fieldOf(declared.value, 'spec', 'postBuild');
  if (!isObject(postBuild)) return undefined;
  const values = new Map<string, string>();
  let open = false;
  for (const reference of listOf(postBuild, 'substituteFrom')) {
    const [kind, name] = [textOf(reference, 'kind') ?? '', textOf(reference, 'name') ?? ''];
    const found = around.findObject(kind, name, declared.namespace, declared.place.path);
    if (found === undefined) open = true;
    else for (const [key, value] of entriesOf(found)) values.set(key, withoutLineBreaks(value));
  }
  const own = fieldOf(postBuild, 'substitute');
  for (const [key, value] of isObject(own) ? Object.entries(own) : [])
    values.set(key, withoutLineBreaks(String(value)));
  const isAlways = textOf(postBuild, 'substituteStrategy') === 'Always';
  return values.size === 0 && !open && !isAlways ? undefined : { values, open };
}

function withoutLineBreaks(value: string): string {
  return value.replaceAll('\n', '');
}

/** The data of a ConfigMap; of a Secret the names alone: its values shall not show up in anything that is made with them. */
export function entriesOf(object: Json): readonly (readonly [string, string])[] {
  const isHidden = object.kind === 'Secret' || isSops(object);
  return [fieldOf(object, 'data'), fieldOf(object, 'stringData')].flatMap((map) =>
    Object.entries(isObject(map) ? map : {}).map(
      ([key, value]) => [key, isHidden || !isText(value) ? UNKNOWN : String(value)] as const,
    ),
  );
}

function isText(value: unknown): boolean {
  return value !== null && value !== undefined && typeof value !== 'object';
}
