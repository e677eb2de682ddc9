import { objectRule } from '../kubernetes/define-rule.ts';
import { dnsLabel, quote } from '../kubernetes/names.ts';
import { portNumberProblem } from '../kubernetes/ports.ts';
import { type Place, placesIn, textIn } from '../kubernetes/reading.ts';
import { rootOf } from '../kubernetes/specs.ts';

export const endpointPort = objectRule({
  id: 'semantic/endpoint-port',
  title: 'An endpoint at a port with a number or name that no port has',
  severity: 'error',
  kinds: ['/Endpoints', 'discovery.k8s.io/EndpointSlice'],
  check(object, report) {
    const root = rootOf(object);
    const isSlice = object.resource.kind === 'EndpointSlice';
    const lists = isSlice
      ? [placesIn(root, 'ports')]
      : placesIn(root, 'subsets').map((subset) => placesIn(subset, 'ports'));
    for (const ports of lists) {
      for (const { value, path } of ports) {
        // Slices are not held to the numbers that ports have.
        const problem = isSlice ? undefined : portNumberProblem(value.port);
        if (problem !== undefined) report([...path, 'port'], problem);
        const name = textIn(value, 'name');
        const wrong = name === undefined || name === '' ? undefined : dnsLabel(name);
        if (wrong !== undefined) report([...path, 'name'], wrong);
      }
      const again = repeatedName(ports);
      if (again !== undefined)
        report(again.path, `has the name ${quote(String(again.value.name ?? ''))}, as another port has it`, {
          at: 'key',
        });
    }
  },
});

/** The first port with a name that stood before; no name is one as well. */
function repeatedName(ports: readonly Place[]): Place | undefined {
  const names = ports.map(({ value }) => value.name ?? '');
  return ports.find((_, index) => names.indexOf(names[index] ?? '') !== index);
}
