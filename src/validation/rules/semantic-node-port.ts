import { placeRule } from '../kubernetes/define-rule.ts';
import { numberIn, placesIn } from '../kubernetes/reading.ts';
import { serviceTypeOf } from '../kubernetes/services.ts';
import { specOf } from '../kubernetes/specs.ts';

/** What --service-node-port-range is unless the cluster sets it. */
const [LOWEST, HIGHEST] = [30000, 32767];

const MOST = 65_535;

export const wrongNodePort = placeRule(specOf, {
  id: 'semantic/node-port',
  title: 'A port of the node where the Service has none, or outside their range',
  severity: 'error',
  kinds: ['/Service'],
  check(spec, report) {
    const type = serviceTypeOf(spec.value);
    for (const { value, path } of placesIn(spec, 'ports')) {
      const port = numberIn(value, 'nodePort');
      if (port === undefined || port === 0) continue;
      const place = [...path, 'nodePort'];
      if (type === 'ClusterIP')
        report(place, 'may not be set in a Service of the type ClusterIP', {
          at: 'key',
          hint: 'Set type: NodePort or LoadBalancer, or take nodePort away.',
        });
      else if (port > MOST) report(place, `must be 1 to ${MOST}, not ${port}`);
      else if (type !== 'ExternalName' && (port < LOWEST || port > HIGHEST))
        report(place, `must be ${LOWEST} to ${HIGHEST}, not ${port}, unless the cluster has another range`, {
          severity: 'warning',
          hint: 'The API server refuses it without a --service-node-port-range of its own.',
        });
    }
  },
});
