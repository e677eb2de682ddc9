import { podTermsOf, requiredNodeTerms, weightedTermsOf } from '../kubernetes/affinity.ts';
import { podRule } from '../kubernetes/define-rule.ts';
import { qualifiedName } from '../kubernetes/names.ts';
import { isSet, numberIn, textIn } from '../kubernetes/reading.ts';

export const invalidAffinity = podRule({
  id: 'semantic/affinity',
  title: 'An affinity with a weight, topology key or list of terms that cannot be',
  severity: 'error',
  needs: ['affinity'],
  check(pod, report) {
    if (!isSet(pod.value, 'affinity')) return;
    for (const { value, path } of weightedTermsOf(pod)) {
      const weight = numberIn(value, 'weight');
      if (weight !== undefined && (weight < 1 || weight > 100))
        report([...path, 'weight'], `must be 1 to 100, not ${weight}`);
    }
    for (const { value, path } of podTermsOf(pod)) {
      const key = textIn(value, 'topologyKey');
      const problem = key === undefined ? undefined : key === '' ? 'must not be empty' : qualifiedName(key);
      if (problem !== undefined) report([...path, 'topologyKey'], problem);
    }
    const required = requiredNodeTerms(pod);
    const terms = required?.value.nodeSelectorTerms;
    if (required !== undefined && Array.isArray(terms) && terms.length === 0)
      report([...required.path, 'nodeSelectorTerms'], 'must have at least one term', { at: 'key' });
  },
});
