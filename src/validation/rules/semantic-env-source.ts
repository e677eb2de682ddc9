import { containerRule } from '../kubernetes/define-rule.ts';
import { fieldsOf, placeIn } from '../kubernetes/reading.ts';

const SOURCES = ['configMapKeyRef', 'fieldRef', 'fileKeyRef', 'resourceFieldRef', 'secretKeyRef'];
const SOURCES_OF_ALL = ['configMapRef', 'secretRef'];

export const envSource = containerRule({
  id: 'semantic/env-source',
  title: 'An environment variable from no source or from two',
  severity: 'error',
  needs: ['valueFrom', 'envFrom'],
  wholeOnly: true,
  check(container, report) {
    for (const variable of container.env) {
      const source = placeIn(variable, 'valueFrom');
      if (source === undefined) continue;
      const found = fieldsOf(source.value, SOURCES);
      if (found.length !== 1) report(source.path, `must have ${oneOf(SOURCES, found)}`, { at: 'key' });
    }
    for (const source of container.envFrom) {
      const found = fieldsOf(source.value, SOURCES_OF_ALL);
      if (found.length !== 1) report(source.path, `must have ${oneOf(SOURCES_OF_ALL, found)}`, { at: 'key' });
    }
  },
});

function oneOf(wanted: readonly string[], found: readonly string[]): string {
  return `one of ${wanted.join(', ')}, not ${found.length === 0 ? 'none' : found.join(' and ')}`;
}
