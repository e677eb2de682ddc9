import type { SourceFile } from '../manifests/source-file.ts';
import { proveBump } from './bump-proof.ts';
import type { Edit } from './edit.ts';
import { byteRange, encodeText } from './edit-file.ts';
import { findSites } from './editors/registry.ts';
import { type Inverse, invertValue } from './invert-value.ts';
import type { ProvedValue } from './proved-value.ts';
import type { Splice } from './splice.ts';
import type { Trailer } from './trailers.ts';
import { writeAll } from './write-all.ts';
import { lineAt, parseFile, type YamlFile } from './yaml-file.ts';

/** The files that a commit touched, at three revisions, and its trailers. Only paths that occur somewhere need to be given. */
export interface InvertRequest {
  /** At the commit's first parent. */
  readonly parent: readonly SourceFile[];
  /** At the commit. */
  readonly commit: readonly SourceFile[];
  readonly trailers: readonly Trailer[];
  /** Where the inverse will stand on. */
  readonly head: readonly SourceFile[];
}

/** A value that is no longer the one that the bump wrote. */
export interface ChangedSince {
  readonly path: string;
  /** From 1; absent where the file or the place is gone. */
  readonly line?: number;
  readonly place: string;
  readonly expected: string;
  /** What stands there now; absent where the file or the place is gone. */
  readonly found?: string;
}

export type Inversion =
  | { readonly kind: 'change'; readonly edits: readonly Edit[]; readonly files: readonly SourceFile[] }
  /** The commit is not what its trailers say, or has none: it is not touched. */
  | { readonly kind: 'not-a-bump'; readonly reason: string }
  | { readonly kind: 'conflict'; readonly places: readonly ChangedSince[] }
  /** Every value is again what it was before the bump. */
  | { readonly kind: 'nothing' };

/**
 * Plans the inverse of a bump. Trailers only say which commit to look at, since anyone can write one: the commit counts as a
 * bump when its difference to its parent is exactly values that they name. Each value then goes back to the characters of the
 * parent, wherever it stands by now, and none when one of them was changed since.
 */
export function invert(request: InvertRequest): Inversion {
  const bump = proveBump(request.parent, request.commit, request.trailers);
  if (bump.kind === 'not-a-bump') return bump;
  const places: ChangedSince[] = [];
  const edits: Edit[] = [];
  const files: SourceFile[] = [];
  for (const [path, values] of Map.groupBy(bump.values, (value) => value.path)) {
    const source = request.head.find((file) => file.path === path);
    const result = invertFile(path, source, values);
    places.push(...result.places);
    edits.push(...result.edits);
    if (result.file !== undefined) files.push(result.file);
  }
  if (places.length > 0) return { kind: 'conflict', places };
  return edits.length === 0 ? { kind: 'nothing' } : { kind: 'change', edits, files };
}

interface InvertedFile {
  readonly places: readonly ChangedSince[];
  readonly edits: readonly Edit[];
  readonly file?: SourceFile;
}

type Removal = Extract<Inverse, { kind: 'splice' }>;

function invertFile(path: string, source: SourceFile | undefined, values: readonly ProvedValue[]): InvertedFile {
  const parsed = source === undefined ? undefined : parseFile(source);
  if (source === undefined || source.mode === '120000' || parsed?.ok !== true) {
    return { places: values.map(({ place, after }) => ({ path, place, expected: after })), edits: [] };
  }
  const { file } = parsed;
  const sites = file.documents.flatMap(findSites);
  const inverses = values.map((value) => invertValue(file, sites, value));
  const places = inverses.flatMap((inverse) => (inverse.kind === 'changed' ? [inverse.place] : []));
  const splices = inverses.filter((inverse) => inverse.kind === 'splice');
  if (places.length > 0 || splices.length === 0) return { places, edits: [] };
  return writeInverse(source, file, values, withoutRepeats(splices));
}

/** Entries that came as one list go as one. */
function withoutRepeats(splices: readonly Removal[]): readonly Removal[] {
  const known = new Map(splices.map((own) => [JSON.stringify([own.value.at, own.planned.expected.kind]), own]));
  return [...known.values()];
}

function writeInverse(
  { path, mode }: SourceFile,
  file: YamlFile,
  values: readonly ProvedValue[],
  inverses: readonly Removal[],
): InvertedFile {
  const written = writeAll(file, inverses);
  if (!written.ok) {
    const found = written.problem;
    return { places: values.map(({ place, after }) => ({ path, place, expected: after, found })), edits: [] };
  }
  const edits = inverses.flatMap(({ value }, index) => {
    const splice = written.splices[index];
    return splice === undefined ? [] : [editOf(file, value, splice)];
  });
  return { places: [], edits, file: { path, mode, bytes: encodeText(written.text, file.bom) } };
}

function editOf(file: YamlFile, { before, after, image, place }: ProvedValue, splice: Splice): Edit {
  return {
    path: file.path,
    ...byteRange(file, splice),
    replacement: splice.text,
    line: lineAt(file.text, splice.start),
    before: after,
    after: before,
    ...(image && { image: image.name, imageBefore: image.after }),
    ...(image?.before !== undefined && { imageAfter: image.before }),
    place,
  };
}
