import { type ImageRef, printImageRef, sameImage } from '../image/image-ref.ts';
import { compareTags } from '../image/tag-order.ts';
import type { Skipped } from './look.ts';
import type { Match } from './match.ts';
import type { PlacedRefusal } from './refusal.ts';
import { rewrite, type SlotChange } from './rewrite.ts';
import { placeOf } from './site-place.ts';

/** What becomes of one matched site. */
export type Decision =
  | {
      readonly kind: 'decided';
      readonly match: Match;
      readonly changes: readonly SlotChange[];
      readonly image: ImageRef;
    }
  | { readonly kind: 'skipped'; readonly skipped: Skipped }
  | { readonly kind: 'refused'; readonly refusal: PlacedRefusal };

export function decide(match: Match, allowDowngrade: boolean): Decision {
  const { site, wanted } = match;
  const { path, line, place, image } = placeOf(site);
  if (site.fixed !== undefined)
    return { kind: 'skipped', skipped: { path, line, reason: `${place}: ${image} ${site.fixed}` } };
  const result = rewrite(site, wanted);
  if (result.kind === 'refused') {
    const { code, reason, hint } = result;
    return { kind: 'refused', refusal: { path, line, code, reason: `${place}: ${image} ${reason}`, hint } };
  }
  if (!allowDowngrade && isDowngrade(site.image, result.image)) {
    const reason = `${place}: ${image} would go back to ${printImageRef(result.image)}`;
    const hint = 'Set allow-downgrade to true if that is meant.';
    return { kind: 'refused', refusal: { path, line, code: 'downgrade', reason, hint } };
  }
  return { kind: 'decided', match, changes: result.changes, image: result.image };
}

function isDowngrade(before: ImageRef, after: ImageRef): boolean {
  if (before.tag === undefined || after.tag === undefined || !sameImage(before, after)) return false;
  const order = compareTags(after.tag, before.tag);
  return order !== undefined && order < 0;
}
