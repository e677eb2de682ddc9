import { podRule } from '../kubernetes/define-rule.ts';
import { quote } from '../kubernetes/names.ts';
import { containersOf } from '../kubernetes/pods.ts';
import { fieldsOf, objectIn, placeIn, textIn } from '../kubernetes/reading.ts';

const NOT_ON_WINDOWS = [
  'appArmorProfile',
  'fsGroup',
  'fsGroupChangePolicy',
  'runAsGroup',
  'runAsUser',
  'seLinuxOptions',
  'seccompProfile',
  'supplementalGroups',
  'sysctls',
  'allowPrivilegeEscalation',
  'capabilities',
  'privileged',
  'procMount',
  'readOnlyRootFilesystem',
];

export const podOs = podRule({
  id: 'semantic/pod-os',
  title: 'A pod with settings of another operating system',
  severity: 'error',
  needs: ['os'],
  check(pod, report) {
    const os = textIn(objectIn(pod.value, 'os'), 'name');
    if (os === undefined) return;
    if (os !== 'linux' && os !== 'windows')
      report([...pod.path, 'os', 'name'], `must be linux or windows, not ${quote(os)}`);
    for (const holder of [pod, ...containersOf(pod.object)]) {
      const context = placeIn(holder, 'securityContext');
      if (context === undefined) continue;
      const wrong = fieldsOf(context.value, os === 'windows' ? NOT_ON_WINDOWS : ['windowsOptions']);
      for (const field of wrong) report([...context.path, field], `cannot be set in a pod for ${os}`, { at: 'key' });
    }
  },
});
