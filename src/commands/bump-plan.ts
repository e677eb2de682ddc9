import { plan } from '../editing/plan.ts';
import type { EditRequest, Plan } from '../editing/plan-types.ts';
import { SELECT_ALL } from '../editing/selection.ts';
import { parseSets, type SetWish } from '../editing/set-wish.ts';
import { parseTrailers, trailerValues } from '../editing/trailers.ts';
import { ToolError } from '../errors.ts';
import type { Snapshot, SourceFile } from '../forges/forge-client.ts';
import type { Carried } from '../forges/request-plan.ts';
import type { Proposal } from '../forges/request-types.ts';
import { normaliseImageName } from '../image/image-ref.ts';
import { parseWantedImages, type WantedImage } from '../image/wanted-image.ts';

export type PlannedChange = Extract<Plan, { kind: 'change' }>;

/** What this run writes. */
export type Wanted = Pick<EditRequest, 'images' | 'sets'>;

/** True where the commit with this message wrote nothing but to the wanted images and places. */
export function coversBump(message: string, { images, sets = [] }: Wanted): boolean {
  const proposed = proposedIn(message);
  if (proposed === undefined || !isCovered(proposed.sets, sets)) return false;
  const any = proposed.images.length + proposed.sets.length > 0;
  return any && othersThan(images, proposed.images).length === 0;
}

/**
 * What the open request bumps beside the wanted images. Only what this very plan makes again, byte for byte, from the files
 * before it, can be proposed anew on another head; all else has to stay where it is.
 */
export async function carriedBump(
  { message, paths, snapshot, before }: Proposal,
  { images, sets = [] }: Wanted,
  wanted: (path: string) => boolean,
): Promise<Carried | undefined> {
  const proposed = proposedIn(message);
  if (proposed === undefined || !isCovered(proposed.sets, sets) || ![...paths].every(wanted)) return undefined;
  const again = plan(await before(), { ...proposed, select: SELECT_ALL, allowDowngrade: true });
  const made = snapshot.files.filter(({ path }) => paths.has(path));
  if (again.kind !== 'change' || !sameFiles(again.files, made)) return undefined;
  return { images: othersThan(images, proposed.images).map(({ text }) => text), paths };
}

/** The change together with what the request carries; what the base branch has outrun is left out. */
export function withCarried(planned: PlannedChange, snapshot: Snapshot, { images, paths }: Carried): PlannedChange {
  return parseWantedImages(images).reduce((whole, image) => addImage(whole, snapshot, image, paths), planned);
}

function addImage(
  planned: PlannedChange,
  { paths, files }: Snapshot,
  image: WantedImage,
  where: ReadonlySet<string>,
): PlannedChange {
  const edited = new Map(planned.files.map((file) => [file.path, file]));
  const present = files.filter(({ path }) => where.has(path)).map((file) => edited.get(file.path) ?? file);
  const more = plan({ paths, files: present }, { images: [image], select: SELECT_ALL, allowDowngrade: false });
  if (more.kind !== 'change') return planned;
  for (const file of more.files) edited.set(file.path, file);
  return { ...planned, edits: [...planned.edits, ...more.edits], files: [...edited.values()] };
}

/** What a message's trailers name; undefined where they are no plan. */
function proposedIn(message: string): Required<Wanted> | undefined {
  const trailers = parseTrailers(message);
  try {
    const images = parseWantedImages(trailerValues(trailers, 'Image'));
    return { images, sets: parseSets(trailerValues(trailers, 'Set')) };
  } catch (error) {
    if (error instanceof ToolError) return undefined;
    throw error;
  }
}

/** Every value that was set has a new one now. */
function isCovered(proposed: readonly SetWish[], sets: readonly SetWish[]): boolean {
  return proposed.every(({ path, place }) => sets.some((own) => own.path === path && own.place === place));
}

function othersThan(images: readonly WantedImage[], proposed: readonly WantedImage[]): readonly WantedImage[] {
  const own = new Set(
    images.flatMap(({ ref, name }) => [ref, ...(name === undefined ? [] : [name])].map(normaliseImageName)),
  );
  return proposed.filter(({ ref }) => !own.has(normaliseImageName(ref)));
}

function sameFiles(a: readonly SourceFile[], b: readonly SourceFile[]): boolean {
  const bytes = new Map(b.map((file) => [file.path, Buffer.from(file.bytes)]));
  return a.length === b.length && a.every(({ path, bytes: own }) => bytes.get(path)?.equals(own) === true);
}
