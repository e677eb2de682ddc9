import { placeRule } from '../kubernetes/define-rule.ts';
import { type Place, placeIn } from '../kubernetes/reading.ts';
import { isOver100, isZero, shareProblem } from '../kubernetes/shares.ts';
import { specOf, WORKLOADS } from '../kubernetes/specs.ts';
import type { ManifestObject } from './rule.ts';

export const rollingUpdateShare = placeRule(rollingUpdateOf, {
  id: 'semantic/rolling-update',
  title: 'A rolling update with a number of pods that cannot be',
  severity: 'error',
  kinds: WORKLOADS,
  check({ value, path }, report) {
    for (const field of ['maxSurge', 'maxUnavailable']) {
      const problem = shareProblem(value[field]);
      if (problem !== undefined) report([...path, field], problem);
      else if (isOver100(value[field]) && (field === 'maxUnavailable' || path.includes('updateStrategy')))
        report([...path, field], 'must be at most 100%');
    }
    const isStatefulSet = path.includes('updateStrategy') && value.partition !== undefined;
    if (isStatefulSet && isZero(value.maxUnavailable)) report([...path, 'maxUnavailable'], 'must not be 0');
  },
});

export function rollingUpdateOf(object: ManifestObject): Place | undefined {
  const spec = specOf(object);
  return placeIn(placeIn(spec, object.resource.kind === 'Deployment' ? 'strategy' : 'updateStrategy'), 'rollingUpdate');
}
