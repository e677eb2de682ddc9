import { isIP } from '../kubernetes/addresses.ts';
import { placeRule } from '../kubernetes/define-rule.ts';
import { hostName } from '../kubernetes/names.ts';
import { listIn, placesIn, settledText, textIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

export const invalidIngressHost = placeRule(specOf, {
  id: 'semantic/ingress-host',
  title: 'An Ingress for a host that is no DNS name',
  severity: 'error',
  kinds: ['networking.k8s.io/Ingress'],
  check(spec, report) {
    for (const rule of placesIn(spec, 'rules')) {
      const host = textIn(rule.value, 'host');
      if (host === undefined || host === '') continue;
      const problem = isIP(host) ? 'must be a DNS name, not an IP address' : hostName(host);
      if (problem === undefined) continue;
      const hint = /^https?:|[/:]/.test(host) ? 'A host has neither a scheme nor a port nor a path.' : undefined;
      report([...rule.path, 'host'], problem, { hint });
    }
    for (const tls of placesIn(spec, 'tls')) {
      listIn(tls.value, 'hosts').forEach((host, index) => {
        const text = host === null ? '' : settledText(host);
        const problem = text === undefined ? undefined : hostName(text);
        if (problem !== undefined) report([...tls.path, 'hosts', index], problem);
      });
    }
  },
});
