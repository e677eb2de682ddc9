import type { Host } from '../host.ts';
import { discover } from '../manifests/discover.ts';
import type { CheckOptions } from '../validation/check.ts';

/**
 * The files that the input `policies` names, for a check.
 * @throws ToolError missing with every path that does not exist; data, io
 */
export async function readPolicies(host: Host, paths: readonly string[]): Promise<Pick<CheckOptions, 'policies'>> {
  return paths.length === 0 ? {} : { policies: (await discover(host, paths, { ignore: [] })).files };
}
