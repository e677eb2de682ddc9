import { objectRule } from '../kubernetes/define-rule.ts';
import { isSet, numberIn, objectIn, placeIn, textIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

export const apiService = objectRule({
  id: 'semantic/api-service',
  title: 'An APIService with a name, priority or trust that cannot be',
  severity: 'error',
  wholeOnly: true,
  kinds: ['apiregistration.k8s.io/APIService'],
  check(object, report) {
    const spec = specOf(object);
    const [group, version, name] = [
      textIn(spec?.value, 'group') ?? '',
      textIn(spec?.value, 'version'),
      textIn(objectIn(object.value, 'metadata'), 'name'),
    ];
    if (spec === undefined) return;
    if (version !== undefined && name !== undefined && name !== `${version}.${group}`)
      report([...object.path, 'metadata', 'name'], `must be ${version}.${group}, made of spec.version and spec.group`);
    for (const [field, most] of [
      ['groupPriorityMinimum', 20000],
      ['versionPriority', 1000],
    ] as const) {
      const priority = numberIn(spec.value, field);
      if (priority !== undefined && (priority < 1 || priority > most))
        report([...spec.path, field], `must be 1 to ${most}, not ${priority}`);
    }
    const service = placeIn(spec, 'service');
    for (const field of ['name', 'namespace'])
      if (service !== undefined && (!isSet(service.value, field) || service.value[field] === ''))
        report(service.path, `lacks ${field}`, { at: 'key' });
    if (service === undefined && spec.value.insecureSkipTLSVerify === true)
      report([...spec.path, 'insecureSkipTLSVerify'], 'needs a service beside it', { at: 'key' });
    if (spec.value.insecureSkipTLSVerify === true && isSet(spec.value, 'caBundle'))
      report([...spec.path, 'insecureSkipTLSVerify'], 'cannot be true beside a caBundle');
  },
});
