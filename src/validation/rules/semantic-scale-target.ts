import { placeRule } from '../kubernetes/define-rule.ts';
import { dnsSubdomain, pathSegment, quote } from '../kubernetes/names.ts';
import { placeIn, textIn } from '../kubernetes/reading.ts';
import { specOf } from '../kubernetes/specs.ts';

export const scaleTarget = placeRule((object) => placeIn(specOf(object), 'scaleTargetRef'), {
  id: 'semantic/scale-target',
  title: 'An autoscaler of something that cannot be',
  severity: 'error',
  kinds: ['autoscaling/HorizontalPodAutoscaler'],
  check(target, report) {
    const { value } = target;
    for (const field of ['kind', 'name']) {
      const text = textIn(value, field);
      const problem = text === undefined ? undefined : text === '' ? 'must not be empty' : pathSegment(text);
      if (problem !== undefined) report([...target.path, field], problem);
    }
    const apiVersion = textIn(value, 'apiVersion');
    const isCore = apiVersion === 'v1' && value.kind === 'ReplicationController';
    if (apiVersion === undefined || isCore) return;
    const [group = '', ...rest] = apiVersion.split('/');
    if (rest.length !== 1 || dnsSubdomain(group) !== undefined)
      report([...target.path, 'apiVersion'], `must be a group and a version such as apps/v1, not ${quote(apiVersion)}`);
  },
});
