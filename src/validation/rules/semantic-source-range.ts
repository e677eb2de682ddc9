import { isIP, parseNetwork } from '../kubernetes/addresses.ts';
import { placeRule } from '../kubernetes/define-rule.ts';
import { quote } from '../kubernetes/names.ts';
import { textsIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

export const invalidSourceRange = placeRule(specOf, {
  id: 'semantic/source-range',
  title: 'A Service with a range of addresses or an external address that is none',
  severity: 'error',
  kinds: ['/Service'],
  check(spec, report) {
    for (const { text, path } of textsIn(spec, 'loadBalancerSourceRanges'))
      if (parseNetwork(text.trim()) === undefined)
        report(path, `must be a range such as 10.0.0.0/8, not ${quote(text)}`);
    for (const { text, path } of textsIn(spec, 'externalIPs'))
      if (!isIP(text)) report(path, `must be an IP address, not ${quote(text)}`);
  },
});
