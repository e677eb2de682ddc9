import { containerRule } from '../kubernetes/define-rule.ts';
import { amountIn } from '../kubernetes/quantities.ts';
import { objectIn } from '../kubernetes/reading.ts';
import { isExtended, isHugePages } from '../kubernetes/resources.ts';
import { printValue } from './rule.ts';

export const requestsOverLimits = containerRule({
  id: 'semantic/requests-over-limits',
  title: 'A request that is more than its limit',
  severity: 'error',
  needs: ['requests'],
  wholeOnly: true,
  check({ value, path }, report) {
    const resources = objectIn(value, 'resources');
    const limits = objectIn(resources, 'limits');
    const requests = objectIn(resources, 'requests');
    for (const name of Object.keys(requests ?? {})) {
      const limit = limits !== undefined && Object.hasOwn(limits, name) ? limits[name] : undefined;
      const [wanted, most] = [amountIn(requests, name), amountIn(limits, name)];
      const place = [...path, 'resources', 'requests', name];
      if (isExtended(name) || isHugePages(name)) {
        if (wanted !== undefined && wanted !== most && (limit === undefined || most !== undefined))
          report(place, 'must be the same in limits: this resource is not shared');
      } else if (wanted !== undefined && most !== undefined && wanted > most) {
        report(place, `must be at most the limit, ${printValue(limit)}`);
      }
    }
  },
});
