import { placeRule } from '../kubernetes/define-rule.ts';
import { entriesIn, listIn, placeIn, placesIn, textIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

const EXCLUSIVE = [
  ['BestEffort', 'NotBestEffort'],
  ['NotTerminating', 'Terminating'],
] as const;
const COMPUTE = /^((limits|requests)\.)?(cpu|memory)$/;
const NOT_OF_PODS =
  /^(configmaps|persistentvolumeclaims|replicationcontrollers|resourcequotas|secrets|services(\..*)?|requests\.storage)$/;

export const quotaScope = placeRule(specOf, {
  id: 'semantic/quota-scope',
  title: 'Scopes of a quota that exclude each other or what the quota is on',
  severity: 'error',
  kinds: ['/ResourceQuota'],
  check(spec, report) {
    const scopes = listIn(spec.value, 'scopes');
    const place = [...spec.path, 'scopes'];
    for (const [one, other] of EXCLUSIVE)
      if (scopes.includes(one) && scopes.includes(other))
        report(place, `cannot have both ${one} and ${other}`, { at: 'key' });
    const names = entriesIn(spec.value, 'hard').map(([name]) => name);
    const wrong = names.find(
      (name) => (scopes.includes('BestEffort') && COMPUTE.test(name)) || (scopes.length > 0 && NOT_OF_PODS.test(name)),
    );
    if (wrong !== undefined) report(place, `cannot be on a quota of ${wrong}`, { at: 'key' });
    for (const { value, path } of placesIn(placeIn(spec, 'scopeSelector'), 'matchExpressions')) {
      const operator = textIn(value, 'operator');
      const isEmpty = listIn(value, 'values').length === 0;
      if ((operator === 'In' || operator === 'NotIn') === isEmpty && operator !== undefined)
        report(
          [...path, 'values'],
          `${isEmpty ? 'must not be empty' : 'must be empty'} where the operator is ${operator}`,
        );
    }
  },
});
