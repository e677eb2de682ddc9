import { ToolError } from '../../errors.ts';
import { type Json, list, record, text, texts } from '../api/json.ts';
import type { DiscoverQuery, Target } from '../delivery-engine.ts';
import type { Cluster } from '../kubernetes-api/cluster.ts';
import { keyOf } from '../kubernetes-api/objects.ts';
import { type FluxObject, nameOf, readFluxObject } from './flux-object.ts';
import { GIT_REPOSITORY, HELM_RELEASE, type Kind, KUSTOMIZATION } from './kinds.ts';
import { cleanPath, isUnder } from './repository-paths.ts';
import { readSource, referenced, type Source } from './source.ts';
import { followedBy } from './sources.ts';
import { fluxTarget } from './target-ref.ts';
import { objectKey, type World } from './world.ts';

/** Candidates that are named when nothing matches. */
const NAMED = 8;

/** What takes its files from a Git repository, and where from. */
interface User {
  readonly object: FluxObject;
  readonly source: Source;
  /** Folders and files of the repository. */
  readonly paths: readonly string[];
}

export interface Discovered {
  readonly targets: readonly Target[];
  /** Names of those HelmReleases whose chart itself has changed. */
  readonly charts: readonly string[];
}

/**
 * See `DeliveryEngine.discover`. Files that a kustomization takes from outside of its folder are not known of.
 * @throws ToolError missing, denied, temporary, protocol
 */
export async function discover(
  cluster: Cluster,
  query: DiscoverQuery,
  normalise: (url: string) => string,
  signal: AbortSignal,
): Promise<Discovered> {
  const [kustomizations, releases, repositories] = await Promise.all(
    [KUSTOMIZATION, HELM_RELEASE, GIT_REPOSITORY].map((kind) => listAll(cluster, kind, signal)),
  );
  const world = worldOf(repositories ?? []);
  const users = [...(kustomizations ?? []), ...(releases ?? [])].flatMap((json) => userOf(readFluxObject(json), world));
  const matching = users.filter((user) => isFrom(user, query, normalise) && covers(user, query));
  if (matching.length === 0) throw noMatch(users, query, normalise, cluster.location);
  const targets = matching.map(({ object: { kind, namespace, name } }) => fluxTarget(kind, namespace, name));
  const changed = query.changedFiles.length === 0 ? [] : targets.filter(({ kind }) => kind === 'HelmRelease');
  return { targets, charts: changed.map(({ name }) => name) };
}

/** In all namespaces, or where that is not allowed in the one of the context. */
async function listAll(cluster: Cluster, { group, kind }: Kind, signal: AbortSignal): Promise<readonly Json[]> {
  const type = (await cluster.resources(group, signal)).find((one) => one.kind === kind);
  if (type === undefined) return [];
  const everywhere = await cluster.list({ type }, signal);
  const reading =
    everywhere.kind === 'forbidden' ? await cluster.list({ type, namespace: cluster.namespace }, signal) : everywhere;
  if (reading.kind === 'found') return reading.value.items.map((item) => ({ ...item, kind }));
  if (reading.kind === 'absent') return [];
  throw new ToolError('denied', `${cluster.location} does not list ${kind}: ${reading.message}`, {
    hint: `Name the targets, or give the right to list ${type.plural}.${group} in the namespace ${cluster.namespace}.`,
  });
}

function worldOf(repositories: readonly Json[]): World {
  const named = repositories.map((object): [string, Json] => {
    const { namespace = '', name } = keyOf(object);
    return [objectKey({ ...GIT_REPOSITORY, namespace, name }), object];
  });
  return { objects: new Map(named), places: new Map() };
}

function userOf(object: FluxObject, world: World): readonly User[] {
  const chart = record(record(object.spec.chart).spec);
  const isRelease = object.kind === 'HelmRelease';
  const name = referenced(isRelease ? chart.sourceRef : object.spec.sourceRef, object.namespace);
  const source = name === undefined ? undefined : readSource(world, name);
  if (source === undefined) return [];
  const path = cleanPath(text(isRelease ? chart.chart : object.spec.path) ?? '');
  const others = isRelease ? texts(chart.valuesFiles).map(cleanPath) : components(object, path);
  return [{ object, source, paths: [path, ...others] }];
}

/** https://fluxcd.io/flux/components/kustomize/kustomizations/#components */
function components({ spec }: FluxObject, path: string): readonly string[] {
  return list(spec.components).flatMap((component) => {
    const folder = text(component);
    return folder === undefined ? [] : [cleanPath(`${path}/${folder}`)];
  });
}

function isFrom({ source }: User, { repository, branch }: DiscoverQuery, normalise: (url: string) => string): boolean {
  if (normalise(source.url) !== repository) return false;
  const followed = followedBy(source).replace(/^refs\/heads\//, '');
  return branch === undefined ? !/^[0-9a-f]{40}$/.test(followed) : followed === branch;
}

function covers({ paths }: User, { changedFiles }: DiscoverQuery): boolean {
  if (changedFiles.length === 0) return true;
  return isUnder(paths, changedFiles);
}

function noMatch(
  users: readonly User[],
  query: DiscoverQuery,
  normalise: (url: string) => string,
  location: string,
): ToolError {
  const { branch: _, ...anyBranch } = query;
  const onBranch = users.filter((user) => isFrom(user, query, normalise));
  const onRepository = users.filter((user) => isFrom(user, anyBranch, normalise));
  const [nearest, why] =
    onBranch.length > 0
      ? [onBranch, 'follow it, and use none of the changed files']
      : onRepository.length > 0
        ? [onRepository, 'use that repository, and follow another branch']
        : [users, 'can be read, and use other repositories'];
  const place = query.branch === undefined ? query.repository : `${query.repository}, branch ${query.branch}`;
  const names = nearest.slice(0, NAMED).map(({ object }) => nameOf(object));
  const rest = nearest.length > NAMED ? ` and ${nearest.length - NAMED} more` : '';
  return new ToolError('missing', `No Kustomization and no HelmRelease was found for ${place}`, {
    hint:
      nearest.length === 0
        ? `None that is made of a Git repository can be read at ${location}.`
        : `Name the targets. These ${why}: ${names.join(', ')}${rest}.`,
  });
}
