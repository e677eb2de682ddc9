import { placeRule } from '../kubernetes/define-rule.ts';
import { type Place, placeIn } from '../kubernetes/reading.ts';
import { isOver100, isZero, shareOf, shareProblem } from '../kubernetes/shares.ts';
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
    // Of the two that have an updateStrategy, only a DaemonSet has a maxSurge.
    if (path.includes('updateStrategy') && isSome(value.maxSurge) && isSome(value.maxUnavailable))
      report([...path, 'maxSurge'], 'must be 0 in a DaemonSet whose maxUnavailable is not 0');
    const isStatefulSet = path.includes('updateStrategy') && value.partition !== undefined;
    if (isStatefulSet && isZero(value.maxUnavailable)) report([...path, 'maxUnavailable'], 'must not be 0');
  },
});

function isSome(value: unknown): boolean {
  return shareOf(value) !== undefined && !isZero(value);
}

export function rollingUpdateOf(object: ManifestObject): Place | undefined {
  const spec = specOf(object);
  return placeIn(placeIn(spec, object.resource.kind === 'Deployment' ? 'strategy' : 'updateStrategy'), 'rollingUpdate');
}
