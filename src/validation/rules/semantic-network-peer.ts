import { objectRule } from '../kubernetes/define-rule.ts';
import { peersOf } from '../kubernetes/network-policies.ts';
import { fieldsOf } from '../kubernetes/reading.ts';

const PEERS = ['ipBlock', 'namespaceSelector', 'podSelector'];

export const networkPeer = objectRule({
  id: 'semantic/network-peer',
  title: 'A peer of a NetworkPolicy that is nobody, or addresses and pods at once',
  severity: 'error',
  wholeOnly: true,
  kinds: ['networking.k8s.io/NetworkPolicy'],
  check(object, report) {
    for (const { value, path } of peersOf(object)) {
      const found = fieldsOf(value, PEERS);
      if (found.length === 0)
        report(path, `must have one of ${PEERS.join(', ')}`, {
          at: 'key',
          hint: 'To allow everybody, leave the list out.',
        });
      else if (found.length > 1 && found[0] === 'ipBlock')
        report([...path, 'ipBlock'], `cannot stand beside ${found[1]}`, { at: 'key', hint: 'Make two peers of it.' });
    }
  },
});
