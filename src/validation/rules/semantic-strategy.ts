import { placeRule } from '../kubernetes/define-rule.ts';
import { isSet, type Place, placeIn, textIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';
import type { ManifestObject } from './rule.ts';

export const wrongStrategy = placeRule(strategyOf, {
  id: 'semantic/strategy',
  title: 'Settings of a rolling update in a strategy that is none',
  severity: 'error',
  kinds: ['apps/Deployment', 'apps/StatefulSet'],
  check({ value, path }, report) {
    const type = textIn(value, 'type');
    if ((type === 'Recreate' || type === 'OnDelete') && isSet(value, 'rollingUpdate'))
      report([...path, 'rollingUpdate'], `may not be set with type: ${type}`, {
        at: 'key',
        hint: 'Take it away, or make the type RollingUpdate.',
      });
  },
});

function strategyOf(object: ManifestObject): Place | undefined {
  return placeIn(specOf(object), object.resource.kind === 'Deployment' ? 'strategy' : 'updateStrategy');
}
