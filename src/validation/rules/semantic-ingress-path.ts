import { objectRule } from '../kubernetes/define-rule.ts';
import { ingressPathsOf } from '../kubernetes/ingresses.ts';
import { quote } from '../kubernetes/names.ts';
import { textIn } from '../kubernetes/reading.ts';

const FORBIDDEN = ['//', '/./', '/../', '%2f', '%2F'];

export const invalidIngressPath = objectRule({
  id: 'semantic/ingress-path',
  title: 'A path of an Ingress that no request has',
  severity: 'error',
  wholeOnly: true,
  kinds: ['networking.k8s.io/Ingress'],
  check(object, report) {
    for (const { value, path } of ingressPathsOf(object)) {
      const type = textIn(value, 'pathType');
      const text = value.path === undefined || value.path === null ? '' : textIn(value, 'path');
      if (type === undefined || text === undefined || (text === '' && type === 'ImplementationSpecific')) continue;
      const problem = pathProblem(text, type);
      if (problem === undefined) continue;
      if (text === '') report(path, `lacks a path, which the pathType ${type} needs`, { at: 'key' });
      else report([...path, 'path'], problem);
    }
  },
});

function pathProblem(path: string, type: string): string | undefined {
  if (!path.startsWith('/')) return `must begin with /, unlike ${quote(path)}`;
  if (type === 'ImplementationSpecific') return undefined;
  const sequence = FORBIDDEN.find((part) => path.includes(part));
  if (sequence !== undefined) return `must not contain ${sequence}`;
  return /\/\.\.?$/.test(path) ? 'must not end with /. or /..' : undefined;
}
