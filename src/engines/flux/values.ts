import { type Json, list, record, text } from '../api/json.ts';
import { isOlder, resourceVersionOf } from '../kubernetes-api/objects.ts';
import type { Memory } from './finding.ts';
import { type FluxObject, nameOf, readFluxObject } from './flux-object.ts';
import { inventoryOf } from './inventory.ts';
import { HELM_RELEASE, KUSTOMIZATION } from './kinds.ts';
import { REQUESTED_AT } from './nudge.ts';
import { broughtBy, isFromWanted, ownerOf } from './owner.ts';
import { holdsWanted, type Scene } from './relating.ts';
import type { ObjectName } from './target-ref.ts';
import { find, objectKey, stateOf, type World } from './world.ts';

/** Values that a release is not known to have read since they were applied. */
export interface Unread {
  readonly reason: string;
  /** It may be asked to look now: no pass is under way that a request could end. */
  readonly ask: boolean;
  /** A failure is that of the wanted revision all the same. */
  readonly attributable: boolean;
}

export interface ValuesReading {
  readonly memory: Memory;
  /** Absent where it has read them, or takes none that could have changed. */
  readonly unread?: Unread;
  /** Only by then is it known to have read them, milliseconds since 1970 by the server's clock. */
  readonly since?: number;
}

type Known = NonNullable<Memory['values']>;

/**
 * Whether a release has read what `valuesFrom` points to since the wanted revision of it was applied. A change of a ConfigMap
 * or a Secret moves no generation, and a release takes it up in its next pass. That has begun afterwards when it handles a
 * request that was made afterwards, or when it was seen to begin after a moment of rest.
 * https://fluxcd.io/flux/components/helm/helmreleases/#values-references
 */
export function readValues(object: FluxObject, before: Memory, scene: Scene): ValuesReading {
  const names = valuesNames(object);
  const bringers = names.length === 0 ? [] : bringersOf(names, scene.world);
  const { values, valuesBefore, ...rest } = before;
  const late = bringers.find((one) => isLate(one, object, scene));
  if (late !== undefined) {
    const reason = `takes values that ${nameOf(late)} brings, which has not applied the wanted revision yet`;
    return { memory: rest, unread: { reason: `${nameOf(object)} ${reason}`, ask: false, attributable: false } };
  }
  const brought = (one: FluxObject) =>
    broughtBy(one, scene, isOwner(one, object) ? before.checked?.revision : undefined);
  const bringer = bringers.find((one) => holdsWanted(scene, brought(one)));
  if (bringer === undefined) return { memory: { ...rest, valuesBefore: noteBefore(object) } };
  const known = advance(values ?? { since: scene.now }, object, scene);
  const memory = { ...rest, values: known, ...(valuesBefore === undefined ? {} : { valuesBefore }) };
  if (known.read !== undefined) return { memory, ...known.read };
  if (names.length === 1 && tookOthers(object, memory))
    return { memory: { ...memory, values: { ...known, read: {} } } };
  return { memory, unread: unread(object, bringer, memory, known) };
}

function noteBefore(object: FluxObject): NonNullable<Memory['valuesBefore']> {
  const { generation, status } = object;
  const digest = isIdle(object) ? text(status.lastAttemptedConfigDigest) : undefined;
  return digest === undefined ? { generation } : { generation, digest };
}

/**
 * Where Flux is told to watch the object, a pass begins as soon as that changes, and may be over before anybody knows that the
 * commit was applied. It has tried other values than there were at rest before. Of several objects it may have read some only.
 */
function tookOthers(object: FluxObject, { unasked, valuesBefore }: Memory): boolean {
  const digest = text(object.status.lastAttemptedConfigDigest);
  const isOther = valuesBefore?.digest !== undefined && digest !== undefined && digest !== valuesBefore.digest;
  return unasked !== undefined && isOther && isIdle(object);
}

/** They are in the namespace of the release. */
function valuesNames({ spec, namespace }: FluxObject): readonly ObjectName[] {
  return list(spec.valuesFrom).flatMap((reference) => {
    const { kind, name } = record(reference);
    const called = text(name);
    if ((kind !== 'ConfigMap' && kind !== 'Secret') || called === undefined) return [];
    return [{ group: '', kind, namespace, name: called }];
  });
}

/** Kustomizations that are known, and that apply one of these objects. */
export function valuesBringers(object: FluxObject, world: World): readonly ObjectName[] {
  const names = valuesNames(object);
  return names.length === 0 ? [] : bringersOf(names, world).map((one) => ({ ...KUSTOMIZATION, ...placeOf(one) }));
}

function bringersOf(names: readonly ObjectName[], { objects }: World): readonly FluxObject[] {
  const keys = names.map(objectKey);
  return [...objects.values()].flatMap((json) => {
    if (json.kind !== KUSTOMIZATION.kind) return [];
    const held = valuesIn(json);
    return keys.some((key) => held.has(key)) ? [readFluxObject(json)] : [];
  });
}

/** An inventory is looked at for each release that takes values. */
const held = new WeakMap<Json, ReadonlySet<string>>();

function valuesIn(json: Json): ReadonlySet<string> {
  const known = held.get(json);
  if (known !== undefined) return known;
  const entries = inventoryOf(readFluxObject(json)).filter(({ group }) => group === '');
  const keys = new Set(entries.map(objectKey));
  held.set(json, keys);
  return keys;
}

function placeOf({ namespace, name }: FluxObject): Pick<ObjectName, 'namespace' | 'name'> {
  return { namespace, name };
}

function isOwner(bringer: FluxObject, object: FluxObject): boolean {
  const owner = ownerOf(object);
  return owner?.namespace === bringer.namespace && owner.name === bringer.name;
}

/** That the one which applies the release is late is known from the release itself. */
function isLate(bringer: FluxObject, object: FluxObject, scene: Scene): boolean {
  return !isOwner(bringer, object) && isFromWanted(bringer, scene) && !holdsWanted(scene, broughtBy(bringer, scene));
}

/** What one more look tells. */
function advance(known: Known, object: FluxObject, scene: Scene): Known {
  const name = { ...HELM_RELEASE, ...placeOf(object) };
  const json = find(scene.world, name) ?? {};
  const isStale = known.request !== undefined && isOlder(resourceVersionOf(json), known.request);
  if (known.read !== undefined || isStale) return known;
  const isResting = isIdle(object);
  if (known.begun === true && isResting) return { ...known, read: {} };
  const { serverNow } = scene;
  if (isHandled(known, json) && isResting) {
    return { ...known, read: serverNow === undefined ? {} : { since: serverNow } };
  }
  if (known.rested === true) return isResting ? known : { ...known, begun: true };
  // What a watch has brought may be older than what another watch has told of the values.
  const { readSince = Number.NEGATIVE_INFINITY } = stateOf(scene.world, name);
  return isResting && readSince >= known.since ? { ...known, rested: true } : known;
}

/** Between two passes; until its next try that is marked, too. */
function isIdle({ reconciling }: FluxObject): boolean {
  return reconciling === undefined || reconciling.reason === 'ProgressingWithRetry';
}

/**
 * A pass handles the request that it has found at its begin
 * (https://github.com/fluxcd/helm-controller/blob/main/internal/controller/helmrelease_controller.go). A later request of
 * somebody else takes the place of ours, and is as good.
 */
function isHandled({ request }: Known, json: Json): boolean {
  const asked = text(record(record(json.metadata).annotations)[REQUESTED_AT]);
  return request !== undefined && asked !== undefined && record(json.status).lastHandledReconcileAt === asked;
}

function unread(object: FluxObject, bringer: FluxObject, memory: Memory, known: Known): Unread {
  const { unasked, valuesBefore } = memory;
  const hasMoved = valuesBefore !== undefined && valuesBefore.generation !== object.generation;
  const how =
    unasked === undefined ? '' : `; ${unasked}, so that it does so after its own interval, or when somebody asks`;
  return {
    reason: `${nameOf(object)} has not been seen to read the values that ${nameOf(bringer)} has applied${how}`,
    ask: unasked === undefined && isIdle(object),
    attributable: known.begun === true || hasMoved || unasked !== undefined,
  };
}

/** What a request that was made tells: none was under way, so that whatever pass comes has begun afterwards. */
export function afterRequest(memory: Memory, answer: Json): Memory {
  const { values } = memory;
  if (values === undefined) return memory;
  const rested = values.rested === true || isIdle(readFluxObject(answer));
  return { ...memory, values: { ...values, rested, request: resourceVersionOf(answer) } };
}
