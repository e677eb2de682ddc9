import { isMap, type Json, type Place } from './json.ts';

/** Ends the name of a field that is written under the name before it, so that a map has one name twice. */
export const AGAIN = '~again';

export interface WrittenYaml {
  readonly text: string;
  /** The line of each field and item, from 1, by its JSON pointer. */
  readonly lines: ReadonlyMap<string, number>;
}

/** Block YAML, one field a line, as people write manifests: where everything stands is known without reading it again. */
export function writeYaml(value: Json): WrittenYaml {
  const out: string[] = [];
  const lines = new Map<string, number>();
  writeInner(value, [], '', { out, lines });
  return { text: `${out.join('\n')}\n`, lines };
}

interface Page {
  readonly out: string[];
  readonly lines: Map<string, number>;
}

function writeInner(value: Json, place: Place, indent: string, page: Page): void {
  if (Array.isArray(value))
    for (const [index, item] of value.entries()) writeItem(item, [...place, index], indent, page);
  else if (isMap(value)) for (const [key, inner] of Object.entries(value)) writeField(key, inner, place, indent, page);
}

function writeField(key: string, value: Json, place: Place, indent: string, page: Page): void {
  const here = [...place, key];
  const name = scalar(key.endsWith(AGAIN) ? key.slice(0, -AGAIN.length) : key);
  page.lines.set(pointerOf(here), page.out.length + 1);
  page.out.push(isNested(value) ? `${indent}${name}:` : `${indent}${name}: ${scalar(value)}`);
  if (isNested(value)) writeInner(value, here, `${indent}  `, page);
}

function writeItem(value: Json, place: Place, indent: string, page: Page): void {
  const first = page.out.length;
  page.lines.set(pointerOf(place), first + 1);
  if (!isNested(value)) page.out.push(`${indent}- ${scalar(value)}`);
  else {
    writeInner(value, place, `${indent}  `, page);
    page.out[first] = `${indent}- ${page.out[first]?.slice(indent.length + 2)}`;
  }
}

function isNested(value: Json): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

const PLAIN = /^[A-Za-z][\w./-]*$/;
const AMBIGUOUS = /^(y|n|yes|no|on|off|true|false|null)$/i;

function scalar(value: Json): string {
  if (typeof value === 'string' && PLAIN.test(value) && !AMBIGUOUS.test(value)) return value;
  return JSON.stringify(value);
}

export function pointerOf(place: Place): string {
  return place.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The line of a field, or of the nearest field around it that is written. */
export function lineOf({ lines }: WrittenYaml, pointer: string): number {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const line = lines.get(at);
    if (line !== undefined) return line;
  }
  return 1;
}
