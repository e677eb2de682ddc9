import { placeRule } from '../kubernetes/define-rule.ts';
import { amountIn } from '../kubernetes/quantities.ts';
import { objectIn, placesIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

export const limitRatio = placeRule(specOf, {
  id: 'semantic/limit-ratio',
  title: 'A ratio of limit to request that cannot be reached',
  severity: 'error',
  kinds: ['/LimitRange'],
  check(spec, report) {
    for (const { value, path } of placesIn(spec, 'limits')) {
      const ratios = objectIn(value, 'maxLimitRequestRatio');
      for (const name of Object.keys(ratios ?? {})) {
        const ratio = amountIn(ratios, name);
        const [least, most] = [amountIn(objectIn(value, 'min'), name), amountIn(objectIn(value, 'max'), name)];
        const widest = least === undefined || most === undefined ? Number.POSITIVE_INFINITY : most / least;
        const place = [...path, 'maxLimitRequestRatio', name];
        if (ratio !== undefined && ratio < 1) report(place, 'must be at least 1');
        else if (ratio !== undefined && ratio > widest) report(place, `must be at most max divided by min, ${widest}`);
      }
    }
  },
});
