import { placeRule } from '../kubernetes/define-rule.ts';
import { isWhole, quantityOf } from '../kubernetes/quantities.ts';
import { entriesIn } from '../kubernetes/reading.ts';
import { quotaResourceProblem } from '../kubernetes/resources.ts';
import { specOf } from '../kubernetes/specs.ts';

const COUNTED =
  /^(count\/.*|configmaps|persistentvolumeclaims|pods|replicationcontrollers|resourcequotas|secrets|services(\..*)?)$/;

export const quotaResource = placeRule(specOf, {
  id: 'semantic/quota-resource',
  title: 'A quota on something that none can be on, or of an amount that cannot be',
  severity: 'error',
  kinds: ['/ResourceQuota'],
  check({ value, path }, report) {
    for (const [name, amount] of entriesIn(value, 'hard')) {
      const place = [...path, 'hard', name];
      const problem = quotaResourceProblem(name);
      if (problem !== undefined) report(place, problem, { at: 'key' });
      const quantity = quantityOf(amount);
      if (quantity !== undefined && quantity < 0) report(place, 'must not be negative');
      else if (quantity !== undefined && COUNTED.test(name) && !isWhole(quantity))
        report(place, 'must be a whole number');
    }
  },
});
