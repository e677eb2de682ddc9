import { podRule, type Report } from '../kubernetes/define-rule.ts';
import { containersOf } from '../kubernetes/pods.ts';
import { isSet, type Place, placeIn, textIn } from '../kubernetes/reading.ts';
import { isLocalPath } from '../kubernetes/volumes.ts';

export const securityProfile = podRule({
  id: 'semantic/security-profile',
  title: 'A seccomp or AppArmor profile without its file, or a file without the type Localhost',
  severity: 'error',
  needs: ['seccompProfile', 'appArmorProfile'],
  wholeOnly: true,
  check(pod, report) {
    for (const holder of [pod, ...containersOf(pod.object)]) {
      const context = placeIn(holder, 'securityContext');
      for (const field of ['seccompProfile', 'appArmorProfile']) {
        const profile = placeIn(context, field);
        if (profile !== undefined) checkProfile(profile, field, report);
      }
    }
  },
});

function checkProfile({ value, path }: Place, field: string, report: Report): void {
  const type = textIn(value, 'type');
  const file = textIn(value, 'localhostProfile');
  const place = [...path, 'localhostProfile'];
  if (type === 'Localhost' && (file === '' || !isSet(value, 'localhostProfile')))
    report(path, 'lacks localhostProfile, which the type Localhost needs', { at: 'key' });
  else if (type !== undefined && type !== 'Localhost' && isSet(value, 'localhostProfile'))
    report(place, 'may stand only beside type: Localhost', { at: 'key' });
  else if (field === 'seccompProfile' && file !== undefined && !isLocalPath(file))
    report(place, 'must be a relative path without ..');
}
