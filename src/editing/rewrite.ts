import { type ImageRef, printImageName, printImageRef } from '../image/image-ref.ts';
import type { WantedImage } from '../image/wanted-image.ts';
import type { Refusal } from './refusal.ts';
import type { Site, Slot, Slots } from './site.ts';

/** A slot and the value that it is to read. */
export interface SlotChange {
  readonly slot: Slot;
  readonly after: string;
  /** A number or a boolean may stay one; else whatever is written reads as a string. */
  readonly keepsType?: boolean;
}

export type Rewrite =
  | { readonly kind: 'changes'; readonly changes: readonly SlotChange[]; readonly image: ImageRef }
  | ({ readonly kind: 'refused' } & Refusal);

type WholeSlots = Extract<Slots, { kind: 'whole' }>;
type SplitSlots = Extract<Slots, { kind: 'split' }>;

/** What has to be written at a site so that it reads the wanted image; no changes where it already does. */
export function rewrite(site: Site, wanted: WantedImage): Rewrite {
  const next = nextImage(site, wanted);
  if ('reason' in next) return { kind: 'refused', ...next };
  const changes =
    site.slots.kind === 'whole' ? wholeChanges(site, site.slots, next) : splitChanges(site, site.slots, next);
  if ('reason' in changes) return { kind: 'refused', ...changes };
  const moved = changes.filter(({ slot, after }) => after !== currentText(slot));
  return { kind: 'changes', changes: [...moved, ...companionChanges(site, next)], image: next };
}

function nextImage(site: Site, wanted: WantedImage): ImageRef | Refusal {
  const { tag, digest } = wanted.ref;
  const { image } = site;
  const renamed = wanted.name !== undefined && printImageName(wanted.ref) !== printImageName(image);
  const named = nameParts(wanted.name === undefined ? image : wanted.ref);
  if (digest !== undefined) {
    const keptTag = tag ?? (image.digest !== undefined && !renamed ? image.tag : undefined);
    return { ...named, ...(keptTag !== undefined && { tag: keptTag }), digest };
  }
  if (image.digest === undefined) return { ...named, ...(tag !== undefined && { tag }) };
  if (!renamed && image.tag === tag) return image;
  return {
    code: 'stale-digest',
    reason: `is pinned to ${shortDigest(image.digest)}, which would stay behind when the tag becomes ${tag}: the cluster would not move`,
    hint: `Ask for ${printImageName(wanted.ref)}:${tag}@sha256:… with the digest of that tag.`,
  };
}

function nameParts(ref: ImageRef): ImageRef {
  return { ...(ref.registry !== undefined && { registry: ref.registry }), repository: ref.repository };
}

/** An override that has no name of its own is known by its image, and so needs one when the image becomes another. */
function wholeChanges(site: Site, { reference, override }: WholeSlots, next: ImageRef): readonly SlotChange[] {
  const [old, own] = [printImageName(site.image), override?.name];
  const name = own ?? (override !== undefined && old !== printImageName(next) ? old : undefined);
  const text = printImageRef(next);
  return [{ slot: reference, after: name === undefined ? text : `${name}=${text}` }];
}

function splitChanges(site: Site, slots: SplitSlots, next: ImageRef): readonly SlotChange[] | Refusal {
  const name = nameChanges(site, slots, next);
  if ('reason' in name) return name;
  const version = versionChanges(site, slots, next);
  return 'reason' in version ? version : [...name, ...version];
}

function nameChanges(site: Site, slots: SplitSlots, next: ImageRef): readonly SlotChange[] | Refusal {
  if (printImageName(site.image) === printImageName(next)) return [];
  if (slots.repository === undefined) return noSlot('repository');
  const registry = slots.registry !== undefined && currentText(slots.registry) !== '' ? slots.registry : undefined;
  if (registry === undefined) return [{ slot: slots.repository, after: printImageName(next) }];
  return [
    { slot: registry, after: next.registry ?? 'docker.io' },
    { slot: slots.repository, after: next.repository },
  ];
}

/** A digest goes where this place has digests: its own key, or behind the tag. */
function versionChanges(site: Site, slots: SplitSlots, next: ImageRef): readonly SlotChange[] | Refusal {
  const { tag, digest } = slots;
  if (next.digest === undefined) return tag === undefined ? noSlot('tag') : [{ slot: tag, after: next.tag ?? '' }];
  const behindTag = tag?.kind === 'present' && tag.text.includes('@');
  if (digest !== undefined && !behindTag) return keyedDigest(site, tag, digest, next);
  if (tag === undefined) return noSlot('tag');
  if (next.tag !== undefined) return [{ slot: tag, after: `${next.tag}@${next.digest}` }];
  if (behindTag && site.image.tag === undefined) return [{ slot: tag, after: `@${next.digest}` }];
  return tagMissing(site);
}

function keyedDigest(site: Site, tag: Slot | undefined, digest: Slot, next: ImageRef): readonly SlotChange[] | Refusal {
  const wanted = { slot: digest, after: next.digest ?? '' };
  if (next.tag === undefined) return site.image.tag === undefined ? [wanted] : tagMissing(site);
  if (tag === undefined) return noSlot('tag');
  return [{ slot: tag, after: next.tag }, wanted];
}

function companionChanges(site: Site, next: ImageRef): readonly SlotChange[] {
  const { tag } = next;
  if (tag === undefined || tag === site.image.tag || !/^[0-9a-f]{7,64}$/.test(tag)) return [];
  return (site.companions ?? []).map(({ slot, rewrite }) => ({ slot, after: rewrite(tag) }));
}

function tagMissing(site: Site): Refusal {
  return {
    code: 'stale-tag',
    reason: `has the tag ${site.image.tag ?? '(none)'} and no digest: a digest alone would leave a tag that is not true`,
    hint: 'Ask for repository:tag@sha256:….',
  };
}

function noSlot(part: string): Refusal {
  return { code: 'unsafe', reason: `has no key that holds the ${part}`, hint: 'Add the key by hand once.' };
}

function currentText(slot: Slot): string {
  return slot.kind === 'present' ? slot.text : '';
}

function shortDigest(digest: string): string {
  return `${digest.slice(0, digest.indexOf(':') + 13)}…`;
}
