import { containerRule } from '../kubernetes/define-rule.ts';
import { quantityOf } from '../kubernetes/quantities.ts';
import { entriesIn, objectIn } from '../kubernetes/reading.ts';
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
    for (const [name, request] of entriesIn(resources, 'requests')) {
      const limit = limits !== undefined && Object.hasOwn(limits, name) ? limits[name] : undefined;
      // A quantity that is null is 0 to the server.
      const [wanted, most] = [quantityOf(request), quantityOf(limit === null ? 0 : limit)];
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
