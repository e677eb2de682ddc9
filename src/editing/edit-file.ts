import { printImageName, printImageRef, sameImage } from '../image/image-ref.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import type { Edit } from './edit.ts';
import { findSites } from './editors/registry.ts';
import type { SharedValue } from './plan-types.ts';
import { printPath } from './prove.ts';
import type { PlacedRefusal, Refusal } from './refusal.ts';
import { presentSlots, type Site } from './site.ts';
import type { PlannedSplice, Splice } from './splice.ts';
import type { Write } from './write.ts';
import { placeKey, writeAll } from './write-all.ts';
import { parseText, type YamlDocument, type YamlFile } from './yaml-file.ts';

/** A write for which a way is known. */
type Move = Write & { readonly planned: PlannedSplice };

export interface EditedFile {
  readonly edits: readonly Edit[];
  readonly file: SourceFile | undefined;
  readonly shared: readonly SharedValue[];
  readonly problems: readonly PlacedRefusal[];
}

/** Makes the writes to one file, or says why that is not safe. All of them or none. */
export function editFile(
  source: SourceFile,
  file: YamlFile,
  sites: readonly Site[],
  writes: readonly Write[],
): EditedFile {
  const moves = new Map<string, Move>();
  const problems = writes.flatMap((write) => addMove(moves, write, sites));
  if (problems.length > 0) return { edits: [], file: undefined, shared: [], problems };
  const all = [...moves.values()];
  const written = writeAll(file, all);
  if (!written.ok) return { edits: [], file: undefined, shared: [], problems: [unproved(all, written.problem)] };
  const named = nameImages(file, written.text, all);
  const edits = named.flatMap((move, index) => {
    const splice = written.splices[index];
    return splice === undefined ? [] : [editOf(file, move, splice)];
  });
  return {
    edits: edits.sort((a, b) => a.start - b.start),
    file: { path: source.path, mode: source.mode, bytes: encodeText(written.text, file.bom) },
    shared: all.flatMap((move) => sharedBy(move, sites)),
    problems: [],
  };
}

/** A `set` may hit an image; which one it is then shows only in the new file. */
function nameImages(file: YamlFile, text: string, moves: readonly Move[]): readonly Move[] {
  const isNamed = ({ site, image }: Move) => site === undefined || image !== undefined;
  const parsed = moves.every(isNamed) ? undefined : parseText(file.path, text, file.bom);
  const sites = parsed?.ok === true ? parsed.file.documents.flatMap(findSites) : [];
  return moves.map((move) => {
    const { site } = move;
    const next = isNamed(move) ? undefined : sites.find((other) => isSamePlace(site, other));
    if (site === undefined || next === undefined || next.fixed !== undefined) return move;
    return { ...move, image: { name: printImageName(next.image), before: site.image, after: next.image } };
  });
}

function isSamePlace(site: Site | undefined, other: Site): boolean {
  const text = (of: Site) => of.document.file.within !== undefined;
  return site?.place === other.place && site.document.index === other.document.index && text(site) === text(other);
}

function addMove(moves: Map<string, Move>, write: Write, sites: readonly Site[]): readonly PlacedRefusal[] {
  const { document, planned } = write;
  if (planned === undefined) return [placed(write, noWay(write))];
  const key = placeKey(document, [...planned.expected.path, write.slot === undefined ? write.place : '']);
  const earlier = moves.get(key);
  if (earlier !== undefined && earlier.after !== write.after) return [placed(write, contradicts(earlier, write))];
  const stranger = otherReader(write, sites);
  if (stranger !== undefined) return [placed(write, stranger)];
  moves.set(key, earlier ?? { ...write, planned });
  return [];
}

/** A scalar behind an anchor may be edited only when every image that reads it is the same one. */
function otherReader({ document, slot, site, place }: Write, sites: readonly Site[]): Refusal | undefined {
  if (slot?.kind === 'absent') return document.nodes.aliasesOf(slot.map).length === 0 ? undefined : sharedGap(slot.key);
  const other = sites.find((reader) => {
    return (
      site !== undefined &&
      !sameImage(reader.image, site.image) &&
      presentSlots(reader).some(({ node }) => node === slot?.node)
    );
  });
  if (site === undefined || other === undefined) return undefined;
  return {
    code: 'shared',
    reason: `${place}: ${printImageRef(site.image)} shares this value with ${printImageRef(other.image)} (${other.place}), which would move along`,
    hint: 'Give the two images a value each, or bump both by hand.',
  };
}

function sharedBy({ document, slot, site, line, place }: Move, sites: readonly Site[]): readonly SharedValue[] {
  if (slot?.kind !== 'present') return [];
  const paths = [...aliasPaths(document, slot.node), ...textAliasPaths(document)];
  const merged = sites.filter(
    (reader) => reader !== site && presentSlots(reader).some(({ node }) => node === slot.node),
  );
  const others = paths.length > 0 ? paths : merged.map((reader) => reader.place);
  return others.length === 0 ? [] : [{ path: document.file.path, line, place, readers: others }];
}

function aliasPaths({ nodes }: YamlDocument, node: Parameters<YamlDocument['nodes']['aliasesOf']>[0]) {
  return nodes.aliasesOf(node).map((alias) => printPath(nodes.pathOf(alias)));
}

/** What else reads the whole text that the document stands in. */
function textAliasPaths({ file: { within } }: YamlDocument): readonly string[] {
  return within === undefined ? [] : aliasPaths(within.document, within.node);
}

function editOf(file: YamlFile, { line, before, after, image, place }: Move, splice: Splice): Edit {
  return {
    path: file.path,
    ...byteRange(file, splice),
    replacement: splice.text,
    line,
    before,
    after,
    ...(image && {
      image: image.name,
      imageBefore: printImageRef(image.before),
      imageAfter: printImageRef(image.after),
    }),
    place,
  };
}

/** Byte offsets into the file, the byte order mark included. */
export function byteRange(file: YamlFile, { start, end }: Splice): { start: number; end: number } {
  const first = encodeText(file.text.slice(0, start), file.bom).length;
  return { start: first, end: first + encodeText(file.text.slice(start, end), false).length };
}

export function encodeText(text: string, bom: boolean): Uint8Array {
  return new TextEncoder().encode(bom ? `\uFEFF${text}` : text);
}

function placed({ document, line }: Write, refusal: Refusal): PlacedRefusal {
  return { path: document.file.path, line, ...refusal };
}

function unproved([first]: readonly Move[], problem: string): PlacedRefusal {
  const refusal: Refusal = { code: 'unsafe', reason: problem, hint: 'Edit this place by hand; nothing was written.' };
  return first === undefined ? { path: '', line: 1, ...refusal } : placed(first, refusal);
}

function noWay({ place }: Write): Refusal {
  return {
    code: 'unsafe',
    reason: `${place} is written in a way that cannot be edited safely`,
    hint: 'Edit it by hand, on one line.',
  };
}

function contradicts(earlier: Move, { place, after, wish }: Write): Refusal {
  const reason = `${place} is to become ${earlier.after} for ${earlier.wish}, and ${after} for ${wish}`;
  return { code: 'ambiguous', reason, hint: 'Ask for one value, or narrow the places with select.' };
}

function sharedGap(key: string): Refusal {
  const reason = `the key ${key} would have to be added to an anchored map that is used elsewhere too`;
  return { code: 'shared', reason, hint: 'Add the key by hand once.' };
}
