/** Bumps every image of a folder of manifests, one at a time, and holds each result against the old bytes and js-yaml. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CORE_SCHEMA, loadAll } from 'js-yaml';
import { type Look, lookInto } from '../../src/editing/look.ts';
import { plan } from '../../src/editing/plan.ts';
import type { Plan } from '../../src/editing/plan-types.ts';
import type { Selection } from '../../src/editing/selection.ts';
import type { Site } from '../../src/editing/site.ts';
import { type ImageRef, normaliseImageName, printImageRef } from '../../src/image/image-ref.ts';
import { isCiFile, isManifestFile } from '../../src/manifests/file-names.ts';
import type { SourceFile } from '../../src/manifests/source-file.ts';

export interface SitesCount {
  readonly files: number;
  readonly sites: number;
  readonly edited: number;
  /** Held against js-yaml, too; the rest is what js-yaml does not read. */
  readonly compared: number;
  /** Reasons, with how many sites were refused for each. */
  readonly refused: ReadonlyMap<string, number>;
  /** Sentences; expected to be none. */
  readonly wrong: readonly string[];
}

const LARGEST = 4 << 20;
const TAG = '9.9.9-bench';
const DIGEST = `sha256:${'ab'.repeat(32)}`;

/** Manifests below a folder, without what belongs to the CI system. */
function manifestsIn(root: string, below = ''): SourceFile[] {
  return readdirSync(join(root, below), { withFileTypes: true }).flatMap((entry) => {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === '.git' ? [] : manifestsIn(root, path);
    if (!entry.isFile() || !isManifestFile(path) || isCiFile(path)) return [];
    if (statSync(join(root, path)).size > LARGEST) return [];
    return [{ path, mode: '100644', bytes: new Uint8Array(readFileSync(join(root, path))) } as const];
  });
}

export function bumpEverySite(root: string): SitesCount {
  const files = manifestsIn(root);
  const paths = files.map(({ path }) => path);
  const known = new Set(paths);
  const total = { sites: 0, edited: 0, compared: 0 };
  const refused = new Map<string, number>();
  const wrong: string[] = [];
  for (const file of files) {
    const look = lookInto(file, known);
    if (look.kind !== 'sites') continue;
    const ground: Ground = { file, look, tree: read(file.bytes), paths, known };
    for (const site of look.sites) {
      total.sites++;
      const result = bumpOne(ground, site);
      if (result.kind === 'refused') refused.set(result.reason, (refused.get(result.reason) ?? 0) + 1);
      else {
        total.edited++;
        if (result.compared) total.compared++;
        wrong.push(...result.wrong.map((text) => `${file.path} ${site.place} ${printImageRef(site.image)}: ${text}`));
      }
    }
  }
  return { files: files.length, ...total, refused, wrong };
}

/** One file before any edit. */
interface Ground {
  readonly file: SourceFile;
  readonly look: Look;
  /** As js-yaml reads it. */
  readonly tree: unknown;
  readonly paths: readonly string[];
  readonly known: ReadonlySet<string>;
}

type Result =
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'edited'; readonly compared: boolean; readonly wrong: readonly string[] };

/** The new reference has a digest where the old one has, so that none is left stale. */
function bumpOne({ file, look, tree, paths, known }: Ground, site: Site): Result {
  const { digest: old, ...name } = site.image;
  const ref: ImageRef = { ...name, tag: TAG, ...(old === undefined ? {} : { digest: DIGEST }) };
  const select = selectionOf(site);
  const images = [{ text: printImageRef(ref), ref }];
  const outcome = plan({ files: [file], paths }, { images, select, allowDowngrade: true });
  if (outcome.kind === 'refused') return { kind: 'refused', reason: outcome.problems[0]?.code ?? 'unknown' };
  if (outcome.kind !== 'change') return { kind: 'refused', reason: site.fixed === undefined ? outcome.kind : 'fixed' };
  const edited = outcome.files[0];
  if (edited === undefined || outcome.files.length !== 1) return edits(false, [`${outcome.files.length} files`]);
  const comparison = compareTrees(tree, read(edited.bytes), old !== undefined);
  const wrong = [
    ...bytesOutside(file, edited, outcome),
    ...imagesOf(look, lookInto(edited, known), ref),
    ...(comparison ?? []),
  ];
  return edits(comparison !== undefined, wrong);
}

const edits = (compared: boolean, wrong: readonly string[]): Result => ({ kind: 'edited', compared, wrong });

function selectionOf({ resource, container }: Site): Selection {
  const named = resource?.name === undefined ? [] : [{ kind: resource.kind, name: resource.name }];
  return { resources: named, containers: container === undefined ? [] : [container], markers: [] };
}

/** Every byte between the edits is as it was, and each edit touches one line or, within a string, one value. */
function bytesOutside(
  old: SourceFile,
  edited: SourceFile,
  { edits: planned }: Extract<Plan, { kind: 'change' }>,
): string[] {
  const [before, after] = [Buffer.from(old.bytes), Buffer.from(edited.bytes)];
  let [from, to] = [0, 0];
  for (const { start, end, replacement } of planned) {
    const kept = before.subarray(from, start);
    if (!after.subarray(to, to + kept.length).equals(kept)) return [`bytes before ${start} changed`];
    to += kept.length;
    const written = Buffer.from(replacement);
    if (!after.subarray(to, to + written.length).equals(written)) return [`${start} does not hold the new value`];
    to += written.length;
    from = end;
  }
  return after.subarray(to).equals(before.subarray(from)) ? [] : ['bytes after the last edit changed'];
}

/** The chosen image reads the new value somewhere, and each place reads the old or, of the same image, the new one. */
function imagesOf(before: Look, after: Look, wanted: ImageRef): string[] {
  if (before.kind !== 'sites' || after.kind !== 'sites') return ['cannot be read any more'];
  if (before.sites.length !== after.sites.length) return [`${before.sites.length} places became ${after.sites.length}`];
  const moved = after.sites.filter(({ image }, index) => {
    const old = before.sites[index]?.image;
    return old !== undefined && printImageRef(old) !== printImageRef(image);
  });
  const foreign = moved.filter(({ image }) => normaliseImageName(image) !== normaliseImageName(wanted));
  const half = moved.filter(({ image }) => image.tag !== wanted.tag || image.digest !== wanted.digest);
  return [
    ...(moved.length === 0 ? ['nothing reads the new value'] : []),
    ...foreign.map(({ place }) => `another image changed at ${place}`),
    ...half.map(({ place, image }) => `${place} reads ${printImageRef(image)}`),
  ];
}

/** @returns undefined where js-yaml does not read the file */
function compareTrees(old: unknown, edited: unknown, withDigest: boolean): string[] | undefined {
  if (old === undefined) return undefined;
  if (edited === undefined) return ['js-yaml does not read it any more'];
  const changed = differences(old, edited);
  const isNew = (value: unknown) =>
    typeof value === 'string' && (value.includes(TAG) || (withDigest && value.includes(DIGEST)));
  const strange = changed.filter(([, after]) => !isNew(after));
  return [
    ...(changed.length === 0 ? ['js-yaml sees no difference'] : []),
    ...strange.map(([before, after]) => `js-yaml: ${JSON.stringify(before)} became ${JSON.stringify(after)}`),
  ];
}

function read(bytes: Uint8Array): unknown {
  try {
    return loadAll(new TextDecoder().decode(bytes), undefined, { schema: CORE_SCHEMA });
  } catch {
    return undefined;
  }
}

type Difference = readonly [before: unknown, after: unknown];

function differences(before: unknown, after: unknown): readonly Difference[] {
  if (Object.is(before, after)) return [];
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null)
    return [[before, after]];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  const fieldOf = (object: object, key: string) => (object as Readonly<Record<string, unknown>>)[key];
  return [...keys].flatMap((key) => differences(fieldOf(before, key), fieldOf(after, key)));
}
