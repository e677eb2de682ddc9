import { printImageName, printImageRef, sameImage } from '../image/image-ref.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import type { Decision } from './decide.ts';
import type { Edit } from './edit.ts';
import type { SharedValue } from './plan-types.ts';
import { printPath, spliceAndProve } from './prove.ts';
import type { PlacedRefusal, Refusal } from './refusal.ts';
import type { SlotChange } from './rewrite.ts';
import { presentSlots, type Site } from './site.ts';
import { lineOfSlot } from './site-place.ts';
import { type PlannedSplice, planSplice, type Splice } from './splice.ts';
import type { YamlFile } from './yaml-file.ts';

type Decided = Extract<Decision, { kind: 'decided' }>;

/** One scalar that moves, with the decision that moves it first. */
interface Move {
  readonly decision: Decided;
  readonly change: SlotChange;
  readonly planned: PlannedSplice;
}

export interface EditedFile {
  readonly edits: readonly Edit[];
  readonly file: SourceFile | undefined;
  readonly shared: readonly SharedValue[];
  readonly problems: readonly PlacedRefusal[];
}

/** Writes the decisions about one file, or says why that is not safe. All of them or none. */
export function editFile(
  source: SourceFile,
  file: YamlFile,
  sites: readonly Site[],
  decisions: readonly Decided[],
): EditedFile {
  const moves = new Map<string, Move>();
  const problems = decisions.flatMap((decision) =>
    decision.changes.flatMap((change) => addMove(moves, decision, change, sites)),
  );
  if (problems.length > 0) return { edits: [], file: undefined, shared: [], problems };
  const all = [...moves.values()];
  const proved = spliceAndProve(
    file,
    all.map(({ planned }) => planned),
  );
  if (!proved.ok) return { edits: [], file: undefined, shared: [], problems: [unproved(all, proved.problem)] };
  return {
    edits: all.map((move) => editOf(file, move)).sort((a, b) => a.start - b.start),
    file: { path: source.path, mode: source.mode, bytes: encodeText(proved.text, file.bom) },
    shared: all.flatMap((move) => sharedBy(move, sites)),
    problems: [],
  };
}

function addMove(
  moves: Map<string, Move>,
  decision: Decided,
  change: SlotChange,
  sites: readonly Site[],
): readonly PlacedRefusal[] {
  const { document } = decision.match.site;
  const refuse = (refusal: Refusal) => [placed(decision, change, refusal)];
  const planned = planSplice(document, change);
  if (planned === undefined) return refuse(noWay());
  const key = JSON.stringify([document.index, ...planned.expected.path]);
  const earlier = moves.get(key);
  if (earlier !== undefined && earlier.change.after !== change.after) return refuse(contradicts(earlier));
  const stranger = otherReader(decision, change, sites);
  if (stranger !== undefined) return refuse(stranger);
  moves.set(key, earlier ?? { decision, change, planned });
  return [];
}

/** A scalar behind an anchor may be edited only when every image that reads it is the same one. */
function otherReader(decision: Decided, { slot }: SlotChange, sites: readonly Site[]): Refusal | undefined {
  const { site } = decision.match;
  if (slot.kind === 'absent') {
    return site.document.nodes.aliasesOf(slot.map).length === 0 ? undefined : sharedGap(slot.key);
  }
  const other = sites.find((reader) => {
    return !sameImage(reader.image, site.image) && presentSlots(reader).some(({ node }) => node === slot.node);
  });
  if (other === undefined) return undefined;
  const [mine, theirs] = [printImageRef(site.image), printImageRef(other.image)];
  return {
    code: 'shared',
    reason: `${slot.place}: ${mine} shares this value with ${theirs} (${other.place}), which would move along`,
    hint: 'Give the two images a value each, or bump both by hand.',
  };
}

function sharedBy({ decision, change }: Move, sites: readonly Site[]): readonly SharedValue[] {
  const { slot } = change;
  const { site } = decision.match;
  if (slot.kind === 'absent') return [];
  const aliases = site.document.nodes.aliasesOf(slot.node);
  const paths = aliases.map((alias) => printPath(site.document.nodes.pathOf(alias)));
  const merged = sites.filter(
    (reader) => reader !== site && presentSlots(reader).some(({ node }) => node === slot.node),
  );
  const readers = paths.length > 0 ? paths : merged.map(({ place }) => place);
  return readers.length === 0
    ? []
    : [{ path: site.document.file.path, line: lineOfSlot(site.document, slot), place: slot.place, readers }];
}

function editOf(file: YamlFile, { decision, change, planned }: Move): Edit {
  const { match, image } = decision;
  const { start, end } = byteRange(file, planned.splice);
  return {
    path: file.path,
    start,
    end,
    replacement: planned.splice.text,
    line: lineOfSlot(match.site.document, change.slot),
    before: change.slot.kind === 'present' ? change.slot.text : '',
    after: change.after,
    image: printImageName(match.wanted.ref),
    imageBefore: printImageRef(match.site.image),
    imageAfter: printImageRef(image),
    place: change.slot.place,
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

function placed(decision: Decided, { slot }: SlotChange, refusal: Refusal): PlacedRefusal {
  const { document } = decision.match.site;
  return { path: document.file.path, line: lineOfSlot(document, slot), ...refusal };
}

function unproved([first]: readonly Move[], problem: string): PlacedRefusal {
  const refusal: Refusal = { code: 'unsafe', reason: problem, hint: 'Edit this place by hand; nothing was written.' };
  return first === undefined ? { path: '', line: 1, ...refusal } : placed(first.decision, first.change, refusal);
}

function noWay(): Refusal {
  return {
    code: 'unsafe',
    reason: 'the value is written in a way that cannot be edited safely',
    hint: 'Edit it by hand, on one line.',
  };
}

function contradicts({ change, decision }: Move): Refusal {
  const reason = `${change.slot.place} is to become ${change.after} for ${decision.match.wanted.text}, and something else for another image`;
  return { code: 'ambiguous', reason, hint: 'Ask for one value, or narrow the places with select.' };
}

function sharedGap(key: string): Refusal {
  const reason = `the key ${key} would have to be added to an anchored map that is used elsewhere too`;
  return { code: 'shared', reason, hint: 'Add the key by hand once.' };
}
