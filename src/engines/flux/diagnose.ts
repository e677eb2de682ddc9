import { type Json, text } from '../api/json.ts';
import type { Diagnosis, Target } from '../delivery-engine.ts';
import type { Cluster } from '../kubernetes-api/cluster.ts';
import { diagnoseObjects } from '../kubernetes-diagnosis/diagnose.ts';
import { objectHealth } from '../object-health/object-health.ts';
import { type FluxObject, nameOf, readFluxObject, words } from './flux-object.ts';
import { hintsOf } from './hints.ts';
import { judgedOf, reconcilersOf } from './inventory.ts';
import { needsOf } from './needs.ts';
import { readAround } from './read-around.ts';
import { shortRevision } from './revision.ts';
import { readSource } from './source.ts';
import { type ObjectName, objectOf } from './target-ref.ts';
import { find, type World } from './world.ts';

/** One screen and a few reads: objects that are looked at for being unhealthy, and those that are shown. */
const LOOKED_AT = 12;
const SHOWN = 5;

/** See `DeliveryEngine.diagnose`. Of what may not be read, the rest is told. */
export async function diagnose(cluster: Cluster, target: Target, signal: AbortSignal): Promise<Diagnosis> {
  const name = objectOf(target);
  const world = await readAround(cluster, name, signal).catch((): World => ({ objects: new Map(), places: new Map() }));
  const json = find(world, name);
  const object = json === undefined ? undefined : readFluxObject(json);
  const unhealthy = object === undefined ? [] : await unhealthyOf(cluster, object, signal);
  const objects = await diagnoseObjects(cluster, target, [named(name), ...unhealthy.map(named)], signal);
  if (object === undefined) return objects;
  const sections = [
    { title: 'Revisions', lines: revisionLines(object, name, world) },
    { title: 'Waits for', lines: dependencyLines(name, world) },
  ];
  return {
    target,
    sections: [...sections.filter(({ lines }) => lines.length > 0), ...objects.sections],
    hints: [...hintsOf(object, name, world), ...objects.hints],
  };
}

function named({ group, kind, namespace, name }: ObjectName) {
  return { group, kind, name, ...(namespace === '' ? {} : { namespace }) };
}

/** What it has applied and is not well; what its own words name comes first. */
async function unhealthyOf(cluster: Cluster, object: FluxObject, signal: AbortSignal): Promise<readonly ObjectName[]> {
  const said = object.ready?.message ?? '';
  const isSaid = ({ kind, name }: ObjectName) => said.includes(kind) && said.includes(`/${name}`);
  const all = [...judgedOf(object), ...reconcilersOf(object)];
  const ordered = [...all.filter(isSaid), ...all.filter((name) => !isSaid(name))].slice(0, LOOKED_AT);
  const read = await Promise.all(ordered.map(async (name) => ({ name, json: await readOne(cluster, name, signal) })));
  return read
    .filter(({ json }) => json !== undefined && isUnhealthy(json))
    .map(({ name }) => name)
    .slice(0, SHOWN);
}

async function readOne(cluster: Cluster, name: ObjectName, signal: AbortSignal): Promise<Json | undefined> {
  const types = await cluster.resources(name.group, signal).catch(() => []);
  const type = types.find(({ kind }) => kind === name.kind);
  if (type === undefined) return undefined;
  const key = type.namespaced ? { namespace: name.namespace, name: name.name } : { name: name.name };
  const reading = await cluster.get(type, key, signal).catch(() => undefined);
  return reading?.kind === 'found' ? { kind: name.kind, ...reading.value } : undefined;
}

function isUnhealthy(object: Json): boolean {
  const { health } = objectHealth(object);
  return health !== 'healthy' && health !== 'none';
}

function revisionLines({ status }: FluxObject, name: ObjectName, world: World): readonly string[] {
  const sources = needsOf(name, world).origin.flatMap((one) => {
    const source = readSource(world, one);
    return source?.artifact === undefined ? [] : [`${nameOf(source)} has ${shortRevision(source.artifact.revision)}`];
  });
  const { lastAttemptedRevision, lastAppliedRevision } = status;
  const [attempted, applied] = [text(lastAttemptedRevision), text(lastAppliedRevision)];
  return [
    ...sources,
    ...(attempted === undefined ? [] : [`last attempted: ${shortRevision(attempted)}`]),
    ...(applied === undefined ? [] : [`last applied: ${shortRevision(applied)}`]),
  ];
}

function dependencyLines(name: ObjectName, world: World): readonly string[] {
  return needsOf(name, world).dependencies.map((one) => {
    const json = find(world, one);
    if (json === undefined) return `${nameOf(one)}: it is not there, or may not be read`;
    const { ready, suspended } = readFluxObject(json);
    const state = ready === undefined ? 'no status yet' : `Ready=${ready.status}: ${words(ready)}`;
    return `${nameOf(one)}: ${suspended ? 'suspended' : state}`;
  });
}
