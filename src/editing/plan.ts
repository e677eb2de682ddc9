import { normaliseImageName, printImageName, printImageRef } from '../image/image-ref.ts';
import { isKustomizationFile } from '../manifests/file-names.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import { createEntries } from './create-entries.ts';
import { type Decision, decide } from './decide.ts';
import { type EditedFile, editFile } from './edit-file.ts';
import { encryptedDocument, type Look, lookInto, type SitesLook } from './look.ts';
import { matchSites, nearestTo } from './match.ts';
import type { EditRequest, Place, Plan, Survey } from './plan-types.ts';
import type { PlacedRefusal } from './refusal.ts';
import { decideSet, type SetOutcome } from './set-write.ts';
import type { Site } from './site.ts';
import { placeOf } from './site-place.ts';
import { type Write, writeSlot } from './write.ts';
import { lineIn, outermost, type YamlDocument, type YamlFile } from './yaml-file.ts';

export interface PlanSnapshot {
  readonly files: readonly SourceFile[];
  /** Paths of every file in the tree, read or not. */
  readonly paths: readonly string[];
}

/** Text that a failed search reads again for names that come close; beyond it the list stays as good as it is. */
const NEAREST_BUDGET_BYTES = 16 * 1024 * 1024;

/** Everything that was decided, before any of it is written. */
interface Decided {
  readonly looks: readonly Look[];
  readonly decisions: readonly Decision[];
  readonly sets: readonly SetOutcome[];
  readonly created: ReturnType<typeof createEntries>;
}

/**
 * Decides what to write so that every use of the wanted images reads the wanted value, and every `set` its own, and proves
 * each new file against that. Pure: the same snapshot and request give the same plan. Either all of it can be written, or
 * nothing.
 */
export function plan(snapshot: PlanSnapshot, request: EditRequest): Plan {
  const { images, select, allowDowngrade, sets = [], createMissing = false } = request;
  const paths = new Set(snapshot.paths);
  const all = lookAround(snapshot, request, paths);
  const looks = snapshot.files.flatMap(({ path }) => (request.within?.(path) === false ? [] : (all.get(path) ?? [])));
  const found = looks.filter((look) => look.kind === 'sites');
  const matching = matchSites(
    found.flatMap(({ sites }) => sites),
    images,
    select,
  );
  const missing = matching.unmatched.filter(({ why }) => createMissing && why === 'not-found');
  const created = createEntries(
    missing.map(({ wanted }) => wanted),
    found,
  );
  const decisions = matching.matches.map((match) => decide(match, allowDowngrade));
  const unmatched = matching.unmatched.filter(({ wanted }) => !created.images.has(wanted));
  const survey = surveyOf(looks, decisions, nameNearest(looks, paths, unmatched));
  const outcomes = sets.map((wish) => decideSet(wish, all.get(wish.path), createMissing));
  return conclude({ looks: [...all.values()], decisions, sets: outcomes, created }, survey);
}

/** Only files that can hold a wanted image are parsed, and those that a `set` or a new entry may go to. */
function lookAround(
  { files }: PlanSnapshot,
  request: EditRequest,
  paths: ReadonlySet<string>,
): ReadonlyMap<string, Look> {
  const named = new Set(request.sets?.map(({ path }) => path));
  const isWhole = (path: string) => named.has(path) || (request.createMissing === true && isKustomizationFile(path));
  const wanted = files.filter(({ path }) => named.has(path) || request.within?.(path) !== false);
  return new Map(wanted.map((file) => [file.path, lookInto(file, paths, request.images, isWhole(file.path))]));
}

function surveyOf(looks: readonly Look[], decisions: readonly Decision[], unmatched: Survey['unmatched']): Survey {
  const found = looks.filter((look) => look.kind === 'sites');
  const passedOver = [...looks, ...found.flatMap(({ unread }) => unread)];
  return {
    looked: {
      files: looks.length,
      parsed: found.length,
      images: found.reduce((sum, { sites }) => sum + sites.length, 0),
    },
    skipped: [
      ...passedOver.flatMap((look) => (look.kind === 'skipped' ? [look.skipped] : [])),
      ...decisions.flatMap((decision) => (decision.kind === 'skipped' ? [decision.skipped] : [])),
    ],
    unmatched,
  };
}

function conclude({ looks, decisions, sets, created }: Decided, survey: Survey): Plan {
  const decided = decisions.filter((decision) => decision.kind === 'decided');
  const moving = decided.filter(({ changes }) => changes.length > 0);
  const writes = [
    ...moving.flatMap(writesOf),
    ...sets.flatMap((set) => (set.kind === 'write' ? [set.write] : [])),
    ...created.writes,
  ];
  const found = looks.filter((look) => look.kind === 'sites');
  const files = found.flatMap((look) => {
    const own = writes.filter(({ document }) => outermost(document.file) === look.file);
    return own.length === 0 ? [] : [editOrRefuse(look, own)];
  });
  const passedOver = [...looks, ...found.flatMap(({ unread }) => unread)];
  const problems = [
    ...passedOver.flatMap((look) => (look.kind === 'refused' ? [look.refusal] : [])),
    ...[...decisions, ...sets].flatMap((outcome) => (outcome.kind === 'refused' ? [outcome.refusal] : [])),
    ...created.problems,
    ...files.flatMap((file) => file.problems),
  ];
  if (problems.length > 0) return { kind: 'refused', problems: byPlace([...new Set(problems)]), ...survey };
  const current = [
    ...decided.filter(({ changes }) => changes.length === 0).map(({ match }) => placeOf(match.site)),
    ...sets.flatMap((set) => (set.kind === 'current' ? [set.place] : [])),
  ];
  if (files.length > 0)
    return {
      kind: 'change',
      ...joinFiles(files),
      differing: differing(moving.map(({ match }) => match.site)),
      current,
      ...survey,
    };
  return current.length === 0 ? { kind: 'no-match', ...survey } : { kind: 'nothing', places: current, ...survey };
}

function writesOf({ match, changes, image }: Extract<Decision, { kind: 'decided' }>): readonly Write[] {
  const { site, wanted } = match;
  const written = { name: printImageName(wanted.ref), before: site.image, after: image };
  return changes.map((change) => writeSlot(site.document, change, { wish: wanted.text, site, image: written }));
}

function editOrRefuse(look: SitesLook, writes: readonly Write[]): EditedFile {
  const blocked = fileProblem(look.file, writes);
  if (blocked !== undefined) return { edits: [], file: undefined, shared: [], problems: [blocked] };
  return editFile(look.source, look.file, look.sites, writes);
}

function fileProblem(file: YamlFile, writes: readonly Write[]): PlacedRefusal | undefined {
  const [first] = writes;
  const held = first?.image === undefined ? (first?.place ?? '') : printImageRef(first.image.before);
  if (encryptedDocument(file) !== undefined) {
    const reason = `holds ${held} and is encrypted by SOPS: any edit would break its checksum`;
    const hint = 'Edit it with sops, or leave it out with files.';
    return { path: file.path, line: first?.line ?? 1, code: 'encrypted', reason, hint };
  }
  const documents = new Set([...file.documents, ...writes.map(({ document }) => document)]);
  const [duplicate] = [...documents].flatMap(duplicatesIn);
  if (duplicate === undefined) return undefined;
  const reason = `has the key ${JSON.stringify(duplicate.key)} twice in one map, so that readers disagree about its value`;
  return { path: file.path, line: duplicate.line, code: 'ambiguous', reason, hint: 'Remove one of the two.' };
}

function duplicatesIn({ file, nodes }: YamlDocument) {
  return nodes.duplicateKeys.map(({ key, offset }) => ({ key, line: lineIn(file, offset) }));
}

function joinFiles(files: readonly EditedFile[]) {
  return {
    edits: files.flatMap(({ edits }) => edits),
    files: files.flatMap(({ file }) => (file === undefined ? [] : [file])),
    shared: files.flatMap(({ shared }) => shared),
  };
}

/** Of every image, the places whose value is not the one that most places have. */
function differing(sites: readonly Site[]): readonly Place[] {
  const groups = Map.groupBy(sites, (site) => normaliseImageName(site.image));
  return [...groups.values()].flatMap((group) => {
    const versions = Map.groupBy(group, ({ image }) => `${image.tag ?? ''}@${image.digest ?? ''}`);
    const [usual] = [...versions.values()].sort((a, b) => b.length - a.length);
    return group.filter((site) => !usual?.includes(site)).map(placeOf);
  });
}

function nameNearest(
  looks: readonly Look[],
  paths: ReadonlySet<string>,
  unmatched: ReturnType<typeof matchSites>['unmatched'],
): Survey['unmatched'] {
  const sites = unmatched.some(({ why }) => why === 'not-found') ? sitesOfAll(looks, paths) : [];
  return unmatched.map(({ wanted, why }) => {
    return { wanted, why, nearest: why === 'not-found' ? nearestTo(wanted, sites) : [] };
  });
}

/** Files that named none of the wanted images were not parsed; what they hold instead is asked only when a search failed. */
function sitesOfAll(looks: readonly Look[], paths: ReadonlySet<string>): readonly Site[] {
  let budget = NEAREST_BUDGET_BYTES;
  return looks.flatMap((look) => {
    if (look.kind === 'sites') return look.sites;
    if (look.kind !== 'unrelated') return [];
    budget -= look.source.bytes.length;
    const again = budget < 0 ? look : lookInto(look.source, paths);
    return again.kind === 'sites' ? again.sites : [];
  });
}

function byPlace(problems: readonly PlacedRefusal[]): readonly PlacedRefusal[] {
  return [...problems].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line));
}
