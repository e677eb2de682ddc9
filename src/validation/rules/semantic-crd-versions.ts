import { placeRule } from '../kubernetes/define-rule.ts';
import { dnsLabelWithLetterFirst, quote } from '../kubernetes/names.ts';
import { isSet, objectIn, placesIn, textIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

export const crdVersions = placeRule(specOf, {
  id: 'semantic/crd-versions',
  title: 'A CustomResourceDefinition without one stored version, or with a version that has no schema',
  severity: 'error',
  wholeOnly: true,
  kinds: ['apiextensions.k8s.io/CustomResourceDefinition'],
  check(spec, report) {
    const versions = placesIn(spec, 'versions');
    const stored = versions.filter(({ value }) => value.storage === true).length;
    if (stored !== 1)
      report([...spec.path, 'versions'], `must have one version with storage: true, not ${stored}`, { at: 'key' });
    const seen = new Set<string>();
    for (const { value, path } of versions) {
      const name = textIn(value, 'name') ?? '';
      const problem = value.name === '' ? 'must not be empty' : name === '' ? undefined : dnsLabelWithLetterFirst(name);
      if (problem !== undefined) report([...path, 'name'], problem);
      if (seen.has(name)) report([...path, 'name'], `is ${quote(name)} for the second time`);
      seen.add(name);
      if (!isSet(objectIn(value, 'schema'), 'openAPIV3Schema'))
        report(path, 'lacks schema.openAPIV3Schema', { at: 'key' });
      if (isSet(value, 'deprecationWarning') && value.deprecated !== true)
        report([...path, 'deprecationWarning'], 'needs deprecated: true', { at: 'key' });
    }
  },
});
