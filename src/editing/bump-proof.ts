import { isMap, isScalar, type Pair, type Scalar, type YAMLMap } from 'yaml';
import { isImageProblem, parseImageRef } from '../image/image-ref.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import { type Difference, differences } from './difference.ts';
import { findSites } from './editors/registry.ts';
import { keyOf } from './node-index.ts';
import { nodeAtPath, printPath } from './prove.ts';
import { isNewEntry, provedEntries } from './proved-entries.ts';
import { type BothSites, type Claims, type ProvedValue, provedScalar, type ScalarDifference } from './proved-value.ts';
import { readScalar } from './scalar-text.ts';
import { parseSet } from './set-wish.ts';
import { applySplices, planSplice, type Splice, scalarRange } from './splice.ts';
import { type Trailer, trailerValues } from './trailers.ts';
import { liftSplice } from './write-all.ts';
import { parseFile, parseScalarText, type YamlDocument, type YamlFile } from './yaml-file.ts';

export type BumpProof = { readonly kind: 'bump'; readonly values: readonly ProvedValue[] } | NotABump;

interface NotABump {
  readonly kind: 'not-a-bump';
  readonly reason: string;
}

/** What a text's differences come to: the values, and the splices that lead from the old text to the new one. */
type TextProof =
  | { readonly kind: 'proved'; readonly values: readonly ProvedValue[]; readonly splices: readonly Splice[] }
  | NotABump;

interface Context {
  readonly sites: BothSites;
  readonly claims: Claims;
}

/** A bump is only a commit whose whole difference to its parent is values that its `Image` and `Set` trailers name. */
export function proveBump(
  parent: readonly SourceFile[],
  commit: readonly SourceFile[],
  trailers: readonly Trailer[],
): BumpProof {
  const claims = readClaims(trailers);
  if (claims.images.length + claims.sets.length === 0) return no('its message has no Image trailer');
  const values: ProvedValue[] = [];
  for (const path of new Set([...parent, ...commit].map((file) => file.path))) {
    const before = parent.find((file) => file.path === path);
    const after = commit.find((file) => file.path === path);
    if (before === undefined || after === undefined)
      return no(`it ${after === undefined ? 'deletes' : 'adds'} ${path}`);
    if (before.mode !== after.mode) return no(`it changes the mode of ${path}`);
    const proof = sameBytes(before.bytes, after.bytes) ? undefined : proveFile(before, after, claims);
    if (proof?.kind === 'not-a-bump') return proof;
    values.push(...(proof?.values ?? []));
  }
  return values.length === 0 ? no('it changes nothing') : { kind: 'bump', values };
}

function readClaims(trailers: readonly Trailer[]): Claims {
  const images = trailerValues(trailers, 'Image').map(parseImageRef);
  const sets = trailerValues(trailers, 'Set').map(parseSet);
  return {
    images: images.flatMap((image) => (isImageProblem(image) ? [] : [image])),
    sets: sets.flatMap((set) => ('problem' in set ? [] : [set])),
  };
}

function proveFile(before: SourceFile, after: SourceFile, claims: Claims): BumpProof {
  const old = parseFile(before);
  const next = parseFile(after);
  if (!old.ok || !next.ok) return no(`${before.path} cannot be read as YAML`);
  if (old.file.bom !== next.file.bom) return no(`it changes the byte order mark of ${before.path}`);
  const sites = { before: old.file.documents.flatMap(findSites), after: next.file.documents.flatMap(findSites) };
  const proof = proveText(old.file, next.file, { sites, claims });
  if (proof.kind === 'not-a-bump') return proof;
  const complete = applySplices(old.file.text, proof.splices) === next.file.text;
  return complete ? { kind: 'bump', values: proof.values } : no(`it changes more of ${before.path} than values`);
}

function proveText(old: YamlFile, next: YamlFile, context: Context): TextProof {
  const found = differences(old, next);
  const parts = [
    ...found.filter((difference) => !isNewEntry(difference)).map((own) => proveDifference(old, next, own, context)),
    ...proveEntries(old, next, found, context),
  ];
  const wrong = parts.find((part) => part.kind === 'not-a-bump');
  const proved = parts.filter((part) => part.kind === 'proved');
  return (
    wrong ?? {
      kind: 'proved',
      values: proved.flatMap((part) => part.values),
      splices: proved.flatMap((part) => part.splices),
    }
  );
}

function proveDifference(old: YamlFile, next: YamlFile, difference: Difference, context: Context): TextProof {
  const place = `${old.path}: ${printPath(difference.path)}`;
  const documents = documentsOf(old, next, difference);
  if (difference.kind === 'other' || difference.kind === 'removed' || documents === undefined)
    return no(`it changes ${place} in more than a value`);
  const inner = difference.kind === 'value' ? proveInside(documents, difference, context) : undefined;
  if (inner?.kind === 'proved') return inner;
  const splice = spliceOf(documents, difference);
  if (splice === undefined) return inner ?? no(`it rewrites ${place} in another way than a bump does`);
  const value = provedScalar([old, documents[1]], difference, splice, context.sites, context.claims);
  if (value !== undefined) return { kind: 'proved', values: [value], splices: [splice] };
  return no(`it changes ${place}, which is no image that its trailers name`);
}

function proveEntries(
  old: YamlFile,
  next: YamlFile,
  found: readonly Difference[],
  context: Context,
): readonly TextProof[] {
  const groups = Map.groupBy(found.filter(isNewEntry), ({ document }) => document);
  return [...groups.values()].map((added) => {
    const documents = documentsOf(old, next, added[0]);
    const entries = documents && provedEntries(documents, added, context.sites, context.claims);
    const [first] = added.map(({ path }) => `${old.path}: ${printPath(path)}`);
    return entries === undefined ? no(`it changes ${first} in more than a value`) : { kind: 'proved', ...entries };
  });
}

type Documents = readonly [YamlDocument, YamlDocument];

function documentsOf(old: YamlFile, next: YamlFile, difference: Difference | undefined): Documents | undefined {
  const [before, after] = [old, next].map(({ documents }) => documents[difference?.document ?? -1]);
  return before === undefined || after === undefined ? undefined : [before, after];
}

/** A difference in text that is YAML of its own is proved in there; undefined where it is no such text. */
function proveInside(
  [before, after]: Documents,
  difference: Extract<Difference, { kind: 'value' }>,
  context: Context,
): TextProof | undefined {
  if (before.file.within !== undefined) return undefined;
  const [old, next] = [parseScalarText(before, difference.before), parseScalarText(after, difference.after)];
  if (!old.ok || !next.ok) return undefined;
  const proof = proveText(old.file, next.file, context);
  if (proof.kind === 'not-a-bump') return proof;
  if (proof.values.length === 0) return undefined;
  const splices = proof.splices.flatMap((splice) => liftSplice(old.file, splice) ?? []);
  return splices.length === proof.splices.length ? { ...proof, splices } : undefined;
}

/** The splice that leads from the parent's text to the commit's for one difference, as far as a bump can have made it. */
function spliceOf([document, next]: Documents, difference: ScalarDifference): Splice | undefined {
  if (difference.kind === 'added') return insertionOf(document, next, difference);
  const from = scalarRange(document.file.text, difference.before);
  const to = scalarRange(next.file.text, difference.after);
  if (from === undefined || to === undefined) return undefined;
  if (from[0] < from[1]) return { start: from[0], end: from[1], text: next.file.text.slice(...to) };
  const slot = { kind: 'present', node: difference.before, text: '', place: '' } as const;
  return planSplice(document, { slot, after: readScalar(difference.after) })?.splice;
}

function insertionOf(
  document: YamlDocument,
  next: YamlDocument,
  { path, node }: Extract<ScalarDifference, { kind: 'added' }>,
): Splice | undefined {
  const map = nodeAtPath(document.root, path.slice(0, -1));
  const longer = nodeAtPath(next.root, path.slice(0, -1));
  const key = path.at(-1);
  if (!isMap(map) || !isMap(longer) || typeof key !== 'string' || !isScalar(node)) return undefined;
  const after = pairBefore(map, longer, key);
  const slot = after === undefined ? undefined : ({ kind: 'absent', map, key, after, place: '' } as const);
  return slot && planSplice(document, { slot, after: readScalar(node as Scalar) })?.splice;
}

/** The pair of the shorter map that the new one was put after. */
function pairBefore(map: YAMLMap, longer: YAMLMap, key: string): Pair | undefined {
  const at = longer.items.findIndex((pair) => keyOf(pair) === key);
  for (const pair of longer.items.slice(0, at).toReversed()) {
    const same = map.items.find((own) => keyOf(own) === keyOf(pair));
    if (same !== undefined) return same;
  }
  return undefined;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function no(reason: string): NotABump {
  return { kind: 'not-a-bump', reason };
}
