import type { ImageRef } from '../image/image-ref.ts';
import type { SlotChange } from './rewrite.ts';
import type { Site, Slot } from './site.ts';
import { lineOfSlot } from './site-place.ts';
import { type PlannedSplice, planSplice } from './splice.ts';
import type { YamlDocument } from './yaml-file.ts';

/** The image that a write is about. */
export interface WrittenImage {
  /** `registry/repository`, as it was asked for. */
  readonly name: string;
  readonly before: ImageRef;
  readonly after: ImageRef;
}

/** One value that is to be written, and who asked for it. */
export interface Write {
  readonly document: YamlDocument;
  /** Undefined where no safe way is known. */
  readonly planned: PlannedSplice | undefined;
  /** The scalar or gap; absent for a whole new entry. */
  readonly slot?: Slot;
  readonly line: number;
  readonly place: string;
  readonly before: string;
  readonly after: string;
  /** The image or `set` as it was asked for. */
  readonly wish: string;
  /** What reads the scalar; absent for a plain value and for a whole new entry. */
  readonly site?: Site;
  /** Absent for a value that is no image. */
  readonly image?: WrittenImage;
}

/** Who asked for a write to a slot, and for what. */
export type Asked = Pick<Write, 'wish' | 'site' | 'image'>;

export function writeSlot(document: YamlDocument, change: SlotChange, asked: Asked): Write {
  const { slot, after } = change;
  return {
    ...asked,
    document,
    planned: planSplice(document, change),
    slot,
    line: lineOfSlot(document, slot),
    place: slot.place,
    before: slot.kind === 'present' ? slot.text : '',
    after,
  };
}
