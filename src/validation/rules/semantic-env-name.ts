import { containerRule } from '../kubernetes/define-rule.ts';
import { quote } from '../kubernetes/names.ts';
import { textIn } from '../kubernetes/reading.ts';
import { isAtLeast } from '../kubernetes/versions.ts';

export const invalidEnvName = containerRule({
  id: 'semantic/env-name',
  title: 'An environment variable with a name that the server does not accept',
  severity: 'error',
  needs: ['env', 'envFrom'],
  check(container, report, context) {
    const entries = [
      ...container.env.map((place) => [place, 'name'] as const),
      ...container.envFrom.map((place) => [place, 'prefix'] as const),
    ];
    if (entries.length === 0) return;
    const isRelaxed = isAtLeast(context, 32);
    for (const [{ value, path }, field] of entries) {
      const name = textIn(value, field);
      if (name === undefined || (name === '' && field === 'prefix')) continue;
      const problem = problemOf(name, isRelaxed);
      if (problem !== undefined) report([...path, field], problem);
    }
  },
});

/** Kubernetes 1.32 took away most limits (https://kep.k8s.io/4369). */
function problemOf(name: string, isRelaxed: boolean): string | undefined {
  if (name === '') return 'must not be empty';
  if (isRelaxed) return /^[ -<>-~]+$/.test(name) ? undefined : `must be printable ASCII without =, not ${quote(name)}`;
  if (name === '.' || name === '..' || name.startsWith('..')) return `must not begin with .., as ${quote(name)} does`;
  return /^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name)
    ? undefined
    : `must be letters, digits, -, _ and ., and not begin with a digit, unlike ${quote(name)}`;
}
