import { qualifiedName, quote } from './names.ts';
import { type Json, numberIn, textIn } from './reading.ts';

const ENV_FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];
const FILE_FIELDS = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];
const RESOURCES = ['cpu', 'ephemeral-storage', 'memory'].flatMap((name) => [`limits.${name}`, `requests.${name}`]);

/** What is wrong with the path of a fieldRef (https://kubernetes.io/docs/concepts/workloads/pods/downward-api/). */
export function fieldPathProblem(fieldRef: Json, inFile: boolean): string | undefined {
  const path = textIn(fieldRef, 'fieldPath');
  if (path === undefined) return undefined;
  const [, map, key] = /^(metadata\.(?:annotations|labels))\['(.*)'\]$/.exec(path) ?? [];
  if (map !== undefined) return qualifiedName((key ?? '').toLowerCase());
  const allowed = inFile ? FILE_FIELDS : ENV_FIELDS;
  if (allowed.includes(path)) return undefined;
  return `must be one of ${allowed.join(', ')}, or metadata.labels['KEY'], not ${quote(path)}`;
}

/** What is wrong with a resourceFieldRef; the place is its field `resource`. */
export function resourceFieldProblem(reference: Json): string | undefined {
  const resource = textIn(reference, 'resource');
  if (resource === undefined || RESOURCES.includes(resource)) return undefined;
  if (/^(limits|requests)\.hugepages-/.test(resource)) return undefined;
  return `must be one of ${RESOURCES.join(', ')}, not ${quote(resource)}`;
}

/** What is wrong with the divisor of a resourceFieldRef. */
export function divisorProblem(reference: Json): string | undefined {
  const divisor = numberIn(reference, 'divisor') ?? textIn(reference, 'divisor');
  if (divisor === undefined || Number(divisor) === 0) return undefined;
  const isCpu = textIn(reference, 'resource')?.endsWith('.cpu') === true;
  const allowed = isCpu ? /^1m?$/ : /^1([kMGTPE]|[KMGTPE]i)?$/;
  const names = isCpu ? '1 or 1m' : '1, 1k, 1Ki, 1M, 1Mi and so on';
  return allowed.test(String(divisor)) ? undefined : `must be ${names}, not ${quote(String(divisor))}`;
}
