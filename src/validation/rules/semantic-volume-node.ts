import { placeRule } from '../kubernetes/define-rule.ts';
import { checkExpressions } from '../kubernetes/match-expressions.ts';
import { placeIn, placesIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

export const volumeNode = placeRule((object) => placeIn(placeIn(specOf(object), 'nodeAffinity'), 'required'), {
  id: 'semantic/volume-node',
  title: 'A PersistentVolume on nodes that cannot be',
  severity: 'error',
  kinds: ['/PersistentVolume'],
  check(required, report) {
    const terms = required.value.nodeSelectorTerms;
    if (Array.isArray(terms) && terms.length === 0)
      report([...required.path, 'nodeSelectorTerms'], 'must have at least one term', { at: 'key' });
    for (const term of placesIn(required, 'nodeSelectorTerms')) checkExpressions(term, report);
  },
});
