import { isIP, isIPv4, isIPv6 } from '../kubernetes/addresses.ts';
import { objectRule } from '../kubernetes/define-rule.ts';
import { dnsSubdomain, quote } from '../kubernetes/names.ts';
import { listIn, placesIn, textIn, textsIn } from '../kubernetes/reading.ts';
import { rootOf } from '../kubernetes/specs.ts';

export const endpointAddress = objectRule({
  id: 'semantic/endpoint-address',
  title: 'An endpoint without an address, or at something that is none',
  severity: 'error',
  wholeOnly: true,
  kinds: ['/Endpoints', 'discovery.k8s.io/EndpointSlice'],
  check(object, report) {
    const root = rootOf(object);
    const type = textIn(object.value, 'addressType');
    for (const endpoint of placesIn(root, 'endpoints')) {
      const { addresses } = endpoint.value;
      if (Array.isArray(addresses) && addresses.length === 0)
        report([...endpoint.path, 'addresses'], 'must have at least one address', { at: 'key' });
      for (const { text, path } of textsIn(endpoint, 'addresses')) {
        const problem = addressProblem(text, type);
        if (problem !== undefined) report(path, problem);
      }
    }
    for (const subset of placesIn(root, 'subsets')) {
      if (listIn(subset.value, 'addresses').length + listIn(subset.value, 'notReadyAddresses').length === 0)
        report(subset.path, 'must have addresses or notReadyAddresses', { at: 'key' });
      for (const { value, path } of placesIn(subset, 'addresses')) {
        const ip = textIn(value, 'ip');
        if (ip !== undefined && !isIP(ip)) report([...path, 'ip'], `must be an IP address, not ${quote(ip)}`);
      }
    }
  },
});

function addressProblem(address: string, type: string | undefined): string | undefined {
  if (type === 'FQDN') return dnsSubdomain(address);
  const isGood = type === 'IPv4' ? isIPv4(address) : type === 'IPv6' ? isIPv6(address) : true;
  return isGood ? undefined : `must be an ${type} address, not ${quote(address)}`;
}
