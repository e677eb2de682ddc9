import { podRule } from '../kubernetes/define-rule.ts';
import { dnsSubdomain, quote } from '../kubernetes/names.ts';
import { placeIn, textsIn } from '../kubernetes/reading.ts';
import { isAtLeast } from '../kubernetes/versions.ts';

export const invalidDnsSearch = podRule({
  id: 'semantic/dns-search',
  title: 'A search domain that is none',
  severity: 'error',
  needs: ['dnsConfig'],
  check(pod, report, context) {
    for (const { text, path } of textsIn(placeIn(pod, 'dnsConfig'), 'searches')) {
      const domain = text.endsWith('.') ? text.slice(0, -1) : text;
      const isRoot = text === '.' && isAtLeast(context, 33);
      // Kubernetes 1.33 lets parts begin and end with an underscore (https://kep.k8s.io/4427).
      const plain = isAtLeast(context, 33) ? domain.replaceAll('_', 'a') : domain;
      if (!isRoot && dnsSubdomain(plain) !== undefined)
        report(path, `must be a DNS name in lower case, not ${quote(text)}`);
    }
  },
});
