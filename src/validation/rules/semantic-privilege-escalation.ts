import { containerRule } from '../kubernetes/define-rule.ts';
import { listIn, objectIn } from '../kubernetes/reading.ts';

export const privilegeEscalation = containerRule({
  id: 'semantic/privilege-escalation',
  title: 'A privileged container that may not gain privileges',
  severity: 'error',
  needs: ['allowPrivilegeEscalation'],
  wholeOnly: true,
  check({ value, path }, report) {
    const context = objectIn(value, 'securityContext');
    if (context?.allowPrivilegeEscalation !== false) return;
    const place = [...path, 'securityContext', 'allowPrivilegeEscalation'];
    if (context.privileged === true) report(place, 'cannot be false where privileged is true');
    else if (listIn(objectIn(context, 'capabilities'), 'add').includes('CAP_SYS_ADMIN'))
      report(place, 'cannot be false where capabilities add CAP_SYS_ADMIN');
  },
});
