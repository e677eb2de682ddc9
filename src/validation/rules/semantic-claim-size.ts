import { claimSpecsOf, KINDS_WITH_CLAIMS } from '../kubernetes/claims.ts';
import { objectRule } from '../kubernetes/define-rule.ts';
import { quantityOf } from '../kubernetes/quantities.ts';
import { isSet, objectIn } from '../kubernetes/reading.ts';

export const claimSize = objectRule({
  id: 'semantic/claim-size',
  title: 'A claim that does not say how much storage',
  severity: 'error',
  wholeOnly: true,
  kinds: KINDS_WITH_CLAIMS,
  check(object, report) {
    for (const { value, path } of claimSpecsOf(object)) {
      const requests = objectIn(objectIn(value, 'resources'), 'requests');
      if (!isSet(requests, 'storage')) {
        report(path, 'lacks resources.requests.storage', { at: 'key' });
        continue;
      }
      const size = quantityOf(requests?.storage);
      if (size !== undefined && size <= 0) report([...path, 'resources', 'requests', 'storage'], 'must be above 0');
    }
  },
});
