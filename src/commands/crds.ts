import type { Host } from '../host.ts';
import { discover } from '../manifests/discover.ts';
import type { SourceFile } from '../manifests/source-file.ts';

/**
 * The files that the input `crds` names.
 * @throws ToolError missing with every path that does not exist; data, io
 */
export async function readCrds(host: Host, paths: readonly string[]): Promise<readonly SourceFile[]> {
  return paths.length === 0 ? [] : (await discover(host, paths, { ignore: [] })).files;
}
