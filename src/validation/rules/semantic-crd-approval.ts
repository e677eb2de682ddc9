import { objectRule } from '../kubernetes/define-rule.ts';
import { isSet, objectIn, textIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

const ANNOTATION = 'api-approved.kubernetes.io';

export const crdApproval = objectRule({
  id: 'semantic/crd-approval',
  title: 'A CustomResourceDefinition in a group of Kubernetes without its approval',
  severity: 'error',
  wholeOnly: true,
  kinds: ['apiextensions.k8s.io/CustomResourceDefinition'],
  check(object, report) {
    const spec = specOf(object);
    const group = textIn(spec?.value, 'group') ?? '';
    if (spec === undefined || !/(^|\.)(k8s|kubernetes)\.io$/.test(group)) return;
    if (!isSet(objectIn(objectIn(object.value, 'metadata'), 'annotations'), ANNOTATION))
      report([...spec.path, 'group'], `belongs to Kubernetes and needs the annotation ${ANNOTATION}`, {
        hint: 'Use a group of your own domain.',
      });
  },
});
