import type { Json } from '../api/json.ts';
import type { Diagnosis } from '../delivery-engine.ts';
import type { Cluster } from '../kubernetes-api/cluster.ts';
import { keyOf } from '../kubernetes-api/objects.ts';
import { type PodTrouble, restartsOf } from '../object-health/pods.ts';
import type { Found } from './collect.ts';

const LOGGED_PODS = 2;
const LOG_LINES = 15;

interface Logs {
  readonly sections: Diagnosis['sections'];
  /** Namespaces whose logs may not be read. */
  readonly refused: readonly string[];
}

interface Speaker {
  readonly pod: Json;
  readonly trouble: PodTrouble;
}

/** Of a container that restarts, what it said before is what tells why. */
export async function lastLogLines(cluster: Cluster, found: readonly Found[], signal: AbortSignal): Promise<Logs> {
  const speakers = found.flatMap(speakersOf).slice(0, LOGGED_PODS);
  const logs = await Promise.all(speakers.map((speaker) => logOf(cluster, speaker, signal)));
  const sections = logs.flatMap(({ title, lines }) => (lines === 'forbidden' ? [] : [{ title, lines }]));
  const refused = logs.flatMap(({ lines, namespace }) => (lines === 'forbidden' ? [namespace] : []));
  return { sections, refused: [...new Set(refused)] };
}

/** A container that was never started has said nothing. */
function speakersOf({ pods, troubles }: Found): readonly Speaker[] {
  return troubles.flatMap((trouble) => {
    const pod = pods.find((one) => keyOf(one).name === trouble.pod);
    const hasRun = trouble.kind === 'crash' || trouble.kind === 'restarted' || trouble.kind === 'failed';
    return hasRun && pod !== undefined ? [{ pod, trouble }] : [];
  });
}

async function logOf(cluster: Cluster, { pod, trouble }: Speaker, signal: AbortSignal) {
  const key = keyOf(pod);
  const namespace = key.namespace ?? '';
  const read = async (previous: boolean) => {
    const container = trouble.container === undefined ? {} : { container: trouble.container };
    const options = { ...container, lines: LOG_LINES, previous };
    const reading = await cluster.logs(key, options, signal).catch(() => undefined);
    if (reading?.kind === 'forbidden') return 'forbidden' as const;
    return reading?.kind === 'found' ? reading.value : [];
  };
  const before = restartsOf(pod) > 0 ? await read(true) : [];
  const isBefore = before === 'forbidden' || before.length > 0;
  const lines = isBefore ? before : await read(false);
  return { namespace, lines, title: `Last log lines of ${key.name}${isBefore ? ', before its restart' : ''}` };
}
