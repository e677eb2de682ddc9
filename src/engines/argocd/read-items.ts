import { type Json, list, record } from '../api/json.ts';

const [QUOTE, BACKSLASH, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = [...'"\\{}[]'].map((one) => one.charCodeAt(0));

/**
 * The `{ items }` of a list, each item parsed and cut down for itself: the list of a server with hundreds of Applications
 * comes to many megabytes, of which a small part is of use.
 * @throws SyntaxError, TypeError when it is not JSON, also when it was cut short
 */
export function readItems(body: Uint8Array): { readonly items: readonly unknown[] } {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const items = placesOf(body);
  if (items === undefined) {
    const { items: all } = record(JSON.parse(decoder.decode(body)));
    return { items: list(all).map(cutDown) };
  }
  return { items: items.map(([start, end]) => cutDown(JSON.parse(decoder.decode(body.subarray(start, end))))) };
}

type Place = readonly [start: number, end: number];

/** Where the objects of the list begin and end; undefined where this is no whole object with a list of objects as `items`. */
function placesOf(body: Uint8Array): readonly Place[] | undefined {
  const places: Place[] = [];
  let [depth, start, isInItems, wasFound] = [0, 0, false, false];
  let key: Place = [0, 0];
  for (let at = 0; at < body.length; at++) {
    const byte = body[at];
    if (byte === QUOTE) {
      const end = endOfText(body, at);
      if (depth === 1) key = [at + 1, end];
      at = end;
    } else if (byte === OPEN || byte === OPEN_LIST) {
      if (depth === 1 && byte === OPEN_LIST) isInItems = isCalledItems(body, key);
      if (depth === 2 && isInItems) start = at;
      depth++;
    } else if (byte === CLOSE || byte === CLOSE_LIST) {
      depth--;
      if (depth === 2 && isInItems) places.push([start, at + 1]);
      if (depth === 1) {
        wasFound ||= isInItems;
        isInItems = false;
      }
    }
  }
  return depth === 0 && wasFound ? places : undefined;
}

function endOfText(body: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < body.length && body[at] !== QUOTE) at += body[at] === BACKSLASH ? 2 : 1;
  return at;
}

function isCalledItems(body: Uint8Array, [start, end]: Place): boolean {
  return end - start === 5 && new TextDecoder().decode(body.subarray(start, end)) === 'items';
}

/** Without what nobody here asks of an Application, most of which is about objects that are as they should be. */
export function cutDown(item: unknown): unknown {
  const { metadata, status, ...rest } = record(item);
  if (metadata === undefined || status === undefined || status === null) return item;
  const { managedFields: _, ...kept } = record(metadata);
  const { resources, ...told } = record(status);
  return { ...rest, metadata: kept, status: { ...told, resources: list(resources).filter(isTelling) } };
}

function isTelling(resource: unknown): boolean {
  const { status, health, requiresPruning, kind }: Json = record(resource);
  const { status: word } = record(health);
  const isFine = status === 'Synced' && (word === undefined || word === 'Healthy') && requiresPruning !== true;
  return !isFine || kind === 'Application';
}
