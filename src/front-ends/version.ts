import type { Host } from '../host.ts';

export interface Build {
  readonly version: string;
  /** Hex; of every file of the built program. */
  readonly hash: string;
}

/** What `scripts/build.ts` stamped the program with; run from source, the version alone is known. */
export async function readBuild(host: Pick<Host, 'asset'>): Promise<Build> {
  for (const name of ['build.json', 'package.json']) {
    const bytes = await host.asset(name).catch(() => undefined);
    if (bytes === undefined) continue;
    const { version, hash = 'source' } = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Build>;
    if (version !== undefined) return { version, hash };
  }
  return { version: '0.0.0', hash: 'source' };
}
