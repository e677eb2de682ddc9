import type { Pair, Scalar, YAMLMap } from 'yaml';
import type { ImageRef } from '../image/image-ref.ts';
import type { YamlDocument } from './yaml-file.ts';

/** One scalar that holds a part of an image reference, or the gap where its key is missing. */
export type Slot =
  | {
      readonly kind: 'present';
      /** Behind aliases and merge keys: the scalar itself. */
      readonly node: Scalar;
      /** As the cluster reads it. */
      readonly text: string;
      readonly place: string;
    }
  | {
      readonly kind: 'absent';
      readonly map: YAMLMap;
      readonly key: string;
      /** The pair of `map` that the new one comes after. */
      readonly after: Pair;
      readonly place: string;
    };

export type Slots =
  /** One scalar, `registry/repository:tag@digest`. */
  | {
      readonly kind: 'whole';
      readonly reference: Slot;
      /** Of a kustomize override: what stands before `=`, or nothing where the image itself is the name. */
      readonly override?: { readonly name?: string };
    }
  /** A scalar per part. A part without a slot cannot be written here. */
  | {
      readonly kind: 'split';
      readonly registry?: Slot;
      readonly repository?: Slot;
      readonly tag?: Slot;
      readonly digest?: Slot;
    };

/** A scalar that repeats the tag of a site, such as `?ref=` of a remote base, and moves along with it. */
export interface Companion {
  readonly slot: Slot;
  /** The tag that it repeats. */
  readonly tag: string;
  readonly rewrite: (tag: string) => string;
}

/** One place that holds an image, as an editor found it. */
export interface Site {
  readonly document: YamlDocument;
  /** For people, without the last key: `Deployment shop/api container app`, `images[name=nginx]`. */
  readonly place: string;
  /** As it reads now. */
  readonly image: ImageRef;
  readonly slots: Slots;
  /** The `name` that a kustomization entry is known by. */
  readonly alias?: string;
  readonly resource?: { readonly kind: string; readonly name?: string };
  readonly container?: string;
  readonly companions?: readonly Companion[];
  /** Why a tool must not write here, as the end of a sentence: `takes its tag from the variable ${TAG}`. */
  readonly fixed?: string;
}

/** The scalars of a site that exist, in no order. */
export function presentSlots(site: Site): readonly Extract<Slot, { kind: 'present' }>[] {
  return allSlots(site).filter((slot) => slot.kind === 'present');
}

function allSlots(site: Site): readonly Slot[] {
  const { slots } = site;
  if (slots.kind === 'whole') return [slots.reference];
  return [slots.registry, slots.repository, slots.tag, slots.digest].filter((slot) => slot !== undefined);
}
