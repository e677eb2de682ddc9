import { isIP } from '../kubernetes/addresses.ts';
import { placeRule } from '../kubernetes/define-rule.ts';
import { hostName } from '../kubernetes/names.ts';
import { placesIn, textIn, textsIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

export const invalidIngressHost = placeRule(specOf, {
  id: 'semantic/ingress-host',
  title: 'An Ingress for a host that is no DNS name',
  severity: 'error',
  kinds: ['networking.k8s.io/Ingress'],
  check(spec, report) {
    for (const { value, path } of placesIn(spec, 'rules')) {
      const host = textIn(value, 'host');
      if (host === undefined || host === '') continue;
      const problem = isIP(host) ? 'must be a DNS name, not an IP address' : hostName(host);
      const hint = /^https?:|[/:]/.test(host) ? 'A host has neither a scheme nor a port nor a path.' : undefined;
      if (problem !== undefined) report([...path, 'host'], problem, { hint });
    }
    for (const tls of placesIn(spec, 'tls')) {
      for (const { text, path } of textsIn(tls, 'hosts')) {
        const problem = hostName(text);
        if (problem !== undefined) report(path, problem);
      }
    }
  },
});
