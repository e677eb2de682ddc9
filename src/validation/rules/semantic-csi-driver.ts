import { placeRule } from '../kubernetes/define-rule.ts';
import { quote } from '../kubernetes/names.ts';
import { textIn, textsIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

const POLICIES = ['File', 'None', 'ReadWriteOnceWithFSType'];
const MODES = ['Ephemeral', 'Persistent'];

export const csiDriver = placeRule(specOf, {
  id: 'semantic/csi-driver',
  title: 'A CSIDriver with a policy or mode that there is not',
  severity: 'error',
  kinds: ['storage.k8s.io/CSIDriver'],
  check(spec, report) {
    const policy = textIn(spec.value, 'fsGroupPolicy');
    if (policy !== undefined && !POLICIES.includes(policy))
      report([...spec.path, 'fsGroupPolicy'], `must be one of ${POLICIES.join(', ')}, not ${quote(policy)}`);
    for (const { text, path } of textsIn(spec, 'volumeLifecycleModes'))
      if (!MODES.includes(text)) report(path, `must be one of ${MODES.join(', ')}, not ${quote(text)}`);
  },
});
