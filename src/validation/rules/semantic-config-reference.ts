import { containerRule, type Report } from '../kubernetes/define-rule.ts';
import { configKey, dnsSubdomain } from '../kubernetes/names.ts';
import { type Place, placeIn, textIn } from '../kubernetes/reading.ts';

export const configReference = containerRule({
  id: 'semantic/config-reference',
  title: 'A reference to a ConfigMap or Secret that cannot exist under this name, or to a key that cannot be in it',
  severity: 'error',
  needs: ['valueFrom', 'envFrom'],
  check(container, report) {
    for (const variable of container.env) {
      const source = placeIn(variable, 'valueFrom');
      for (const field of ['configMapKeyRef', 'secretKeyRef']) {
        const reference = placeIn(source, field);
        if (reference !== undefined) checkReference(reference, report, true);
      }
    }
    for (const source of container.envFrom) {
      for (const field of ['configMapRef', 'secretRef']) {
        const reference = placeIn(source, field);
        if (reference !== undefined) checkReference(reference, report, false);
      }
    }
  },
});

function checkReference({ value, path }: Place, report: Report, needsKey: boolean): void {
  const name = value.name ?? '';
  const settled = name === '' ? '' : textIn(value, 'name');
  const problem = settled === undefined ? undefined : settled === '' ? 'must not be empty' : dnsSubdomain(settled);
  if (problem !== undefined) report([...path, 'name'], problem);
  const key = needsKey ? textIn(value, 'key') : undefined;
  const keyProblem = key === undefined ? undefined : key === '' ? 'must not be empty' : configKey(key);
  if (keyProblem !== undefined) report([...path, 'key'], keyProblem);
}
