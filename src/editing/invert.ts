import { isMap, isScalar, type Pair, type Scalar } from 'yaml';
import { normaliseImageName } from '../image/image-ref.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import { type ProvedValue, proveBump } from './bump-proof.ts';
import type { Edit } from './edit.ts';
import { byteRange, encodeText } from './edit-file.ts';
import { findSites } from './editors/registry.ts';
import { keyOf } from './node-index.ts';
import { spliceAndProve } from './prove.ts';
import { printScalar, readScalar, styleOf } from './scalar-text.ts';
import { presentSlots, type Site } from './site.ts';
import { type Expectation, type PlannedSplice, type Splice, scalarRange } from './splice.ts';
import { type Followed, followPath } from './stable-path.ts';
import type { Trailer } from './trailers.ts';
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
 * bump when its difference to its parent is exactly image scalars that they name. Each value then goes back to the characters
 * of the parent, wherever its scalar stands by now, and none when one of them was changed since.
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

type Step =
  | { readonly kind: 'splice'; readonly planned: PlannedSplice; readonly edit: Edit }
  | { readonly kind: 'changed'; readonly place: ChangedSince }
  | { readonly kind: 'done' };

function invertFile(path: string, source: SourceFile | undefined, values: readonly ProvedValue[]): InvertedFile {
  const parsed = source === undefined ? undefined : parseFile(source);
  if (source === undefined || source.mode === '120000' || parsed?.ok !== true) {
    return { places: values.map(({ place, after }) => ({ path, place, expected: after })), edits: [] };
  }
  const { file } = parsed;
  const sites = file.documents.flatMap(findSites);
  const steps = values.map((value) => invertValue(file, sites, value));
  const places = steps.flatMap((step) => (step.kind === 'changed' ? [step.place] : []));
  const splices = steps.filter((step) => step.kind === 'splice');
  if (places.length > 0 || splices.length === 0) return { places, edits: [] };
  const proved = spliceAndProve(
    file,
    splices.map(({ planned }) => planned),
  );
  if (!proved.ok)
    return {
      places: values.map((value) => ({ path, place: value.place, expected: value.after, found: proved.problem })),
      edits: [],
    };
  return {
    places: [],
    edits: splices.map(({ edit }) => edit),
    file: { path, mode: source.mode, bytes: encodeText(proved.text, file.bom) },
  };
}

function invertValue(file: YamlFile, sites: readonly Site[], value: ProvedValue): Step {
  return value.kind === 'added' ? invertAdded(file, value) : invertScalar(file, sites, value);
}

function invertScalar(file: YamlFile, sites: readonly Site[], value: ProvedValue): Step {
  const found = followPath(file, value.at);
  const node = found?.node;
  if (found === undefined || !isScalar(node)) return changed(value);
  const current = readScalar(node);
  if (current === value.before && current !== value.after) return { kind: 'done' };
  const line = lineAt(file.text, node.range?.[0] ?? 0);
  if (current !== value.after) return changed(value, line, current);
  const stranger = sites.find(
    (site) => presentSlots(site).some((slot) => slot.node === node) && !namesImage(site, value),
  );
  if (stranger !== undefined) return changed(value, line, `${current}, which ${stranger.place} reads too`);
  const splice = restoreText(file, node, value);
  if (splice === undefined) return changed(value, line, 'a value that cannot be edited safely');
  return stepOf(file, value, splice, {
    document: found.document.index,
    path: found.document.nodes.pathOf(node),
    kind: 'value',
    value: value.parsedBefore,
    everywhere: false,
  });
}

/** The parent's own characters where the bump's still stand; else the old value in the quotes that stand there now. */
function restoreText(file: YamlFile, node: Scalar, value: ProvedValue): Splice | undefined {
  const range = scalarRange(file.text, node);
  if (range === undefined) return undefined;
  const [start, end] = range;
  const lead = value.textAfter.length - value.textAfter.trimStart().length;
  const trail = value.textAfter.length - value.textAfter.trimEnd().length;
  if (file.text.slice(start - lead, end + trail) === value.textAfter) {
    return { start: start - lead, end: end + trail, text: value.textBefore };
  }
  const text =
    typeof value.parsedBefore === 'string' ? printScalar(value.before, styleOf(node, file.json)) : value.textBefore;
  return text === undefined ? undefined : { start, end, text };
}

function invertAdded(file: YamlFile, value: ProvedValue): Step {
  const steps = value.at.steps.slice(0, -1);
  const last = value.at.steps.at(-1);
  const key = last?.kind === 'key' ? last.key : undefined;
  const found = followPath(file, { ...value.at, steps });
  if (found === undefined || !isMap(found.node) || key === undefined) return changed(value);
  const pair = found.node.items.find((own) => keyOf(own) === key);
  if (pair === undefined) return { kind: 'done' };
  return removePair(file, value, found, pair, key);
}

function removePair(file: YamlFile, value: ProvedValue, found: Followed, pair: Pair, key: string): Step {
  const node = pair.value;
  const end = isScalar(node) ? (node.range?.[1] ?? 0) : 0;
  const line = lineAt(file.text, end);
  if (!isScalar(node) || readScalar(node) !== value.after)
    return changed(value, line, isScalar(node) ? readScalar(node) : undefined);
  const start = end - value.textAfter.length;
  if (file.text.slice(Math.max(start, 0), end) !== value.textAfter)
    return changed(value, line, `${value.after}, written in another way`);
  const path = [...found.document.nodes.pathOf(found.node), key];
  return stepOf(
    file,
    value,
    { start, end, text: '' },
    { document: found.document.index, path, kind: 'removed', value: null, everywhere: false },
  );
}

function stepOf(file: YamlFile, value: ProvedValue, splice: Splice, expected: Expectation): Step {
  const edit: Edit = {
    path: file.path,
    ...byteRange(file, splice),
    replacement: splice.text,
    line: lineAt(file.text, splice.start),
    before: value.after,
    after: value.before,
    image: value.image,
    imageBefore: value.imageAfter,
    ...(value.imageBefore !== undefined && { imageAfter: value.imageBefore }),
    place: value.place,
  };
  return { kind: 'splice', planned: { splice, expected }, edit };
}

function namesImage(site: Site, value: ProvedValue): boolean {
  return normaliseImageName(site.image) === value.normalisedImage;
}

function changed({ path, place, after }: ProvedValue, line?: number, found?: string): Step {
  const where = { path, place, expected: after };
  return {
    kind: 'changed',
    place: { ...where, ...(line !== undefined && { line }), ...(found !== undefined && { found }) },
  };
}
