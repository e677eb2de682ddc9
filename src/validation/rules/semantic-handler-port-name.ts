import { containerRule } from '../kubernetes/define-rule.ts';
import { portName, quote } from '../kubernetes/names.ts';
import { placeIn, textIn } from '../kubernetes/reading.ts';
import { nearest } from '../nearest.ts';

export const unknownHandlerPort = containerRule({
  id: 'semantic/handler-port-name',
  title: 'A probe or hook of a port that the container does not have',
  severity: 'warning',
  needs: ['httpGet', 'tcpSocket'],
  wholeOnly: true,
  check(container, report) {
    for (const place of [...container.probes, ...container.hooks]) {
      for (const field of ['httpGet', 'tcpSocket']) {
        const handler = placeIn(place, field);
        const name = textIn(handler?.value, 'port');
        if (handler === undefined || name === undefined || portName(name) !== undefined) continue;
        const names = container.ports.map(({ value }) => value.name);
        if (
          names.includes(name) ||
          names.some((other) => other !== undefined && textIn({ other }, 'other') === undefined)
        )
          continue;
        const similar = nearest(name, names.map(String));
        const hint =
          similar === undefined ? 'Name one of the ports so, or write its number.' : `Did you mean ${similar}?`;
        report([...handler.path, 'port'], `is ${quote(name)}, and no port of the container has this name`, { hint });
      }
    }
  },
});
