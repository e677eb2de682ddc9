import { qualifiedName, quote } from './names.ts';
import { isFilledInLater } from './reading.ts';

/** Names of resources without a / that a container may ask for. */
const CONTAINER_RESOURCES: ReadonlySet<string> = new Set(['cpu', 'ephemeral-storage', 'memory']);

const QUOTA_RESOURCES: ReadonlySet<string> = new Set([
  'configmaps',
  'cpu',
  'ephemeral-storage',
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'memory',
  'persistentvolumeclaims',
  'pods',
  'replicationcontrollers',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
  'requests.storage',
  'resourcequotas',
  'secrets',
  'services',
  'services.loadbalancers',
  'services.nodeports',
]);

/** Names without a / that are known in some place of the API. */
const STANDARD: ReadonlySet<string> = new Set([...QUOTA_RESOURCES, 'storage']);

/** What is wrong with the name of a resource in a container's requests and limits. */
export function containerResourceProblem(name: string): string | undefined {
  if (isFilledInLater(name)) return undefined;
  const problem = qualifiedName(name);
  if (problem !== undefined) return problem;
  if (!name.includes('/')) {
    const isKnown = CONTAINER_RESOURCES.has(name) || name.startsWith('hugepages-');
    return isKnown
      ? undefined
      : 'is no resource of a container: cpu, memory, ephemeral-storage, hugepages-SIZE or DOMAIN/NAME';
  }
  return isNative(name) || isExtended(name) ? undefined : `must not begin with requests., as ${quote(name)} does`;
}

export function quotaResourceProblem(name: string): string | undefined {
  const problem = qualifiedName(name);
  if (problem !== undefined || name.includes('/')) return problem;
  const isKnown = QUOTA_RESOURCES.has(name) || /^(requests\.)?hugepages-/.test(name) || name.startsWith('count.');
  return isKnown
    ? undefined
    : 'is nothing that a quota can limit, such as pods, requests.cpu or count/deployments.apps';
}

/** For limits of claims and images, whose names only have to be known somewhere. */
export function anyResourceProblem(name: string): string | undefined {
  const problem = qualifiedName(name);
  if (problem !== undefined || name.includes('/')) return problem;
  return STANDARD.has(name) || /^(requests\.)?hugepages-/.test(name) ? undefined : 'is no resource of Kubernetes';
}

/** Resources of devices and the like come in whole numbers, and requests are limits. */
export function isExtended(name: string): boolean {
  return name.includes('/') && !isNative(name) && !name.startsWith('requests.');
}

export function isHugePages(name: string): boolean {
  return name.startsWith('hugepages-');
}

function isNative(name: string): boolean {
  return !name.includes('/') || /(^|\.)kubernetes\.io\//.test(name);
}
