import { placeRule } from '../kubernetes/define-rule.ts';
import { fieldsOf, isSet, numberIn, textIn } from '../kubernetes/reading.ts';
import { JOBS, jobSpecOf } from '../kubernetes/specs.ts';

const ONLY_INDEXED = ['backoffLimitPerIndex', 'maxFailedIndexes', 'successPolicy'];

export const jobCompletion = placeRule(jobSpecOf, {
  id: 'semantic/job-completion',
  title: 'An indexed Job without its count, or settings of one in another Job',
  severity: 'error',
  wholeOnly: true,
  kinds: JOBS,
  check({ value, path }, report) {
    const mode = isSet(value, 'completionMode') ? textIn(value, 'completionMode') : 'NonIndexed';
    if (mode === 'Indexed' && !isSet(value, 'completions'))
      report([...path, 'completionMode'], 'is Indexed, which needs completions');
    if (mode === 'NonIndexed')
      for (const field of fieldsOf(value, ONLY_INDEXED))
        report([...path, field], 'needs completionMode: Indexed', { at: 'key' });
    const [most, all] = [numberIn(value, 'maxFailedIndexes'), numberIn(value, 'completions')];
    if (mode !== 'Indexed' || most === undefined) return;
    if (!isSet(value, 'backoffLimitPerIndex'))
      report([...path, 'maxFailedIndexes'], 'needs backoffLimitPerIndex beside it', { at: 'key' });
    if (all !== undefined && most > all) report([...path, 'maxFailedIndexes'], `must be at most completions, ${all}`);
  },
});
