import { placeRule } from '../kubernetes/define-rule.ts';
import { quantityOf } from '../kubernetes/quantities.ts';
import { entriesIn, type Json, objectIn, placesIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

export const limitRatio = placeRule(specOf, {
  id: 'semantic/limit-ratio',
  title: 'A ratio of limit to request that cannot be reached',
  severity: 'error',
  kinds: ['/LimitRange'],
  check(spec, report) {
    for (const { value, path } of placesIn(spec, 'limits')) {
      for (const [name, amount] of entriesIn(value, 'maxLimitRequestRatio')) {
        const ratio = quantityOf(amount);
        const [least, most] = [amountOf(value, 'min', name), amountOf(value, 'max', name)];
        const widest = least === undefined || most === undefined ? Number.POSITIVE_INFINITY : most / least;
        const place = [...path, 'maxLimitRequestRatio', name];
        if (ratio !== undefined && ratio < 1) report(place, 'must be at least 1');
        else if (ratio !== undefined && ratio > widest) report(place, `must be at most max divided by min, ${widest}`);
      }
    }
  },
});

function amountOf(limit: Json, field: string, name: string): number | undefined {
  const map = objectIn(limit, field);
  return map !== undefined && Object.hasOwn(map, name) ? quantityOf(map[name]) : undefined;
}
