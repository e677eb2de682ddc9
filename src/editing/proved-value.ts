import { isScalar, type Scalar } from 'yaml';
import { type ImageRef, normaliseImageName, printImageName, printImageRef, sameImage } from '../image/image-ref.ts';
import type { Difference } from './difference.ts';
import { readScalar } from './scalar-text.ts';
import { findSetPlace } from './set-place.ts';
import type { SetWish } from './set-wish.ts';
import { presentSlots, type Site } from './site.ts';
import type { Splice } from './splice.ts';
import { type StablePath, stablePath } from './stable-path.ts';
import { outermost, type YamlDocument, type YamlFile } from './yaml-file.ts';

/** One value that a bump wrote, proved from the commit itself. */
export interface ProvedValue {
  readonly path: string;
  readonly place: string;
  readonly at: StablePath;
  /** Whether the value was there before, or came with its key or as an item of a list. */
  readonly kind: 'value' | 'added';
  readonly before: string;
  readonly after: string;
  /** The parent's scalar as it was parsed; null where there was none. */
  readonly parsedBefore: unknown;
  /** The characters that the bump replaced, and those that it wrote. */
  readonly textBefore: string;
  readonly textAfter: string;
  /** Absent where the value is that of a `set`. */
  readonly image?: ProvedImage;
  /** The image that the value is a part of at the commit, in its one spelling. */
  readonly readBy?: string;
}

export interface ProvedImage {
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string;
}

/** What the trailers of a commit say that it wrote. */
export interface Claims {
  readonly images: readonly ImageRef[];
  readonly sets: readonly SetWish[];
}

/** The images of one file, at the parent and at the commit. */
export interface BothSites {
  readonly before: readonly Site[];
  readonly after: readonly Site[];
}

export type ScalarDifference = Extract<Difference, { kind: 'value' | 'added' }>;

/** The value behind a difference of one scalar; undefined where no trailer claims it. */
export function provedScalar(
  [old, next]: readonly [YamlFile, YamlDocument],
  difference: ScalarDifference,
  splice: Splice,
  sites: BothSites,
  claims: Claims,
): ProvedValue | undefined {
  const node = difference.kind === 'value' ? difference.after : difference.node;
  if (!isScalar(node)) return undefined;
  const readers = sites.after.filter((candidate) => holds(candidate, node));
  const site = readers.find((candidate) => isClaimed(candidate.image, claims));
  const reader = site ?? readers[0];
  const set = site === undefined ? claims.sets.find((wish) => leadsTo(wish, next, node)) : undefined;
  const place = site === undefined ? set?.place : placeIn(site, node);
  if (place === undefined) return undefined;
  const before = difference.kind === 'value' ? difference.before : undefined;
  return {
    path: old.path,
    place,
    at: stablePath(next, difference.path),
    kind: difference.kind,
    before: before === undefined ? '' : readScalar(before),
    after: readScalar(node),
    parsedBefore: before?.value ?? null,
    textBefore: old.text.slice(splice.start, splice.end),
    textAfter: splice.text,
    ...(site && { image: provedImage(site, sites.before) }),
    ...(reader && { readBy: normaliseImageName(reader.image) }),
  };
}

export function isClaimed(image: ImageRef, { images }: Claims): boolean {
  return images.some((ref) => sameImage(ref, image) && ref.tag === image.tag && ref.digest === image.digest);
}

export function provedImage(site: Site, before: readonly Site[]): ProvedImage {
  const same = before.find(({ place, document }) => place === site.place && document.index === site.document.index);
  return {
    name: printImageName(site.image),
    before: same === undefined ? undefined : printImageRef(same.image),
    after: printImageRef(site.image),
  };
}

/** A scalar of the site, or a companion that repeats its tag. */
function holds(site: Site, node: Scalar): boolean {
  const companion = (site.companions ?? []).some(({ slot }) => slot.kind === 'present' && slot.node === node);
  return companion || presentSlots(site).some((slot) => slot.node === node);
}

function placeIn(site: Site, node: Scalar): string {
  return presentSlots(site).find((slot) => slot.node === node)?.place ?? site.place;
}

function leadsTo(wish: SetWish, { file }: YamlDocument, node: Scalar): boolean {
  const whole = outermost(file);
  if (wish.path !== whole.path || wish.value !== readScalar(node)) return false;
  const place = findSetPlace(whole, wish, false);
  return place.kind === 'found' && place.slot.kind === 'present' && place.slot.node === node;
}
