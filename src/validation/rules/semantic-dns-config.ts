import { isIP } from '../kubernetes/addresses.ts';
import { podRule } from '../kubernetes/define-rule.ts';
import { quote } from '../kubernetes/names.ts';
import { listIn, placeIn, textsIn } from '../kubernetes/reading.ts';

export const dnsConfig = podRule({
  id: 'semantic/dns-config',
  title: 'Name servers that are missing, too many, or no addresses',
  severity: 'error',
  needs: ['dnsConfig', 'dnsPolicy'],
  wholeOnly: true,
  check(pod, report) {
    const config = placeIn(pod, 'dnsConfig');
    const servers = listIn(config?.value, 'nameservers');
    if (pod.value.dnsPolicy === 'None' && servers.length === 0)
      report([...pod.path, 'dnsPolicy'], 'is None, which needs dnsConfig with nameservers');
    if (config === undefined) return;
    if (servers.length > 3)
      report([...config.path, 'nameservers'], `may be at most 3, not ${servers.length}`, { at: 'key' });
    for (const { text, path } of textsIn(config, 'nameservers'))
      if (!isIP(text)) report(path, `must be an IP address, not ${quote(text)}`);
    if (listIn(config.value, 'searches').length > 32)
      report([...config.path, 'searches'], 'may be at most 32', { at: 'key' });
  },
});
