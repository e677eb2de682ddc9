import { claimSpecsOf, KINDS_WITH_CLAIMS } from '../kubernetes/claims.ts';
import { objectRule } from '../kubernetes/define-rule.ts';
import { listIn } from '../kubernetes/reading.ts';

export const claimAccess = objectRule({
  id: 'semantic/claim-access',
  title: 'A claim without an access mode, or with two that exclude each other',
  severity: 'error',
  wholeOnly: true,
  kinds: KINDS_WITH_CLAIMS,
  check(object, report) {
    for (const { value, path } of claimSpecsOf(object)) {
      const modes = listIn(value, 'accessModes');
      if (modes.length === 0 && typeof value.accessModes !== 'string')
        report(path, 'lacks accessModes', { at: 'key', hint: 'Such as [ReadWriteOnce].' });
      if (modes.includes('ReadWriteOncePod') && modes.some((mode) => mode !== 'ReadWriteOncePod'))
        report([...path, 'accessModes'], 'cannot have ReadWriteOncePod beside another', { at: 'key' });
    }
  },
});
