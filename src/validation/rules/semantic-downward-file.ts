import { podRule } from '../kubernetes/define-rule.ts';
import { divisorProblem, fieldPathProblem, resourceFieldProblem } from '../kubernetes/field-paths.ts';
import { isSet, placeIn, placesIn } from '../kubernetes/reading.ts';
import { fileSourcesOf } from '../kubernetes/volumes.ts';

export const downwardFile = podRule({
  id: 'semantic/downward-file',
  title: 'A downwardAPI file of no field, of two, or of one that cannot be read',
  severity: 'error',
  needs: ['downwardAPI'],
  wholeOnly: true,
  check(pod, report) {
    for (const volume of pod.volumes) {
      for (const source of fileSourcesOf(volume)) {
        if (source.source !== 'downwardAPI') continue;
        for (const item of placesIn(source, 'items')) {
          const [field, resource] = [placeIn(item, 'fieldRef'), placeIn(item, 'resourceFieldRef')];
          if ((field === undefined) === (resource === undefined))
            report(item.path, 'must have one of fieldRef and resourceFieldRef', { at: 'key' });
          const problem = field === undefined ? undefined : fieldPathProblem(field.value, true);
          if (field !== undefined && problem !== undefined) report([...field.path, 'fieldPath'], problem);
          if (resource === undefined) continue;
          if (!isSet(resource.value, 'containerName') || resource.value.containerName === '')
            report(resource.path, 'lacks containerName', { at: 'key' });
          const unknown = resourceFieldProblem(resource.value);
          if (unknown !== undefined) report([...resource.path, 'resource'], unknown);
          const divisor = divisorProblem(resource.value);
          if (divisor !== undefined) report([...resource.path, 'divisor'], divisor);
        }
      }
    }
  },
});
