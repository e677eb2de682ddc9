import type { ManifestObject } from '../rules/rule.ts';
import type { Model } from './model.ts';

/**
 * The slots of a model that something reads of its object. What it does depends on these alone: with the same in them it does
 * the same, whatever the others hold. Nothing of what it reads may be known from before.
 */
export function slotsRead(model: Model, object: ManifestObject, look: (object: ManifestObject) => void): Set<number> {
  const read = new Set<number>();
  const watched = new Map<object, unknown>();
  const watch = (target: object): unknown => {
    const slots = model.slotsOf.get(target);
    const proxy: unknown = new Proxy(target, {
      get(_, key, receiver) {
        if (typeof key === 'string') for (const slot of slots?.get(key) ?? []) read.add(slot);
        const value: unknown = Reflect.get(target, key, receiver);
        if (typeof value !== 'object' || value === null) return value;
        return watched.get(value) ?? watch(value);
      },
    });
    watched.set(target, proxy);
    return proxy;
  };
  const named = model.slotsOf.get((object.value as { metadata?: object }).metadata ?? model);
  const resource = new Proxy(object.resource, {
    get(target, key, receiver) {
      if (typeof key === 'string') for (const slot of named?.get(key) ?? []) read.add(slot);
      return Reflect.get(target, key, receiver);
    },
  });
  look({ ...object, resource, value: watch(object.value) as ManifestObject['value'] });
  return read;
}
