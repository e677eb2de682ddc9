import { containerRule } from '../kubernetes/define-rule.ts';
import { httpHeaderName } from '../kubernetes/names.ts';
import { portNameProblem, portNumberProblem } from '../kubernetes/ports.ts';
import { placeIn, placesIn, textIn } from '../kubernetes/reading.ts';

export const handlerPort = containerRule({
  id: 'semantic/handler-port',
  title: 'A probe or hook with a port or a header that cannot be',
  severity: 'error',
  needs: ['grpc', 'httpGet', 'tcpSocket'],
  check(container, report) {
    for (const place of [...container.probes, ...container.hooks]) {
      for (const field of ['grpc', 'httpGet', 'tcpSocket']) {
        const handler = placeIn(place, field);
        if (handler === undefined) continue;
        const { port } = handler.value;
        const problem = portNumberProblem(port) ?? portNameProblem(port);
        const hint = typeof port === 'string' && /^\d+$/.test(port) ? 'Take the quotes off.' : undefined;
        if (problem !== undefined) report([...handler.path, 'port'], problem, { hint });
        for (const header of placesIn(handler, 'httpHeaders')) {
          const name = textIn(header.value, 'name');
          const wrong = name === undefined ? undefined : httpHeaderName(name);
          if (wrong !== undefined) report([...header.path, 'name'], wrong);
        }
      }
    }
  },
});
