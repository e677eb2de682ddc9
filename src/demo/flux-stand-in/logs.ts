import { type Answer, plain } from '../stand-in/answers.ts';
import { isRecord } from '../stand-in/names.ts';
import { refusal } from './status.ts';
import type { Json, KubeObject } from './types.ts';

/** The last lines of a pod's container. Of one that was never started the API server says why there are none. */
export function logOf({ metadata: { name }, status }: KubeObject, query: URLSearchParams): Answer {
  const statuses = Array.isArray(status?.containerStatuses) ? status.containerStatuses.filter(isRecord) : [];
  const wanted = query.get('container') ?? statuses[0]?.name;
  const container = statuses.find((one) => one.name === wanted);
  if (container === undefined) return refusal(400, 'BadRequest', `container ${wanted} is not valid for pod ${name}`);
  if (query.get('previous') === 'true') {
    return refusal(400, 'BadRequest', `previous terminated container "${wanted}" in pod "${name}" not found`);
  }
  if (container.ready !== true) {
    return refusal(
      400,
      'BadRequest',
      `container "${wanted}" in pod "${name}" is waiting to start: ${reasonOf(container)}`,
    );
  }
  const lines = ['starting', `listening, image ${container.image}`];
  const tail = Number(query.get('tailLines') ?? lines.length);
  return plain(`${lines.slice(lines.length - Math.min(tail, lines.length)).join('\n')}\n`, 200);
}

function reasonOf({ state }: Json): string {
  const waiting = isRecord(state) && isRecord(state.waiting) ? state.waiting : {};
  return /ImagePull/.test(String(waiting.reason)) ? 'trying and failing to pull image' : String(waiting.reason);
}
