import type { Mark, Marks } from '../../manifests/block-yaml-cursor.ts';
import type { Path } from '../../manifests/locate.ts';
import { readPlainScalar, type YamlMode } from '../../manifests/plain-scalar.ts';

/** A scalar on one line, without the quotes around it, that could be another one; or the end of a line of a block of text. */
export interface Slot {
  /** Of one block the same array. */
  readonly path: Path;
  /** Where in its block it stands. */
  readonly within?: number;
  readonly text: string;
  /** What stands between it and the next slot. */
  readonly after: string;
  /** Both together: what a twin has here where nothing differs. */
  readonly same: string;
  readonly style: Style;
}

const STYLES = {
  /** What stands without quotes anywhere, for one line: no indicator, no comment, nothing that could be a key. */
  plain: /[A-Za-z0-9][\w./@%+=~-]*(?::[\w./@%+=~-]+)*/y,
  /** Within brackets. */
  flow: /[A-Za-z0-9][\w./@%+=~-]*/y,
  /** In a block of text, where it stands for itself whatever it looks like. */
  verbatim: /[A-Za-z0-9][\w./@%+=~-]*(?::[\w./@%+=~-]+)*/y,
  /** Printable ASCII that stands for itself; no text that Flux or SOPS replace. */
  double: /[ !#%-Z\]-z|}~]*/y,
  single: /[ -#%&(-Z\]-z|}~]*/y,
} as const;

export type Style = keyof typeof STYLES;

const MOST_CHARACTERS = 256;

/** The end of what a slot of this style may hold, from an offset on; -1 where it may hold nothing of it. */
export function matchAt(style: Style, text: string, at: number): number {
  const pattern = STYLES[style];
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

export interface FoundSlot extends Pick<Slot, 'path' | 'within' | 'style'> {
  readonly parent: object;
  readonly from: number;
  readonly to: number;
}

export interface Source {
  readonly text: string;
  readonly mode: YamlMode;
  readonly marks: Marks;
}

/** What a document is by `apiVersion` and `kind` is no matter of its scalars. */
const NEVER: ReadonlySet<string> = new Set(['apiVersion', 'kind']);

/** All scalars of a value that could be other ones, in the order of the maps and lists that they stand in. */
export function slotsBelow(value: unknown, path: Path, source: Source): FoundSlot[] {
  if (typeof value !== 'object' || value === null) return [];
  const marks = source.marks.of.get(value);
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const part = Array.isArray(value) ? Number(key) : key;
    const at = [...path, part];
    if (typeof inner === 'object' && inner !== null) return slotsBelow(inner, at, source);
    const mark = marks?.get(part);
    if (mark === undefined || mark.valueStart < 0 || inner === null || NEVER.has(key)) return [];
    const isBlock = typeof inner === 'string' && source.text.charCodeAt(mark.valueStart) === BAR;
    const slots = isBlock ? slotsInBlock(mark, inner, source.text) : slotAt(mark, inner, source);
    return slots.map((slot) => ({ parent: value, path: at, ...slot }));
  });
}

const BAR = 0x7c;

/** The last words of the lines of a block of text that is kept as it stands. */
function slotsInBlock({ valueStart, valueEnd }: Mark, value: string, text: string): readonly FoundScalar[] {
  const begin = text.indexOf('\n', valueStart) + 1;
  const indent = /^ +/.exec(text.slice(begin, valueEnd))?.[0].length ?? 0;
  const lines = text.slice(begin, valueEnd).split('\n');
  const slots: FoundScalar[] = [];
  let [from, within] = [begin, 0];
  for (const line of lines) {
    const word = /(?<=[:=] *)[A-Za-z0-9][^\s]*$/.exec(line.slice(indent));
    const to = from + line.length;
    if (word !== null && matchAt('verbatim', text, to - word[0].length) === to) {
      slots.push({ from: to - word[0].length, to, style: 'verbatim', within: within + word.index });
    }
    from = to + 1;
    within += line.slice(indent).length + 1;
  }
  const isKept = lines
    .map((line) => line.slice(indent))
    .join('\n')
    .startsWith(value.trimEnd());
  return isKept ? slots : [];
}

type FoundScalar = Omit<FoundSlot, 'parent' | 'path'>;

function slotAt({ valueStart, valueEnd }: Mark, value: unknown, { text, mode }: Source): readonly FoundScalar[] {
  if (valueEnd - valueStart > MOST_CHARACTERS) return [];
  const whole = text.slice(valueStart, valueEnd);
  const quote = whole.charAt(0);
  const isQuoted = quote === '"' || quote === "'";
  const style = quote === '"' ? 'double' : quote === "'" ? 'single' : plainStyle(text, valueStart);
  const [from, to] = isQuoted ? [valueStart + 1, valueEnd - 1] : [valueStart, valueEnd];
  if (style === undefined || to < from || matchAt(style, text, from) !== to) return [];
  const inner = text.slice(from, to);
  const isRead = isQuoted ? whole.at(-1) === quote && inner === value : readPlainScalar(inner, mode) === value;
  return isRead ? [{ from, to, style }] : [];
}

/** Undefined where there is neither a key nor a dash before it on its line: it may be part of a longer text. */
function plainStyle(text: string, start: number): 'plain' | 'flow' | undefined {
  const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  if (!/[:-] /.test(before)) return undefined;
  return /[[{]/.test(before) ? 'flow' : 'plain';
}
