import { readWithMarks } from '../../manifests/block-yaml.ts';
import { NEWLINE } from '../../manifests/block-yaml-cursor.ts';
import { LIMITS } from '../../manifests/limits.ts';
import { isAmbiguousScalar, type PlainValue, readPlainScalar, type YamlMode } from '../../manifests/plain-scalar.ts';
import { refusedFaults } from '../refused-yaml.ts';
import type { Change } from './changes.ts';
import { contentStart } from './outline.ts';
import { type FoundSlot, matchAt, type Slot, type Style, slotsBelow } from './slots.ts';

/**
 * A document that others are held against: those that have the same text but for some of its scalars. Of such a twin it is
 * known what it is read to, without reading it.
 */
export interface Model {
  readonly mode: YamlMode;
  readonly value: unknown;
  readonly kind: string;
  /** What stands before the first slot, comments and blank lines at the top left out. */
  readonly start: string;
  /** Line breaks from there on. */
  readonly breaks: number;
  /** In the order of the text. */
  readonly slots: readonly Slot[];
  /** By map or list of `value`, then by key or index. */
  readonly slotsOf: ReadonlyMap<object, ReadonlyMap<string, readonly number[]>>;
  runs: Runs;
}

const MOST_SLOTS = 120;

/** Undefined where the document is none of the common kind, or where no scalar of it could be another one. */
export function createModel(text: string, mode: YamlMode): Model | undefined {
  const read = readWithMarks(text, mode, LIMITS.depth);
  if (read === undefined || read.marks.ambiguous.length > 0) return undefined;
  // What is wrong with it beside its scalars would be wrong with its twins, of which nobody would be told.
  if (refusedFaults({ text, start: 1, line: 1 }, mode, read.value).length > 0) return undefined;
  const found = slotsBelow(read.value, [], { text, mode, marks: read.marks }).sort((a, b) => a.from - b.from);
  const [first] = found;
  const from = contentStart(text, 0);
  if (first === undefined || found.length > MOST_SLOTS) return undefined;
  const slots = found.map(({ parent, to, ...slot }, index): Slot => {
    const after = text.slice(to, found[index + 1]?.from);
    return { ...slot, text: text.slice(slot.from, to), after, same: text.slice(slot.from, to) + after };
  });
  const { kind } = read.value as { kind?: unknown };
  return {
    mode,
    value: read.value,
    kind: String(kind),
    start: text.slice(from, first.from),
    breaks: breaksIn(text, from, text.length),
    slots,
    slotsOf: indexOf(found),
    runs: { start: text.slice(from), moving: [] },
  };
}

export function breaksIn(text: string, from: number, to: number): number {
  let breaks = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) breaks++;
  return breaks;
}

function indexOf(slots: readonly FoundSlot[]): Model['slotsOf'] {
  const index = new Map<object, Map<string, readonly number[]>>();
  slots.forEach(({ parent, path }, slot) => {
    const entries = index.get(parent) ?? new Map<string, readonly number[]>();
    const key = String(path.at(-1));
    index.set(parent, entries.set(key, [...(entries.get(key) ?? []), slot]));
  });
  return index;
}

/** A text that has a twin of the model in it, from the twin's own start on. */
export interface Match {
  /** Where the twin's content begins. */
  readonly from: number;
  readonly end: number;
  /** None where both are equal. */
  readonly changes: readonly Change[];
}

const SAME: readonly Change[] = [];

/** The twin of the model that begins at an offset of the text, and is a whole document; undefined where there is none. */
export function matchModel(model: Model, text: string, start: number): Match | undefined {
  const from = contentStart(text, start);
  return matchRuns(model, text, from) ?? matchSlots(model, text, from);
}

/** Looks only at the slots that differed in some twin before: all between them is compared as one text. */
function matchRuns({ runs, slots, mode }: Model, text: string, from: number): Match | undefined {
  if (!text.startsWith(runs.start, from)) return undefined;
  let changes: Change[] | undefined;
  let at = from + runs.start.length;
  const { moving } = runs;
  // By index: until V8 has compiled it well, `of` makes an object for each turn, here and wherever each document comes by.
  for (let turn = 0; turn < moving.length; turn++) {
    const { slot: index, after } = moving[turn] as Moving;
    const slot = slots[index] as Slot;
    const end = matchAt(slot.style, text, at);
    if (end < at || !text.startsWith(after, end)) return undefined;
    if (end - at !== slot.text.length || !text.startsWith(slot.text, at)) {
      const value = readSlot(slot.style, text.slice(at, end), mode);
      if (value === undefined) return undefined;
      changes ??= [];
      changes.push({ slot: index, value });
    }
    at = end + after.length;
  }
  return endsDocument(text, at) ? { from, end: at, changes: changes ?? SAME } : undefined;
}

function matchSlots(model: Model, text: string, from: number): Match | undefined {
  if (!text.startsWith(model.start, from)) return undefined;
  let changes: Change[] | undefined;
  let at = from + model.start.length;
  const { slots } = model;
  for (let index = 0; index < slots.length; index++) {
    const slot = slots[index] as Slot;
    if (text.startsWith(slot.same, at)) {
      at += slot.same.length;
      continue;
    }
    const end = matchAt(slot.style, text, at);
    if (end < at || !text.startsWith(slot.after, end)) return undefined;
    const value = readSlot(slot.style, text.slice(at, end), model.mode);
    if (value === undefined) return undefined;
    changes ??= [];
    changes.push({ slot: index, value });
    at = end + slot.after.length;
  }
  if (!endsDocument(text, at)) return undefined;
  if (changes !== undefined) model.runs = withMoving(model, changes);
  return { from, end: at, changes: changes ?? SAME };
}

/** The text of a model, cut at the slots that differ in some twin. */
interface Runs {
  /** What stands before the first of them. */
  readonly start: string;
  readonly moving: readonly Moving[];
}

interface Moving {
  readonly slot: number;
  /** What stands between it and the next one. */
  readonly after: string;
}

function withMoving({ start, slots, runs }: Model, changes: readonly Change[]): Runs {
  const moving = new Set([...runs.moving, ...changes].map(({ slot }) => slot));
  const texts: string[] = [start];
  const numbers: number[] = [];
  slots.forEach(({ after, same }, slot) => {
    if (moving.has(slot)) {
      numbers.push(slot);
      texts.push(after);
    } else texts[texts.length - 1] += same;
  });
  const [before = '', ...afters] = texts;
  return { start: before, moving: numbers.map((slot, index) => ({ slot, after: afters[index] ?? '' })) };
}

function endsDocument(text: string, at: number): boolean {
  return at === text.length || (text.startsWith('---\n', at) && text.charCodeAt(at - 1) === NEWLINE);
}

/** Undefined for what could be read in two ways, or is as if it were not there. */
function readSlot(style: Style, text: string, mode: YamlMode): PlainValue | undefined {
  if (style !== 'plain' && style !== 'flow') return text;
  return isAmbiguousScalar(text) ? undefined : (readPlainScalar(text, mode) ?? undefined);
}
