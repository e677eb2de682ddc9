import { record, text, texts, time } from '../api/json.ts';
import type { Memory, Strand } from './finding.ts';
import { type FluxObject, isReadyNow, nameOf } from './flux-object.ts';
import { type Chart, isChart } from './helm-release-status.ts';
import { HELM_CHART, isReconciler } from './kinds.ts';
import { holdsWanted, type Scene } from './relating.ts';
import { cleanPath } from './repository-paths.ts';
import { shortRevision, told, unitOf } from './revision.ts';
import { readSource, referenced, type Source } from './source.ts';
import { type Taken, takenFrom } from './taken.ts';
import type { ObjectName } from './target-ref.ts';

/** Where the chart of a HelmRelease comes from. */
export interface ChartOrigin {
  /** The HelmChart or the OCIRepository that holds the chart. */
  readonly holder?: Source | undefined;
  /** What the chart is built from, where it is something else. */
  readonly source?: Source | undefined;
}

/** A HelmRelease with `spec.chart` has a HelmChart made for it, `<namespace>-<name>` in the namespace of the source. */
export function chartNames(object: FluxObject): { readonly holder: ObjectName; readonly source?: ObjectName } {
  const { spec, status, namespace, name } = object;
  const holder = referenced(spec.chartRef, namespace);
  if (holder !== undefined && !isReconciler(holder)) return { holder };
  const source = referenced(record(record(spec.chart).spec).sourceRef, namespace);
  const [place = source?.namespace ?? namespace, called = `${namespace}-${name}`] = (text(status.helmChart) ?? '')
    .split('/')
    .filter((part) => part !== '');
  return { holder: { ...HELM_CHART, namespace: place, name: called }, ...(source === undefined ? {} : { source }) };
}

export function chartOrigin(object: FluxObject, { world }: Scene): ChartOrigin {
  const names = chartNames(object);
  const holder = readSource(world, names.holder);
  const below = holder?.kind === 'HelmChart' ? referenced(holder.spec.sourceRef, holder.namespace) : undefined;
  const sourceName = names.source ?? below;
  return { holder, source: sourceName === undefined ? undefined : readSource(world, sourceName) };
}

export function chartOf({ holder }: ChartOrigin): Chart | undefined {
  const revision = holder?.artifact?.revision;
  if (holder === undefined || revision === undefined) return undefined;
  return { revision, digest: text(record(holder.status.artifact).digest) ?? revision };
}

/** The revision of the source that the chart was last built from, whether its version moved or not. */
function builtFrom({ holder }: ChartOrigin): string | undefined {
  return text(holder?.status.observedSourceArtifactRevision);
}

/**
 * The same while the artifact is the one that was built of it: Ready=True is written before the artifact is, and with the
 * Revision strategy the chart's version ends with the commit.
 */
function builtNow(origin: ChartOrigin): string | undefined {
  const { holder } = origin;
  const built = builtFrom(origin);
  if (holder === undefined || !isReadyNow(holder)) return undefined;
  const [, commit] = /:([0-9a-f]{12})[0-9a-f]*$/.exec(built ?? '') ?? [];
  const isByRevision = holder.spec.reconcileStrategy === 'Revision';
  const isWhole = !isByRevision || commit === undefined || holder.artifact?.revision.includes(commit) === true;
  return isWhole ? built : undefined;
}

/** How far the wanted revision has come through the chart; undefined where the chart is not made of it. */
export function chartStrand(
  object: FluxObject,
  origin: ChartOrigin,
  current: boolean,
  scene: Scene,
): Strand | undefined {
  const { wanted } = scene;
  const chart = chartOf(origin);
  if (unitOf(wanted.revision) !== 'commit') return chart && registryStrand(object, chart, current, wanted.revision);
  const source = madeOf(origin, scene);
  if (source === undefined) return undefined;
  const built = origin.source === undefined ? source.artifact?.revision : builtNow(origin);
  const commit = built === undefined ? undefined : told({ ...source.artifact, revision: built }, wanted.revision);
  const isTried = chart !== undefined && isChart(object, chart);
  return {
    seen: source.artifact === undefined ? undefined : told(source.artifact, wanted.revision),
    attempted: isTried ? commit : undefined,
    applied: isTried && current ? commit : undefined,
  };
}

/** What the chart was built of last, whether it is Ready or not; undefined while its release asks for another source. */
export function chartTaken(origin: ChartOrigin, { wanted }: Scene): Taken | undefined {
  const { holder, source } = origin;
  const built = builtFrom(origin);
  if (holder === undefined || source === undefined || built === undefined) return undefined;
  const name = referenced(holder.spec.sourceRef, holder.namespace);
  if (name === undefined || nameOf(name) !== nameOf(source)) return undefined;
  const artifact = source.artifact?.revision === built ? source.artifact : { revision: built };
  return takenFrom(source, holder, told(artifact, wanted.revision));
}

function registryStrand(object: FluxObject, chart: Chart, current: boolean, wanted: string): Strand {
  const { lastAttemptedRevision, lastAttemptedRevisionDigest } = object.status;
  const attempted = text(unitOf(wanted) === 'digest' ? lastAttemptedRevisionDigest : lastAttemptedRevision);
  const tried = attempted === undefined ? undefined : told({ revision: attempted }, wanted);
  return { seen: told(chart, wanted), attempted: tried, applied: current ? tried : undefined };
}

/** The source whose commits the chart shows, where that is the wanted repository. */
function madeOf({ holder, source = holder }: ChartOrigin, { wanted, normalise }: Scene): Source | undefined {
  if (source === undefined) return undefined;
  if (source.kind !== 'GitRepository') return source.artifact?.origin === undefined ? undefined : source;
  return wanted.repository === undefined || normalise(source.url) === wanted.repository ? source : undefined;
}

/**
 * Keeps whether the chart stayed as it was when it was last built: with `reconcileStrategy: ChartVersion` a commit that leaves
 * its version alone is never released. https://fluxcd.io/flux/components/source/helmcharts/#reconcile-strategy
 */
export function noteChart(origin: ChartOrigin, memory: Memory, scene: Scene): Memory {
  const chart = chartOf(origin);
  const source = builtFrom(origin);
  if (chart === undefined || source === undefined) return memory;
  const known = memory.chart;
  if (known?.source === source && known.digest === chart.digest) return memory;
  const unchanged = known === undefined ? isOlderThanSource(origin) : known.digest === chart.digest;
  const isMoved = !unchanged && holdsWanted(scene, told({ revision: source }, scene.wanted.revision));
  const moved = known?.moved === true || isMoved;
  // The built revision is written a moment before the artifact is.
  return { ...memory, chart: { source, digest: chart.digest, unchanged, ...(moved ? { moved } : {}) } };
}

/** Times of the same server, to the second. */
function isOlderThanSource({ holder, source }: ChartOrigin): boolean {
  const built = time(record(holder?.status.artifact).lastUpdateTime);
  const fetched = source?.artifact?.updatedAt;
  return built !== undefined && fetched !== undefined && built < fetched;
}

/** Folders and files of the source that the chart is built of. */
export function chartPaths({ holder }: ChartOrigin): readonly string[] {
  const { chart, valuesFiles } = holder?.spec ?? {};
  return [text(chart) ?? '', ...texts(valuesFiles)].map(cleanPath);
}

/** Why a revision is never released, and whether it is certain that no later one can be meant. */
export interface Unreleased {
  readonly reason: string;
  readonly certain: boolean;
}

/** Where the chart of the wanted revision keeps its version. */
export function neverReleased(origin: ChartOrigin, memory: Memory, scene: Scene): Unreleased | undefined {
  const { holder, source } = origin;
  const isByVersion = holder?.kind === 'HelmChart' && holder.spec.reconcileStrategy !== 'Revision';
  const built = builtFrom(origin);
  if (!isByVersion || source?.kind !== 'GitRepository' || built === undefined) return undefined;
  const commit = told({ revision: built }, scene.wanted.revision);
  const isBuilt = holder.ready?.status === 'True' && source.artifact?.revision === built && holdsWanted(scene, commit);
  if (!isBuilt || memory.chart?.unchanged !== true || memory.chart.moved === true) return undefined;
  const version = shortRevision(holder.artifact?.revision);
  const reason = `${nameOf(holder)} was built of ${shortRevision(commit)} and its version ${version} stays, so nothing is released: reconcileStrategy is ChartVersion`;
  return { reason, certain: scene.related(commit ?? '') === 'equal' };
}
