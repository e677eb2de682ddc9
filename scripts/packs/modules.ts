import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The archive of a Go module in the module cache, or undefined where it was never downloaded, or there is no Go. */
export function cachedModule(module: string, version: string): string | undefined {
  const cache = moduleCache();
  if (cache === undefined) return undefined;
  const path = join(cache, 'cache', 'download', module, '@v', `${version}.zip`);
  return existsSync(path) ? path : undefined;
}

/** As `cachedModule`, downloading it through the module proxy, checked against Go's checksum database. */
export function downloadModule(module: string, version: string): string {
  const cached = cachedModule(module, version);
  if (cached !== undefined) return cached;
  const folder = mkdtempSync(join(tmpdir(), 'drawbridge-packs-'));
  try {
    const env = { ...process.env, GOFLAGS: '-mod=mod' };
    const options = { cwd: folder, encoding: 'utf8', env, maxBuffer: 1 << 20 } as const;
    const answer = JSON.parse(execFileSync('go', ['mod', 'download', '-json', `${module}@${version}`], options));
    if (typeof answer.Zip !== 'string') throw new Error(`go mod download named no archive for ${module}@${version}`);
    return answer.Zip;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function moduleCache(): string | undefined {
  try {
    return execFileSync('go', ['env', 'GOMODCACHE'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
