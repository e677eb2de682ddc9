import { LIMITS } from '../manifests/limits.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import type { RenderedObject, RenderedUnit } from './unit.ts';

/** Rendered objects as files that can be checked, and the way back from a line to its object. */
export interface RenderedText {
  readonly files: readonly SourceFile[];
  objectAt(path: string, line: number): FoundObject | undefined;
}

export interface FoundObject {
  readonly unit: RenderedUnit;
  readonly object: RenderedObject;
  /** The line as it was printed. */
  readonly text: string;
}

interface Piece {
  readonly unit: RenderedUnit;
  readonly object: RenderedObject;
  /** From 1. */
  readonly line: number;
}

/** Room for what is written around a document. */
const MOST_BYTES = LIMITS.fileBytes - 1024;
const MOST_DOCUMENTS = LIMITS.documents - 1;

/** Several files for a unit that is too large for one. */
export function renderedText(units: readonly RenderedUnit[]): RenderedText {
  const pieces = new Map<string, Piece[]>();
  const files: SourceFile[] = [];
  for (const [index, unit] of units.entries()) {
    if (unit.outcome.state !== 'rendered') continue;
    for (const [part, objects] of portions(unit.outcome.objects).entries()) {
      const path = `rendered-${index}-${part}.yaml`;
      const { text, starts } = join(objects);
      files.push({ path, bytes: new TextEncoder().encode(text), mode: '100644' });
      pieces.set(
        path,
        objects.map((object, at) => ({ unit, object, line: starts[at] ?? 1 })),
      );
    }
  }
  return {
    files,
    objectAt(path, line) {
      const piece = pieces.get(path)?.findLast((candidate) => candidate.line <= line);
      if (piece === undefined) return undefined;
      const { unit, object } = piece;
      return { unit, object, text: documentOf(object).split('\n')[line - piece.line] ?? '' };
    },
  };
}

function portions(objects: readonly RenderedObject[]): readonly (readonly RenderedObject[])[] {
  const all: RenderedObject[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const object of objects) {
    const bytes = Buffer.byteLength(object.text) + 8;
    const last = all.at(-1);
    if (last === undefined || size + bytes > MOST_BYTES || last.length >= MOST_DOCUMENTS) {
      all.push([object]);
      size = bytes;
    } else {
      last.push(object);
      size += bytes;
    }
  }
  return all;
}

function documentOf({ text }: RenderedObject): string {
  return `---\n${text.replace(/^---[ \t]*\n/, '').replace(/\n*$/, '\n')}`;
}

function join(objects: readonly RenderedObject[]): { readonly text: string; readonly starts: readonly number[] } {
  const starts: number[] = [];
  let text = '';
  let line = 1;
  for (const object of objects) {
    const document = documentOf(object);
    starts.push(line);
    text += document;
    line += document.split('\n').length - 1;
  }
  return { text, starts };
}
