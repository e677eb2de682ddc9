import type { ClusterAccess } from './cluster.ts';

/** An authority that a cluster names is the only one that may vouch for it: no public one can stand in for its server. */
export function trusted(own: string | undefined, given: string | undefined): ClusterAccess['tls'] {
  const ca = [own, given].filter((text) => text !== undefined).join('\n');
  return ca === '' ? {} : { ca, ...(own === undefined ? {} : { onlyCa: true }) };
}
