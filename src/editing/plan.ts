import { normaliseImageName } from '../image/image-ref.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import { type Decision, decide } from './decide.ts';
import { type EditedFile, editFile } from './edit-file.ts';
import { encryptedDocument, type Look, lookInto } from './look.ts';
import { matchSites, nearestTo } from './match.ts';
import type { EditRequest, Place, Plan, Survey } from './plan-types.ts';
import type { PlacedRefusal } from './refusal.ts';
import type { Site } from './site.ts';
import { placeOf } from './site-place.ts';
import { lineAt, type YamlFile } from './yaml-file.ts';

export interface PlanSnapshot {
  readonly files: readonly SourceFile[];
  /** Paths of every file in the tree, read or not. */
  readonly paths: readonly string[];
}

/** Text that a failed search reads again for names that come close; beyond it the list stays as good as it is. */
const NEAREST_BUDGET_BYTES = 16 * 1024 * 1024;

type SitesLook = Extract<Look, { kind: 'sites' }>;

/**
 * Decides what to write so that every use of the wanted images reads the wanted value, and proves each new file against that.
 * Pure: the same snapshot and request give the same plan. Either all of it can be written, or nothing.
 */
export function plan(snapshot: PlanSnapshot, request: EditRequest): Plan {
  const paths = new Set(snapshot.paths);
  const looks = snapshot.files.map((file) => lookInto(file, paths, request.images));
  const found = looks.filter((look) => look.kind === 'sites');
  const { matches, unmatched } = matchSites(
    found.flatMap(({ sites }) => sites),
    request.images,
    request.select,
  );
  const decisions = matches.map((match) => decide(match, request.allowDowngrade));
  const survey: Survey = {
    looked: {
      files: looks.length,
      parsed: found.length,
      images: found.reduce((sum, { sites }) => sum + sites.length, 0),
    },
    skipped: [
      ...looks.flatMap((look) => (look.kind === 'skipped' ? [look.skipped] : [])),
      ...decisions.flatMap((decision) => (decision.kind === 'skipped' ? [decision.skipped] : [])),
    ],
    unmatched: nameNearest(looks, snapshot, paths, unmatched),
  };
  const problems = looks.flatMap((look) => (look.kind === 'refused' ? [look.refusal] : []));
  return conclude(found, decisions, problems, survey);
}

function conclude(
  found: readonly SitesLook[],
  decisions: readonly Decision[],
  readProblems: readonly PlacedRefusal[],
  survey: Survey,
): Plan {
  const decided = decisions.filter((decision) => decision.kind === 'decided');
  const moving = decided.filter(({ changes }) => changes.length > 0);
  const files = found.flatMap((look) => {
    const own = moving.filter(({ match }) => match.site.document.file === look.file);
    return own.length === 0 ? [] : [editOrRefuse(look, own)];
  });
  const problems = [
    ...readProblems,
    ...decisions.flatMap((decision) => (decision.kind === 'refused' ? [decision.refusal] : [])),
    ...files.flatMap((file) => file.problems),
  ];
  if (problems.length > 0) return { kind: 'refused', problems: byPlace(problems), ...survey };
  const current = decided.filter(({ changes }) => changes.length === 0).map(({ match }) => placeOf(match.site));
  if (files.length > 0)
    return {
      kind: 'change',
      ...joinFiles(files),
      differing: differing(moving.map(({ match }) => match.site)),
      current,
      ...survey,
    };
  return decided.length === 0 ? { kind: 'no-match', ...survey } : { kind: 'nothing', places: current, ...survey };
}

function editOrRefuse(look: SitesLook, decisions: readonly Extract<Decision, { kind: 'decided' }>[]): EditedFile {
  const blocked = fileProblem(
    look.file,
    decisions.map(({ match }) => match.site),
  );
  if (blocked !== undefined) return { edits: [], file: undefined, shared: [], problems: [blocked] };
  return editFile(look.source, look.file, look.sites, decisions);
}

function fileProblem(file: YamlFile, sites: readonly Site[]): PlacedRefusal | undefined {
  const [first] = sites.map(placeOf);
  const place = { path: file.path, line: first?.line ?? 1 };
  if (encryptedDocument(file) !== undefined) {
    const reason = `holds ${first?.image ?? 'a wanted image'} and is encrypted by SOPS: any edit would break its checksum`;
    return { ...place, code: 'encrypted', reason, hint: 'Edit it with sops, or leave it out with files.' };
  }
  const duplicate = file.documents.flatMap(({ nodes }) => nodes.duplicateKeys)[0];
  if (duplicate === undefined) return undefined;
  const reason = `has the key ${JSON.stringify(duplicate.key)} twice in one map, so that readers disagree about its value`;
  return {
    path: file.path,
    line: lineAt(file.text, duplicate.offset),
    code: 'ambiguous',
    reason,
    hint: 'Remove one of the two.',
  };
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
  snapshot: PlanSnapshot,
  paths: ReadonlySet<string>,
  unmatched: ReturnType<typeof matchSites>['unmatched'],
): Survey['unmatched'] {
  const sites = unmatched.some(({ why }) => why === 'not-found') ? sitesOfAll(looks, snapshot, paths) : [];
  return unmatched.map(({ wanted, why }) => {
    return { wanted, why, nearest: why === 'not-found' ? nearestTo(wanted, sites) : [] };
  });
}

/** Files that named none of the wanted images were not parsed; what they hold instead is asked only when a search failed. */
function sitesOfAll(looks: readonly Look[], snapshot: PlanSnapshot, paths: ReadonlySet<string>): readonly Site[] {
  let budget = NEAREST_BUDGET_BYTES;
  return looks.flatMap((look, index) => {
    const file = snapshot.files[index];
    if (look.kind === 'sites') return look.sites;
    if (look.kind !== 'unrelated' || file === undefined) return [];
    budget -= file.bytes.length;
    const again = budget < 0 ? look : lookInto(file, paths);
    return again.kind === 'sites' ? again.sites : [];
  });
}

function byPlace(problems: readonly PlacedRefusal[]): readonly PlacedRefusal[] {
  return [...problems].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line));
}
