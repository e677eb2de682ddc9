import type { WantedImage } from '../image/wanted-image.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import type { Edit } from './edit.ts';
import type { Skipped } from './look.ts';
import type { PlacedRefusal } from './refusal.ts';
import type { Selection } from './selection.ts';
import type { SetWish } from './set-wish.ts';

export interface EditRequest {
  readonly images: readonly WantedImage[];
  readonly select: Selection;
  /** Lets a place go back to an older version where both tags are versions. */
  readonly allowDowngrade: boolean;
  /** Values to write at named places, whatever they are. Not given: none. */
  readonly sets?: readonly SetWish[];
  /**
   * Gives an image that is used nowhere an entry in the one kustomization among the files, and makes the last key of a `set`.
   * Not given: false.
   */
  readonly createMissing?: boolean;
  /** The files that images are looked for in. Not given: all. */
  readonly within?: (path: string) => boolean;
}

/** A place that holds a wanted image. */
export interface Place {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly place: string;
  /** The reference as it reads before any edit; of a `set`, the value. */
  readonly image: string;
}

/** An anchored scalar that is edited, and what else reads it. */
export interface SharedValue {
  readonly path: string;
  readonly line: number;
  readonly place: string;
  /** Paths in the document, `initContainers[0].image.tag`. */
  readonly readers: readonly string[];
}

export interface UnmatchedImage {
  readonly wanted: WantedImage;
  /**
   * `not-selected`: there are uses, and none is among what `select` names. `not-writable`: the only uses take their tag from a
   * variable or are pinned in another way; `skipped` says where.
   */
  readonly why: 'not-found' | 'not-selected' | 'not-writable';
  /** Names that are used instead, most alike first. */
  readonly nearest: readonly string[];
}

/** What a plan always tells, whatever came out. */
export interface Survey {
  /** Files that were handed in, files that were parsed, images found in them. */
  readonly looked: { readonly files: number; readonly parsed: number; readonly images: number };
  readonly skipped: readonly Skipped[];
  /** Wanted images without any place. With `change` and `nothing` the others have theirs; the caller decides what that means. */
  readonly unmatched: readonly UnmatchedImage[];
}

export type Plan =
  | ({
      readonly kind: 'change';
      readonly edits: readonly Edit[];
      /** The touched files only, with their new bytes and their old mode. */
      readonly files: readonly SourceFile[];
      /** Places that are pulled up from another value than most places of the same image. */
      readonly differing: readonly Place[];
      readonly shared: readonly SharedValue[];
      /** Places that read the wanted value already. */
      readonly current: readonly Place[];
    } & Survey)
  /** Every place reads the wanted value already. */
  | ({ readonly kind: 'nothing'; readonly places: readonly Place[] } & Survey)
  /** None of the wanted images is used anywhere. */
  | ({ readonly kind: 'no-match' } & Survey)
  /** Nothing may be written. Every problem at once. */
  | ({ readonly kind: 'refused'; readonly problems: readonly PlacedRefusal[] } & Survey);
