import { isIP } from '../kubernetes/addresses.ts';
import { podRule } from '../kubernetes/define-rule.ts';
import { dnsSubdomain, quote } from '../kubernetes/names.ts';
import { placesIn, textIn, textsIn } from '../kubernetes/reading.ts';

export const invalidHostAlias = podRule({
  id: 'semantic/host-alias',
  title: 'A line for /etc/hosts with no address, or with a name that is none',
  severity: 'error',
  needs: ['hostAliases'],
  check(pod, report) {
    for (const alias of placesIn(pod, 'hostAliases')) {
      const ip = textIn(alias.value, 'ip');
      if (ip !== undefined && !isIP(ip)) report([...alias.path, 'ip'], `must be an IP address, not ${quote(ip)}`);
      for (const { text, path } of textsIn(alias, 'hostnames')) {
        const problem = dnsSubdomain(text);
        if (problem !== undefined) report(path, problem);
      }
    }
  },
});
