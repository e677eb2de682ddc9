import { type ImageRef, normaliseImageName, printImageRef } from '../image/image-ref.ts';
import type { WantedImage } from '../image/wanted-image.ts';
import { lookInto, type Skipped } from './look.ts';
import type { PlanSnapshot } from './plan.ts';
import type { PlacedRefusal } from './refusal.ts';
import type { Site } from './site.ts';
import { placeOf } from './site-place.ts';

export interface PromotionRequest {
  readonly from: (path: string) => boolean;
  readonly to: (path: string) => boolean;
  /** Only these repositories; empty for all. */
  readonly images: readonly ImageRef[];
}

/** What one environment would give to another. */
export interface Promotion {
  /** Used on both sides, each with its one value of the source. */
  readonly images: readonly WantedImage[];
  /** Used by the source and not by the target. */
  readonly onlyInSource: readonly WantedImage[];
  /** Asked for, and without a value in the source. */
  readonly notInSource: readonly ImageRef[];
  /** Images for which the source has more than one value. */
  readonly problems: readonly PlacedRefusal[];
  /** Files of the source that could not be read. */
  readonly skipped: readonly Skipped[];
}

/**
 * Reads what the source has for every image that the target uses, matched by repository in whatever format either writes it.
 * Where the source itself has two values of one image, there is nothing to be copied, and both places are named.
 */
export function readPromotion({ files, paths }: PlanSnapshot, { from, to, images }: PromotionRequest): Promotion {
  const known = new Set(paths);
  const looks = files.filter(({ path }) => from(path)).map((file) => lookInto(file, known));
  const given = looks.flatMap((look) => (look.kind === 'sites' ? look.sites.filter(isValue) : []));
  const takers = files.filter(({ path }) => to(path)).map((file) => lookInto(file, known));
  const used = new Set(
    takers.flatMap((look) => (look.kind === 'sites' ? look.sites : [])).map(({ image }) => normaliseImageName(image)),
  );
  const asked = new Set(images.map(normaliseImageName));
  const sources = Map.groupBy(given, ({ image }) => normaliseImageName(image));
  const chosen = [...sources].filter(([name]) => asked.size === 0 || asked.has(name));
  const single = chosen.filter(([, sites]) => valuesOf(sites).length === 1);
  return {
    images: single.filter(([name]) => used.has(name)).map(([, sites]) => wantedOf(sites)),
    onlyInSource: single.filter(([name]) => !used.has(name)).map(([, sites]) => wantedOf(sites)),
    notInSource: images.filter((image) => !sources.has(normaliseImageName(image))),
    problems: chosen.flatMap(([name, sites]) =>
      used.has(name) && valuesOf(sites).length > 1 ? [severalValues(sites)] : [],
    ),
    skipped: looks.flatMap((look) => (look.kind === 'skipped' ? [look.skipped] : [])),
  };
}

/** A tag from a variable, or no tag at all, is nothing that could be copied. */
function isValue({ image, fixed }: Site): boolean {
  return fixed === undefined && (image.tag !== undefined || image.digest !== undefined);
}

function valuesOf(sites: readonly Site[]): readonly string[] {
  return [...new Set(sites.map(({ image }) => `${image.tag ?? ''}@${image.digest ?? ''}`))];
}

function wantedOf([site]: readonly Site[]): WantedImage {
  const ref: ImageRef = site?.image ?? { repository: '' };
  return { text: printImageRef(ref), ref };
}

function severalValues(sites: readonly Site[]): PlacedRefusal {
  const places = sites.map(placeOf);
  const [first, ...others] = places.filter(
    ({ image }, index) => places.findIndex((own) => own.image === image) === index,
  );
  const elsewhere = others.map(({ path, line, image }) => `${image} in ${path}:${line}`).join(', ');
  return {
    path: first?.path ?? '',
    line: first?.line ?? 1,
    code: 'ambiguous',
    reason: `${first?.place}: ${first?.image} is to be promoted, and so is ${elsewhere}`,
    hint: 'Narrow the source in from, or name the images to promote in images.',
  };
}
