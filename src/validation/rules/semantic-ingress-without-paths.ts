import { placeRule } from '../kubernetes/define-rule.ts';
import { placeIn, placesIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

export const ingressWithoutPaths = placeRule(specOf, {
  id: 'semantic/ingress-without-paths',
  title: 'A host of an Ingress without a path',
  severity: 'error',
  wholeOnly: true,
  kinds: ['networking.k8s.io/Ingress'],
  check(spec, report) {
    for (const rule of placesIn(spec, 'rules')) {
      const http = placeIn(rule, 'http');
      const paths = http?.value.paths;
      if (http !== undefined && Array.isArray(paths) && paths.length === 0)
        report([...http.path, 'paths'], 'must have at least one path', { at: 'key' });
    }
  },
});
