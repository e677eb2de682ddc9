import type { ResourceId } from '../../manifests/resource.ts';
import { checkObject, objectRules } from '../check-object.ts';
import { ownText, ownWord } from '../own-text.ts';
import type { ManifestObject, ObjectRule, RuleContext } from '../rules/rule.ts';
import { type Change, createStage, type Stage } from './changes.ts';
import type { Model } from './model.ts';
import { slotsRead } from './reads.ts';
import { fitsSlot, type SlotShape, slotShapeAt } from './slot-shape.ts';
import type { Twin } from './twins.ts';

/** What is known of an object beside its text. */
export type Situation = Required<Pick<ManifestObject, 'complete' | 'kustomized'>>;

/** What was found out about models in one run. */
export interface Proofs {
  /** What the object of a twin is, if nothing is wrong in it; undefined where that has to be looked at. */
  cleanObject(twin: Twin, situation: Situation): ResourceId | undefined;
  /** Takes note of an object that is the whole of a twin, and in which nothing is wrong. */
  note(twin: Twin, object: ManifestObject): void;
}

/** A model in which nothing is wrong, and what was looked at to know it. */
interface Proof {
  readonly object: ManifestObject;
  readonly stage: Stage;
  readonly rules: readonly ObjectRule[];
  /** By slot, as numbers in the order of `rules`. */
  readonly readers: readonly (readonly number[])[];
  /** By slot; undefined where the whole has to be compared with its schema. */
  readonly shapes: readonly (SlotShape | undefined)[];
  /** By the slots that differ. */
  readonly known: Map<string, readonly ObjectRule[]>;
  /** What was asked for last: twins mostly differ in the same slots. */
  last: { readonly changes: readonly Change[]; readonly rules: readonly ObjectRule[] } | undefined;
}

/** Twins before a proof is worth its price. */
const FEW = 4;

/**
 * Where nothing is wrong with a model, only what looks at something that differs from it is asked about its twins: a rule that
 * reads the same finds the same.
 */
export function createProofs(context: RuleContext): Proofs {
  /** By model and situation. Before there is a proof the number of twins; null where there can be none. */
  const proofs = new Map<Model, (Proof | number | null)[]>();
  return {
    cleanObject({ model, changes }, situation) {
      const proof = proofs.get(model)?.[indexOf(situation)];
      if (proof === undefined || proof === null || typeof proof === 'number') return undefined;
      if (!fitAll(proof, changes)) return undefined;
      const { object: own } = proof;
      const value = proof.stage(changes) as ManifestObject['value'];
      const resource = changes.length === 0 ? own.resource : named(own.resource, value);
      const object = { ...own, value, resource };
      const rules =
        proof.last !== undefined && areSameSlots(proof.last.changes, changes)
          ? proof.last.rules
          : rulesAbout(proof, changes);
      proof.last = { changes, rules };
      for (let index = 0; index < rules.length; index++) {
        if ((rules[index] as ObjectRule).check(object, context).length > 0) return undefined;
      }
      return resource;
    },
    note({ model }, object) {
      const index = indexOf({ complete: object.complete, kustomized: object.kustomized === true });
      const known = proofs.get(model) ?? [0, 0, 0, 0];
      proofs.set(model, known);
      const twins = known[index];
      if (typeof twins === 'number') known[index] = twins < FEW ? twins + 1 : prove(model, object, context);
    },
  };
}

function indexOf({ complete, kustomized }: Situation): number {
  return (complete ? 2 : 0) + (kustomized ? 1 : 0);
}

function prove(model: Model, like: ManifestObject, context: RuleContext): Proof | null {
  const value = model.value as ManifestObject['value'];
  const object: ManifestObject = { ...like, value, resource: named(like.resource, value) };
  if (checkObject(object, context).length > 0) return null;
  const rules = objectRules(object, context);
  const readers = model.slots.map((): number[] => []);
  rules.forEach((rule, index) => {
    for (const slot of slotsRead(model, object, (watched) => rule.check(watched, context))) readers[slot]?.push(index);
  });
  const own = { ...object, alike: object };
  const shapes = shapesOf(model, object, context);
  return { object: own, stage: createStage(model), rules, readers, shapes, known: new Map(), last: undefined };
}

/** What the object is, with the names that stand in it. */
function named({ apiVersion, kind }: ResourceId, { metadata }: ManifestObject['value']): ResourceId {
  const { namespace, name } = (metadata ?? {}) as Readonly<Record<string, unknown>>;
  // Spreading takes longer, and nearly all have both.
  if (typeof namespace === 'string' && typeof name === 'string')
    return { apiVersion, kind, namespace: ownWord(namespace), name: ownText(name) };
  return {
    apiVersion,
    kind,
    ...(typeof namespace === 'string' ? { namespace: ownWord(namespace) } : {}),
    ...(typeof name === 'string' ? { name: ownText(name) } : {}),
  };
}

function shapesOf({ slots }: Model, { resource }: ManifestObject, { schemas }: RuleContext): Proof['shapes'] {
  const [version, ...others] = schemas.versions;
  if (version === undefined || others.length > 0) return slots.map(() => undefined);
  const schema = schemas.find(resource.apiVersion, resource.kind, version);
  return slots.map(({ path, within }) => {
    const shape = schema === undefined ? 'any' : slotShapeAt(schema, path);
    return within === undefined || shape === 'any' || shape === 'string' ? shape : undefined;
  });
}

function fitAll({ shapes }: Proof, changes: readonly Change[]): boolean {
  for (let index = 0; index < changes.length; index++) {
    const { slot, value } = changes[index] as Change;
    const shape = shapes[slot];
    if (shape === 'string' && typeof value === 'string') continue;
    if (shape === undefined || !fitsSlot(shape, value)) return false;
  }
  return true;
}

function areSameSlots(some: readonly Change[], others: readonly Change[]): boolean {
  if (some.length !== others.length) return false;
  for (let index = 0; index < some.length; index++)
    if ((some[index] as Change).slot !== (others[index] as Change).slot) return false;
  return true;
}

function rulesAbout({ rules, readers, known }: Proof, changes: readonly Change[]): readonly ObjectRule[] {
  let key = '';
  for (let index = 0; index < changes.length; index++) key += String.fromCharCode((changes[index] as Change).slot);
  const before = known.get(key);
  if (before !== undefined) return before;
  const asked = new Set(changes.flatMap(({ slot }) => readers[slot] ?? []));
  const found = rules.filter((_, index) => asked.has(index));
  if (known.size < MOST_KNOWN) known.set(key, found);
  return found;
}

const MOST_KNOWN = 200;
