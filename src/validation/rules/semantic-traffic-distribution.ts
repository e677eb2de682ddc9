import { placeRule } from '../kubernetes/define-rule.ts';
import { quote } from '../kubernetes/names.ts';
import { textIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';
import { isAtLeast } from '../kubernetes/versions.ts';

export const trafficDistribution = placeRule(specOf, {
  id: 'semantic/traffic-distribution',
  title: 'A Service with an unknown preference for its traffic',
  severity: 'error',
  kinds: ['/Service'],
  check({ value, path }, report, context) {
    const preference = textIn(value, 'trafficDistribution');
    if (preference === undefined) return;
    const allowed = isAtLeast(context, 34) ? ['PreferClose', 'PreferSameZone', 'PreferSameNode'] : ['PreferClose'];
    if (!allowed.includes(preference))
      report([...path, 'trafficDistribution'], `must be one of ${allowed.join(', ')}, not ${quote(preference)}`);
  },
});
