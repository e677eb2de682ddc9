import type { Look } from './look.ts';
import type { Place } from './plan-types.ts';
import type { PlacedRefusal, Refusal } from './refusal.ts';
import { findSetPlace, type SetPlace } from './set-place.ts';
import type { SetWish } from './set-wish.ts';
import { presentSlots } from './site.ts';
import { lineOfSlot } from './site-place.ts';
import { type Write, writeSlot } from './write.ts';

/** What becomes of one `set`. */
export type SetOutcome =
  | { readonly kind: 'write'; readonly write: Write }
  /** The place reads the value already. */
  | { readonly kind: 'current'; readonly place: Place }
  | { readonly kind: 'refused'; readonly refusal: PlacedRefusal };

/** @param look what its file turned out to hold; undefined where there is no such file */
export function decideSet(wish: SetWish, look: Look | undefined, create: boolean): SetOutcome {
  if (look === undefined)
    return refuse(wish, 1, { code: 'missing', reason: 'is no file of the repository', hint: NO_FILE });
  if (look.kind === 'skipped') return refuse(wish, look.skipped.line ?? 1, cannotRead(look.skipped.reason));
  if (look.kind === 'refused') return { kind: 'refused', refusal: look.refusal };
  if (look.kind === 'unrelated') return refuse(wish, 1, cannotRead('was not read'));
  const place = findSetPlace(look.file, wish, create);
  return place.kind === 'found' ? writeOrCurrent(wish, place, look) : refuse(wish, place.line, refusalOf(wish, place));
}

const NO_FILE = 'Give the path from the top of the repository, as Git lists it.';

function writeOrCurrent(
  wish: SetWish,
  { document, slot }: Extract<SetPlace, { kind: 'found' }>,
  { sites }: Extract<Look, { kind: 'sites' }>,
): SetOutcome {
  const before = slot.kind === 'present' ? slot.text : undefined;
  if (before === wish.value) {
    const place = { path: wish.path, line: lineOfSlot(document, slot), place: wish.place, image: before };
    return { kind: 'current', place };
  }
  const reads = slot.kind === 'present' ? slot.node : undefined;
  const site = sites.find((own) => presentSlots(own).some(({ node }) => node === reads));
  const asked = { wish: wish.text, ...(site && { site }) };
  return {
    kind: 'write',
    write: writeSlot(document, { slot, after: wish.value, keepsType: site === undefined }, asked),
  };
}

function refusalOf({ place }: SetWish, found: Exclude<SetPlace, { kind: 'found' }>): Refusal {
  const reason = `${place} ${found.reason}`;
  if (found.kind === 'absent')
    return { code: 'missing', reason, hint: 'Check the path; create-missing lets the last key of it be made.' };
  const hint = found.kind === 'ambiguous' ? 'Lead the path to one place.' : 'Lead the path on to one value.';
  return { code: 'ambiguous', reason, hint };
}

function cannotRead(reason: string): Refusal {
  const hint = 'Set the value where it is written, in a file that is YAML or JSON.';
  return { code: reason.startsWith('is a symbolic link') ? 'symlink' : 'unreadable', reason, hint };
}

function refuse({ path }: SetWish, line: number, refusal: Refusal): SetOutcome {
  return { kind: 'refused', refusal: { path, line, ...refusal } };
}
