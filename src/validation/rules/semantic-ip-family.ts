import { placeRule } from '../kubernetes/define-rule.ts';
import { quote } from '../kubernetes/names.ts';
import { listIn, textIn, textsIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

export const ipFamily = placeRule(specOf, {
  id: 'semantic/ip-family',
  title: 'A Service with a family of addresses that is none or stands twice',
  severity: 'error',
  kinds: ['/Service'],
  check(spec, report) {
    const seen = new Set<string>();
    for (const { text, path } of textsIn(spec, 'ipFamilies')) {
      if (text === '') report(path, 'must be IPv4 or IPv6');
      if (seen.has(text)) report(path, `is ${quote(text)} for the second time`);
      seen.add(text);
    }
    const isSingle = textIn(spec.value, 'ipFamilyPolicy') === 'SingleStack';
    if (isSingle && (seen.size > 1 || listIn(spec.value, 'clusterIPs').length > 1))
      report([...spec.path, 'ipFamilyPolicy'], 'cannot be SingleStack with two families');
  },
});
