import { isImageProblem, normaliseImageName, parseImageRef, printImageName } from '../image/image-ref.ts';
import type { WantedImage } from '../image/wanted-image.ts';
import { nearestNames } from './nearest.ts';
import type { UnmatchedImage } from './plan-types.ts';
import { type Selection, selects } from './selection.ts';
import type { Site } from './site.ts';

/** A site and the image that it is to read. */
export interface Match {
  readonly site: Site;
  readonly wanted: WantedImage;
}

export interface Matching {
  readonly matches: readonly Match[];
  readonly unmatched: readonly { readonly wanted: WantedImage; readonly why: UnmatchedImage['why'] }[];
}

/** Finds the sites of every wanted image. */
export function matchSites(sites: readonly Site[], images: readonly WantedImage[], selection: Selection): Matching {
  const matches: Match[] = [];
  const unmatched: Matching['unmatched'][number][] = [];
  for (const wanted of images) {
    const uses = usesOf(sites, wanted);
    const chosen = uses.filter((site) => selects(selection, site));
    matches.push(...chosen.map((site) => ({ site, wanted })));
    if (chosen.some((site) => site.fixed === undefined)) continue;
    unmatched.push({
      wanted,
      why: uses.length === 0 ? 'not-found' : chosen.length === 0 ? 'not-selected' : 'not-writable',
    });
  }
  return { matches, unmatched };
}

/** The spellings of images in use that come closest to the wanted one. */
export function nearestTo(wanted: WantedImage, sites: readonly Site[]): readonly string[] {
  const names = sites.flatMap((site) => [
    printImageName(site.image),
    ...(site.alias === undefined ? [] : [site.alias]),
  ]);
  return nearestNames(printImageName(wanted.name ?? wanted.ref), names);
}

/**
 * `name=repository:tag` means the kustomization entries of that name. Where there are none it means the images of that name,
 * and those that were given the new repository by an earlier run.
 */
function usesOf(sites: readonly Site[], { name, ref }: WantedImage): readonly Site[] {
  if (name === undefined) return sites.filter((site) => normaliseImageName(site.image) === normaliseImageName(ref));
  const wantedName = normaliseImageName(name);
  const entries = sites.filter((site) => site.alias !== undefined && normaliseName(site.alias) === wantedName);
  if (entries.length > 0) return entries;
  const either = new Set([wantedName, normaliseImageName(ref)]);
  return sites.filter((site) => either.has(normaliseImageName(site.image)));
}

function normaliseName(name: string): string | undefined {
  const parsed = parseImageRef(name);
  return isImageProblem(parsed) ? undefined : normaliseImageName(parsed);
}
