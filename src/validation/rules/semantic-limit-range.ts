import { placeRule, type Report } from '../kubernetes/define-rule.ts';
import { amountIn } from '../kubernetes/quantities.ts';
import { isSet, type Json, objectIn, type Place, placesIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

/** Each must be at most the next, where both are there. */
const ORDER = [
  ['min', 'max'],
  ['min', 'defaultRequest'],
  ['min', 'default'],
  ['defaultRequest', 'default'],
  ['defaultRequest', 'max'],
  ['default', 'max'],
] as const;

export const limitRangeOrder = placeRule(specOf, {
  id: 'semantic/limit-range',
  title: 'Limits of which the least is more than the most',
  severity: 'error',
  wholeOnly: true,
  kinds: ['/LimitRange'],
  check(spec, report) {
    for (const limit of placesIn(spec, 'limits')) {
      for (const [low, high] of ORDER) checkOrder(limit, low, high, report);
      if (limit.value.type === 'PersistentVolumeClaim' && !hasStorage(limit.value))
        report(limit.path, 'lacks min or max of storage', { at: 'key' });
    }
  },
});

function checkOrder({ value, path }: Place, low: string, high: string, report: Report): void {
  const [few, most] = [objectIn(value, low), objectIn(value, high)];
  for (const name of Object.keys(few ?? {})) {
    const [least, limit] = [amountIn(few, name), amountIn(most, name)];
    if (least !== undefined && limit !== undefined && least > limit)
      report([...path, low, name], `must be at most ${high}, ${String(most?.[name])}`);
  }
}

function hasStorage(limit: Json): boolean {
  return isSet(objectIn(limit, 'min'), 'storage') || isSet(objectIn(limit, 'max'), 'storage');
}
