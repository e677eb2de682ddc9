import { containerRule } from '../kubernetes/define-rule.ts';
import { divisorProblem, fieldPathProblem, resourceFieldProblem } from '../kubernetes/field-paths.ts';
import { placeIn } from '../kubernetes/reading.ts';

export const unsupportedFieldPath = containerRule({
  id: 'semantic/field-path',
  title: 'An environment variable from a field that cannot be read',
  severity: 'error',
  needs: ['fieldRef', 'resourceFieldRef'],
  check(container, report) {
    for (const variable of container.env) {
      const source = placeIn(variable, 'valueFrom');
      const field = placeIn(source, 'fieldRef');
      const problem = field === undefined ? undefined : fieldPathProblem(field.value, false);
      if (field !== undefined && problem !== undefined) report([...field.path, 'fieldPath'], problem);
      const resource = placeIn(source, 'resourceFieldRef');
      if (resource === undefined) continue;
      const nameProblem = resourceFieldProblem(resource.value);
      if (nameProblem !== undefined) report([...resource.path, 'resource'], nameProblem);
      const problemOfDivisor = divisorProblem(resource.value);
      if (problemOfDivisor !== undefined) report([...resource.path, 'divisor'], problemOfDivisor);
    }
  },
});
