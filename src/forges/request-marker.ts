import { createHash } from 'node:crypto';
import type { Revision } from './forge-client.ts';

/**
 * What the description of a request says about it, out of sight. It tells which group a request belongs to and what it
 * proposes; that the request is ours is never taken from here, since anyone can write it.
 */
export interface Marker {
  readonly group: string;
  /** What the places read after it: image references, or other values with their places. Sorted. */
  readonly values: readonly string[];
  /** The commit that the description was written for. */
  readonly head?: Revision;
  /** Set before we close it ourselves: then it was not a person who said no. */
  readonly superseded?: true;
}

const BEGIN = /<!-- drawbridge: (\{[^\r\n]*?\}) -->/;
const END = '<!-- /drawbridge -->';
const MOST_VALUES = 100;

/** An HTML comment, which no forge shows. Nothing in a value can end it. */
export function printMarker(marker: Marker): string {
  const text = JSON.stringify(marker).replace(/[<>]/g, escapeCharacter).replaceAll('--', '\\u002d\\u002d');
  return `<!-- drawbridge: ${text} -->`;
}

/** The first marker of a description, or undefined where there is none that can be read. */
export function parseMarker(body: string): Marker | undefined {
  const text = BEGIN.exec(body)?.[1];
  if (text === undefined) return undefined;
  try {
    return markerOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function markerOf(value: unknown): Marker | undefined {
  const { group, values, head, superseded } = Object(value) as Readonly<Record<string, unknown>>;
  if (typeof group !== 'string' || !Array.isArray(values)) return undefined;
  return {
    group,
    values: values.filter((item) => typeof item === 'string'),
    ...(typeof head === 'string' ? { head } : {}),
    ...(superseded === true ? { superseded } : {}),
  };
}

/** Our part of a description, from the marker to its end. Nothing that the text quotes can be taken for either. */
export function printSection(marker: Marker, text: string): string {
  return `${printMarker(marker)}\n${text.trim().replaceAll('<!--', '<\u200b!--')}\n${END}`;
}

/** The description with our part replaced; what people wrote around it stays. Without one, ours comes first. */
export function replaceSection(body: string, section: string): string {
  const begin = BEGIN.exec(body);
  if (begin === null) return body.trim() === '' ? section : `${section}\n\n${body}`;
  const end = body.indexOf(END, begin.index);
  const after = end < 0 ? begin.index + begin[0].length : end + END.length;
  return `${body.slice(0, begin.index)}${section}${body.slice(after)}`;
}

/** The description with another marker and the same text. */
export function replaceMarker(body: string, marker: Marker): string {
  return body.replace(BEGIN, () => printMarker(marker));
}

/** Sorted, without doubles; a long list ends with a digest of all of it, so that two can still be compared. */
export function markerValues(values: readonly string[]): readonly string[] {
  const sorted = [...new Set(values)].sort();
  if (sorted.length <= MOST_VALUES) return sorted;
  const digest = createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
  return [...sorted.slice(0, MOST_VALUES - 1), `sha256:${digest}`];
}

function escapeCharacter(character: string): string {
  return `\\u00${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
