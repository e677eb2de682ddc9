import { objectRule } from '../kubernetes/define-rule.ts';
import { dnsSubdomain, quote } from '../kubernetes/names.ts';
import { objectIn, textIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

export const crdName = objectRule({
  id: 'semantic/crd-name',
  title: 'A CustomResourceDefinition with a name or group other than its own',
  severity: 'error',
  wholeOnly: true,
  kinds: ['apiextensions.k8s.io/CustomResourceDefinition'],
  check(object, report) {
    const spec = specOf(object);
    const group = textIn(spec?.value, 'group');
    const plural = textIn(objectIn(spec?.value, 'names'), 'plural');
    const name = textIn(objectIn(object.value, 'metadata'), 'name');
    if (spec === undefined || group === undefined) return;
    if (plural !== undefined && name !== undefined && name !== `${plural}.${group}`) {
      const wanted = `must be ${plural}.${group}, made of spec.names.plural and spec.group`;
      report([...object.path, 'metadata', 'name'], wanted);
    }
    const problem =
      dnsSubdomain(group) ?? (group.includes('.') ? undefined : `must have a dot, unlike ${quote(group)}`);
    if (problem !== undefined) report([...spec.path, 'group'], problem);
  },
});
