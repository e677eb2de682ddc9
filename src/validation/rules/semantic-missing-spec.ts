import { objectRule } from '../kubernetes/define-rule.ts';
import { groupKindOf } from '../kubernetes/pods.ts';
import { isSet, type Json } from '../kubernetes/reading.ts';
import { isObject } from '../scalars.ts';

const TEMPLATE = [['spec'], ['spec', 'template'], ['spec', 'template', 'spec']];

/** What the schemas leave open and the server does not: each is missed only where the one before it is there. */
const NEEDED: Readonly<Record<string, readonly (readonly string[])[]>> = {
  '/PersistentVolume': [['spec']],
  '/PersistentVolumeClaim': [['spec']],
  '/Pod': [['spec']],
  '/ReplicationController': TEMPLATE,
  '/Service': [['spec']],
  'apiregistration.k8s.io/APIService': [['spec'], ['spec', 'version']],
  'apps/DaemonSet': TEMPLATE,
  'apps/Deployment': TEMPLATE,
  'apps/ReplicaSet': TEMPLATE,
  'apps/StatefulSet': TEMPLATE,
  'autoscaling/HorizontalPodAutoscaler': [['spec'], ['spec', 'scaleTargetRef', 'apiVersion']],
  'batch/CronJob': [['spec'], ['spec', 'jobTemplate', 'spec'], ['spec', 'jobTemplate', 'spec', 'template', 'spec']],
  'batch/Job': TEMPLATE,
  'networking.k8s.io/Ingress': [['spec']],
  'networking.k8s.io/IngressClass': [['spec'], ['spec', 'controller']],
};

export const missingSpec = objectRule({
  id: 'semantic/missing-spec',
  title: 'An object without the part that says what it is to be',
  severity: 'error',
  wholeOnly: true,
  kinds: Object.keys(NEEDED),
  check(object, report) {
    for (const steps of NEEDED[groupKindOf(object)] ?? []) {
      const parents = steps.slice(0, -1);
      const parent = parents.reduce<unknown>(
        (value, step) => (isObject(value) ? value[step] : undefined),
        object.value,
      );
      const name = steps.at(-1) ?? '';
      if (!isObject(parent)) break;
      if (isSet(parent as Json, name)) continue;
      report([...object.path, ...parents], `lacks ${name}`, { at: 'key' });
      break;
    }
  },
});
