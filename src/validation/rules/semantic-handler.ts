import { containerRule, type Report } from '../kubernetes/define-rule.ts';
import { HOOK_HANDLERS, PROBE_HANDLERS } from '../kubernetes/handlers.ts';
import { fieldsOf, listIn, type Place, placeIn } from '../kubernetes/reading.ts';

export const oneHandler = containerRule({
  id: 'semantic/handler',
  title: 'A probe or hook that does nothing, or two things',
  severity: 'error',
  needs: ['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle'],
  wholeOnly: true,
  check(container, report) {
    for (const probe of container.probes) checkHandler(probe, PROBE_HANDLERS, report);
    for (const hook of container.hooks) checkHandler(hook, HOOK_HANDLERS, report);
  },
});

function checkHandler(place: Place, handlers: readonly string[], report: Report): void {
  const found = fieldsOf(place.value, handlers);
  if (found.length !== 1) {
    const instead = found.length === 0 ? 'none' : found.join(' and ');
    report(place.path, `must have one of ${handlers.join(', ')}, not ${instead}`, { at: 'key' });
  }
  const exec = placeIn(place, 'exec');
  if (exec !== undefined && listIn(exec.value, 'command').length === 0)
    report(exec.path, 'lacks a command', { at: 'key' });
}
