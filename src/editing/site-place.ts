import { printImageRef } from '../image/image-ref.ts';
import type { Place } from './plan-types.ts';
import type { Site, Slot } from './site.ts';
import { lineIn, type YamlDocument } from './yaml-file.ts';

/** Where a site stands, for people. */
export function placeOf(site: Site): Place {
  const { document, place, image } = site;
  return { path: document.file.path, line: lineOfSite(site), place, image: printImageRef(image) };
}

/** The line of a slot, from 1; of a gap, the line of the key before it. */
export function lineOfSlot(document: YamlDocument, slot: Slot): number {
  const node = slot.kind === 'present' ? slot.node : slot.after.key;
  const offset = (node as { readonly range?: readonly number[] | null } | null)?.range?.[0] ?? 0;
  return lineIn(document.file, offset);
}

function lineOfSite(site: Site): number {
  const { slots } = site;
  const slot = slots.kind === 'whole' ? slots.reference : (slots.tag ?? slots.digest ?? slots.repository);
  return slot === undefined ? 1 : lineOfSlot(site.document, slot);
}
