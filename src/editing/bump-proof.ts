import { isMap, isScalar, type Pair, type Scalar, type YAMLMap } from 'yaml';
import {
  type ImageRef,
  isImageProblem,
  normaliseImageName,
  parseImageRef,
  printImageName,
  printImageRef,
  sameImage,
} from '../image/image-ref.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import { type Difference, differences } from './difference.ts';
import { findSites } from './editors/registry.ts';
import { keyOf } from './node-index.ts';
import { nodeAtPath, printPath } from './prove.ts';
import { readScalar } from './scalar-text.ts';
import { presentSlots, type Site } from './site.ts';
import { applySplices, planSplice, type Splice, scalarRange } from './splice.ts';
import { type StablePath, stablePath } from './stable-path.ts';
import { type Trailer, trailerValues } from './trailers.ts';
import { parseFile, type YamlDocument, type YamlFile } from './yaml-file.ts';

/** One scalar that a bump wrote, proved from the commit itself. */
export interface ProvedValue {
  readonly path: string;
  readonly place: string;
  readonly at: StablePath;
  /** Whether the scalar was there before, or came with its key. */
  readonly kind: 'value' | 'added';
  readonly before: string;
  readonly after: string;
  /** The parent's scalar as it was parsed; null where there was none. */
  readonly parsedBefore: unknown;
  /** The characters that the bump replaced, and those that it wrote. */
  readonly textBefore: string;
  readonly textAfter: string;
  readonly image: string;
  /** The image's name in its one spelling. */
  readonly normalisedImage: string;
  readonly imageBefore: string | undefined;
  readonly imageAfter: string;
}

export type BumpProof =
  | { readonly kind: 'bump'; readonly values: readonly ProvedValue[] }
  | { readonly kind: 'not-a-bump'; readonly reason: string };

type Edited = Extract<Difference, { kind: 'value' | 'added' }>;

/** True only for a commit whose whole difference to its parent is image scalars that read what its `Image` trailers say. */
export function proveBump(
  parent: readonly SourceFile[],
  commit: readonly SourceFile[],
  trailers: readonly Trailer[],
): BumpProof {
  const named = trailerValues(trailers, 'Image').flatMap((text) => {
    const ref = parseImageRef(text);
    return isImageProblem(ref) ? [] : [ref];
  });
  if (named.length === 0) return no('its message has no Image trailer');
  const values: ProvedValue[] = [];
  for (const path of new Set([...parent, ...commit].map((file) => file.path))) {
    const before = parent.find((file) => file.path === path);
    const after = commit.find((file) => file.path === path);
    if (before === undefined || after === undefined)
      return no(`it ${after === undefined ? 'deletes' : 'adds'} ${path}`);
    if (before.mode !== after.mode) return no(`it changes the mode of ${path}`);
    const proof = sameBytes(before.bytes, after.bytes) ? undefined : proveFile(before, after, named);
    if (proof?.kind === 'not-a-bump') return proof;
    values.push(...(proof?.values ?? []));
  }
  return values.length === 0 ? no('it changes nothing') : { kind: 'bump', values };
}

function proveFile(before: SourceFile, after: SourceFile, named: readonly ImageRef[]): BumpProof {
  const old = parseFile(before);
  const next = parseFile(after);
  if (!old.ok || !next.ok) return no(`${before.path} cannot be read as YAML`);
  if (old.file.bom !== next.file.bom) return no(`it changes the byte order mark of ${before.path}`);
  const values: ProvedValue[] = [];
  const splices: Splice[] = [];
  const sites: BothSites = {
    before: old.file.documents.flatMap(findSites),
    after: next.file.documents.flatMap(findSites),
  };
  for (const difference of differences(old.file, next.file)) {
    const place = `${before.path}: ${printPath(difference.path)}`;
    if (difference.kind === 'other' || difference.kind === 'removed')
      return no(`it changes ${place} in more than a value`);
    const splice = spliceOf(old.file, next.file, difference);
    if (splice === undefined) return no(`it rewrites ${place} in another way than a bump does`);
    const value = proveValue(old.file, next.file, difference, splice, sites, named);
    if (value === undefined) return no(`it changes ${place}, which is no image that its trailers name`);
    splices.push(splice);
    values.push(value);
  }
  const complete = applySplices(old.file.text, splices) === next.file.text;
  return complete ? { kind: 'bump', values } : no(`it changes more of ${before.path} than values`);
}

interface BothSites {
  readonly before: readonly Site[];
  readonly after: readonly Site[];
}

/** The splice that leads from the parent's text to the commit's for one difference, as far as a bump can have made it. */
function spliceOf(old: YamlFile, next: YamlFile, difference: Edited): Splice | undefined {
  const document = old.documents[difference.document];
  if (document === undefined) return undefined;
  if (difference.kind === 'added') return insertionOf(document, next, difference);
  const from = scalarRange(old.text, difference.before);
  const to = scalarRange(next.text, difference.after);
  if (from === undefined || to === undefined) return undefined;
  if (from[0] < from[1]) return { start: from[0], end: from[1], text: next.text.slice(...to) };
  const slot = { kind: 'present', node: difference.before, text: '', place: '' } as const;
  return planSplice(document, { slot, after: readScalar(difference.after) })?.splice;
}

function insertionOf(
  document: YamlDocument,
  next: YamlFile,
  { path, pair }: Extract<Edited, { kind: 'added' }>,
): Splice | undefined {
  const map = nodeAtPath(document.root, path.slice(0, -1));
  const longer = nodeAtPath(next.documents[document.index]?.root, path.slice(0, -1));
  const key = keyOf(pair);
  if (!isMap(map) || !isMap(longer) || key === undefined || !isScalar(pair.value)) return undefined;
  const after = pairBefore(map, longer, pair);
  const slot = after === undefined ? undefined : ({ kind: 'absent', map, key, after, place: '' } as const);
  return slot && planSplice(document, { slot, after: readScalar(pair.value) })?.splice;
}

/** The pair of the shorter map that the new one was put after. */
function pairBefore(map: YAMLMap, longer: YAMLMap, added: Pair): Pair | undefined {
  const earlier = longer.items.slice(0, longer.items.indexOf(added)).toReversed();
  for (const pair of earlier) {
    const same = map.items.find((own) => keyOf(own) === keyOf(pair));
    if (same !== undefined) return same;
  }
  return undefined;
}

function proveValue(
  old: YamlFile,
  next: YamlFile,
  difference: Edited,
  splice: Splice,
  sites: BothSites,
  named: readonly ImageRef[],
): ProvedValue | undefined {
  const node = difference.kind === 'value' ? difference.after : difference.pair.value;
  const document = next.documents[difference.document];
  if (!isScalar(node) || document === undefined) return undefined;
  const site = sites.after.find(
    (candidate) => holds(candidate, node) && named.some((ref) => equalRefs(ref, candidate.image)),
  );
  if (site === undefined) return undefined;
  const before = difference.kind === 'value' ? difference.before : undefined;
  return {
    path: old.path,
    place: placeIn(site, node),
    at: stablePath(document, difference.path),
    kind: difference.kind,
    before: before === undefined ? '' : readScalar(before),
    after: readScalar(node),
    parsedBefore: before?.value ?? null,
    textBefore: old.text.slice(splice.start, splice.end),
    textAfter: splice.text,
    image: printImageName(site.image),
    normalisedImage: normaliseImageName(site.image),
    imageBefore: imageOfPlace(sites.before, site),
    imageAfter: printImageRef(site.image),
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

function imageOfPlace(sites: readonly Site[], { place, document }: Site): string | undefined {
  const same = sites.find((site) => site.place === place && site.document.index === document.index);
  return same === undefined ? undefined : printImageRef(same.image);
}

function equalRefs(a: ImageRef, b: ImageRef): boolean {
  return sameImage(a, b) && a.tag === b.tag && a.digest === b.digest;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function no(reason: string): { readonly kind: 'not-a-bump'; readonly reason: string } {
  return { kind: 'not-a-bump', reason };
}
