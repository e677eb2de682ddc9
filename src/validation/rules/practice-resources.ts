import { containerRule } from '../kubernetes/define-rule.ts';
import { isSet, objectIn } from '../kubernetes/reading.ts';

const WANTED = [
  ['requests', 'cpu'],
  ['requests', 'memory'],
  ['limits', 'memory'],
] as const;

/** A limit stands for the request of the same name. A limit of CPU is a matter of taste. */
export const missingResources = containerRule({
  id: 'practice/resources',
  title: 'A container without requests, or without a limit of memory',
  severity: 'warning',
  optIn: true,
  wholeOnly: true,
  check({ value, path, pod, list }, report) {
    if (list === 'ephemeralContainers' || isSet(pod.value, 'resources')) return;
    const resources = objectIn(value, 'resources');
    const has = (part: string, name: string) => isSet(objectIn(resources, part), name);
    const missing = WANTED.filter(([part, name]) => !has(part, name) && !has('limits', name));
    if (missing.length === 0) return;
    report(path, `has no ${missing.map((names) => names.join('.')).join(', no ')}`, { at: 'key' });
  },
});
