import type { Host } from '../host.ts';
import { directoryName } from '../manifests/file-names.ts';
import { LIMITS } from '../manifests/limits.ts';
import { createYamlReader } from '../manifests/read-yaml.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import type { KustomizationFile } from '../validation/file-graph.ts';
import type { Repository } from '../validation/manifest-set.ts';
import { readFileGraph, readKustomizations } from '../validation/read-file-graph.ts';
import { type Declared, identityOf } from './declared.ts';
import { createObjectIndex } from './object-index.ts';
import { isDeclaration, plan, RENDER_KINDS, type RenderKind } from './plan.ts';
import { declaredOf, type RawObject, readRawObjects } from './raw-objects.ts';
import { renderUnit } from './render-unit.ts';
import { chartFiles, chartUnit, claimsOf, kustomizeRoots, rootUnit } from './roots.ts';
import type { Shop } from './shop.ts';
import { originDocument } from './source-place.ts';
import { createSourceTree, type SourceTree } from './source-tree.ts';
import type { Place, RenderedObject, RenderedUnit, Undone, Unit } from './unit.ts';
import { openWorkshop, type Workshop } from './workshop.ts';
import { contentLine, printJson } from './yaml-values.ts';

export interface RenderRequest {
  /** The manifests that were found: what is rendered is declared in them; the rest is read when it is needed. */
  readonly files: readonly SourceFile[];
  readonly repository: Repository | undefined;
  readonly kinds: ReadonlySet<RenderKind>;
  /** Such as `1.34`. */
  readonly kubernetesVersion: string;
}

export interface Rendered {
  readonly units: readonly RenderedUnit[];
  /** What is declared and cannot be rendered. */
  readonly undone: readonly Undone[];
  /** The programs that took part, by name with their version. */
  readonly programs: ReadonlyMap<string, string>;
}

/** What several declarations bring forth of each other: as deep as people nest them, and as many as one run can bear. */
const MOST_GENERATIONS = 8;
const MOST_UNITS = 3_000;
const AT_ONCE = 3;

/**
 * Renders what the files declare, and what that declares in turn: kustomizations that nobody includes, charts, and what
 * Kustomizations and HelmReleases of Flux and Applications of Argo CD deploy from this repository. Nothing is fetched; what
 * would have to be is named in `undone`, or refused. Programs work on a temporary copy.
 * @throws ToolError io; and the signal's reason
 */
export async function render(host: Host, request: RenderRequest): Promise<Rendered> {
  const workshop = await openWorkshop(host);
  try {
    return await renderIn(host, request, workshop);
  } finally {
    await workshop.close();
  }
}

/** The kinds of a list of words, where `auto` stands for all. */
export function renderKinds(words: readonly string[]): ReadonlySet<RenderKind> {
  const all = words.includes('auto');
  return new Set(RENDER_KINDS.filter((kind) => all || words.includes(kind)));
}

async function renderIn(host: Host, request: RenderRequest, workshop: Workshop): Promise<Rendered> {
  const { files, repository, kinds } = request;
  const reader = createYamlReader(LIMITS.depth);
  const kustomizations = readKustomizations(files, reader);
  const graph = readFileGraph(kustomizations, files, reader);
  const tree = createSourceTree(host, repository?.prefix ?? '');
  const raw = readRawObjects(files, graph);
  const shop: Shop = { host, tree, workshop, kubernetesVersion: request.kubernetesVersion };
  const index = createObjectIndex(raw);
  const run = createRun(shop, { tree, repository, findObject: index.find, listObjects: index.list }, kinds, index.add);

  const declarations = raw.filter((object) => isDeclaration(object, kinds));
  const claims = claimsOf(declarations, tree, graph);
  const roots = kinds.has('kustomize') ? kustomizeRoots(kustomizations, graph) : [];
  const isClaimed = (path: string) => claims.some((claim) => claim.covers(path));
  const free = roots.filter(({ path }) => !isClaimed(path));
  const isBuilt = (path: string) => graph.isResource(path);
  const isEntry = (object: RawObject) =>
    !isBuilt(object.path) && !claims.some(({ by, covers }) => by !== object && covers(object.path));

  const unbuilt = (candidates: readonly KustomizationFile[]) => {
    const built = run.folders();
    return candidates.filter(({ path }) => !built.has(directoryName(path))).map(rootUnit);
  };
  await run.wave(declarations.filter(isEntry).map(declaredOf), []);
  await run.wave([], unbuilt(free));
  await run.wave(declarations.filter((object) => !run.hasSeen(object)).map(declaredOf), []);
  await run.wave([], unbuilt(roots));
  if (kinds.has('helm')) await run.wave([], chartFiles(files.map(({ path }) => path)).map(chartUnit));
  return { units: run.units, undone: run.undone, programs: workshop.used };
}

interface Run {
  readonly units: readonly RenderedUnit[];
  readonly undone: readonly Undone[];
  /** Renders these, then what they bring forth, and so on. */
  wave(declared: readonly Declared[], units: readonly Unit[]): Promise<void>;
  /** True where the object came out of a unit, or was planned itself. */
  hasSeen(object: RawObject): boolean;
  /** The folders that kustomize built or was to build, on their own or below others. */
  folders(): ReadonlySet<string>;
}

function createRun(
  shop: Shop,
  around: Parameters<typeof plan>[1],
  kinds: ReadonlySet<RenderKind>,
  note: (object: RenderedObject) => void,
): Run {
  const units: RenderedUnit[] = [];
  const undone: Undone[] = [];
  const seen = new Set<string>();
  const planned = new Set<string>();
  const places = (path: string, kind: string, name: string) => JSON.stringify([path, kind, name]);
  const declare = async (declared: Declared): Promise<readonly Unit[]> => {
    seen.add(places(declared.place.path, declared.kind, declared.name));
    const key = printJson([declared.value, declared.place.path]);
    if (planned.has(key) || declared.ancestors.length > MOST_GENERATIONS) return [];
    planned.add(key);
    const made = await plan(declared, around);
    undone.push(...made.undone);
    return made.units;
  };
  return {
    units,
    undone,
    hasSeen: ({ path, kind, name }) => seen.has(places(path, kind, name)),
    folders: () =>
      new Set(
        units.flatMap(({ unit: { recipe }, kustomizations }) => [
          ...(recipe.kind === 'kustomize' ? [recipe.folder] : []),
          ...kustomizations.keys(),
        ]),
      ),
    async wave(declared, more) {
      let next: readonly Declared[] = declared;
      let ready: readonly Unit[] = more;
      while (next.length > 0 || ready.length > 0) {
        for (const declaration of next) ready = [...ready, ...(await declare(declaration))];
        const rendered = await renderAll(shop, ready.slice(0, Math.max(0, MOST_UNITS - units.length)));
        for (const unit of ready.slice(rendered.length)) undone.push(tooMany(unit));
        units.push(...rendered);
        for (const { outcome } of rendered) if (outcome.state === 'rendered') outcome.objects.forEach(note);
        next = (await Promise.all(rendered.map((unit) => declarationsIn(unit, kinds, shop)))).flat();
        ready = [];
      }
    },
  };
}

function tooMany({ name, place }: Unit): Undone {
  return { name, place, reason: `there are more than ${MOST_UNITS} of them` };
}

/** What a unit declares; itself and what it comes from are left out. */
async function declarationsIn(
  { unit, outcome }: RenderedUnit,
  kinds: ReadonlySet<RenderKind>,
  { tree }: Shop,
): Promise<readonly Declared[]> {
  const found: Declared[] = [];
  for (const object of outcome.state === 'rendered' ? outcome.objects : []) {
    const { apiVersion, kind, name = '', namespace } = object.resource;
    const isOwn = unit.ancestors.includes(identityOf({ kind, namespace, name }));
    if (!isDeclaration({ apiVersion, kind }, kinds) || isOwn) continue;
    const place = (await declarationPlace(object, tree)) ?? unit.place;
    found.push({ apiVersion, kind, name, namespace, value: object.value, place, ancestors: unit.ancestors });
  }
  return found;
}

async function declarationPlace(object: RenderedObject, tree: SourceTree): Promise<Place | undefined> {
  const { origin } = object;
  const bytes = origin === undefined ? undefined : await tree.read(origin.path);
  if (origin === undefined || bytes === undefined) return undefined;
  const text = new TextDecoder().decode(bytes);
  if (origin.made !== 'as it stands') return { path: origin.path, line: 1, column: 1 };
  const document = originDocument(text, object);
  return { path: origin.path, line: document === undefined ? 1 : contentLine(document), column: 1 };
}

async function renderAll(shop: Shop, units: readonly Unit[]): Promise<readonly RenderedUnit[]> {
  const results: RenderedUnit[] = [];
  const pending = units.entries();
  const work = async () => {
    for (const [index, unit] of pending) {
      shop.host.signal.throwIfAborted();
      results[index] = await renderUnit(shop, unit);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return results;
}
