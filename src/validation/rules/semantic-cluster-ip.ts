import { isIP, isIPv4 } from '../kubernetes/addresses.ts';
import { placeRule } from '../kubernetes/define-rule.ts';
import { quote } from '../kubernetes/names.ts';
import { isSet, listIn, textIn, textsIn } from '../kubernetes/reading.ts';
import { isHeadless, serviceTypeOf } from '../kubernetes/services.ts';
import { specOf } from '../kubernetes/specs.ts';

export const invalidClusterIp = placeRule(specOf, {
  id: 'semantic/cluster-ip',
  title: 'A Service with a cluster address that cannot be',
  severity: 'error',
  kinds: ['/Service'],
  check(spec, report) {
    const { value, path } = spec;
    const type = serviceTypeOf(value);
    const [ip, ips] = [textIn(value, 'clusterIP'), textsIn(spec, 'clusterIPs')];
    if (isHeadless(value) && (type === 'NodePort' || type === 'LoadBalancer'))
      report(
        [...path, isSet(value, 'clusterIP') ? 'clusterIP' : 'clusterIPs'],
        `cannot be None in a Service of the type ${type}`,
      );
    if (ip !== undefined && ip !== '' && ip !== 'None' && !isIP(ip))
      report([...path, 'clusterIP'], `must be an IP address, None or absent, not ${quote(ip)}`);
    for (const { text, path: place } of ips)
      if (text !== 'None' && !isIP(text)) report(place, `must be an IP address, not ${quote(text)}`);
    const [first, second] = ips;
    if (ip !== undefined && ip !== '' && first !== undefined && first.text !== ip)
      report(first.path, `must be the clusterIP, ${quote(ip)}`);
    const isSameFamily = first !== undefined && second !== undefined && isIPv4(first.text) === isIPv4(second.text);
    if (isSameFamily || listIn(value, 'clusterIPs').length > 2)
      report([...path, 'clusterIPs'], 'may be one address of each family', { at: 'key' });
  },
});
