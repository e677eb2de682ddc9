import { isStrictlyWithin, parseNetwork } from '../kubernetes/addresses.ts';
import { objectRule } from '../kubernetes/define-rule.ts';
import { quote } from '../kubernetes/names.ts';
import { peersOf } from '../kubernetes/network-policies.ts';
import { placeIn, textIn, textsIn } from '../kubernetes/reading.ts';

export const invalidIpBlock = objectRule({
  id: 'semantic/ip-block',
  title: 'A NetworkPolicy with a range of addresses that is none',
  severity: 'error',
  kinds: ['networking.k8s.io/NetworkPolicy'],
  check(object, report) {
    for (const peer of peersOf(object)) {
      const block = placeIn(peer, 'ipBlock');
      const cidr = textIn(block?.value, 'cidr');
      if (block === undefined || cidr === undefined) continue;
      const network = parseNetwork(cidr);
      if (network === undefined)
        report([...block.path, 'cidr'], `must be a range such as 10.0.0.0/8, not ${quote(cidr)}`, {
          hint: hintFor(cidr),
        });
      for (const { text, path } of textsIn(block, 'except')) {
        const inner = parseNetwork(text);
        if (inner === undefined) report(path, `must be a range such as 10.1.0.0/16, not ${quote(text)}`);
        else if (network !== undefined && !isStrictlyWithin(inner, network))
          report(path, `must lie within ${cidr} and be smaller`);
      }
    }
  },
});

function hintFor(cidr: string): string | undefined {
  return cidr.includes('/') ? undefined : `A single address is ${cidr}/${cidr.includes(':') ? 128 : 32}.`;
}
