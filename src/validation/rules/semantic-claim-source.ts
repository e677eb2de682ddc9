import { claimSpecsOf, KINDS_WITH_CLAIMS } from '../kubernetes/claims.ts';
import { objectRule } from '../kubernetes/define-rule.ts';
import { dnsSubdomain, quote } from '../kubernetes/names.ts';
import { isSet, placeIn, textIn } from '../kubernetes/reading.ts';

export const claimSource = objectRule({
  id: 'semantic/claim-source',
  title: 'A claim of a storage class or a source that cannot be',
  severity: 'error',
  kinds: KINDS_WITH_CLAIMS,
  check(object, report) {
    for (const claim of claimSpecsOf(object)) {
      const storageClass = textIn(claim.value, 'storageClassName');
      const problem = storageClass === undefined || storageClass === '' ? undefined : dnsSubdomain(storageClass);
      if (problem !== undefined) report([...claim.path, 'storageClassName'], problem);
      for (const field of ['dataSource', 'dataSourceRef']) {
        const source = placeIn(claim, field);
        if (source === undefined) continue;
        const kind = textIn(source.value, 'kind');
        // The server drops such a dataSource in silence, and refuses such a dataSourceRef.
        const isCore = !isSet(source.value, 'apiGroup') || source.value.apiGroup === '';
        if (isCore && kind !== undefined && kind !== 'PersistentVolumeClaim')
          report(
            [...source.path, 'kind'],
            `must be PersistentVolumeClaim without an apiGroup, not ${quote(kind)}`,
            field === 'dataSource' ? { severity: 'warning' } : {},
          );
        if (source.value.name === '') report([...source.path, 'name'], 'must not be empty');
      }
    }
  },
});
