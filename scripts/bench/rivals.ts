/** kubeconform, built from its Go module into a cache folder, with the settings that are fastest for it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { cpus, homedir } from 'node:os';
import { join } from 'node:path';
import type { Program } from './measure.ts';

const MODULE = 'github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0';
export const KUBECONFORM = 'kubeconform 0.8.0';

/** The path of the program, or why there is none. */
export function buildKubeconform(): { readonly path: string } | { readonly reason: string } {
  const folder = process.env.BENCH_CACHE ?? join(homedir(), '.cache', 'drawbridge-bench');
  const path = join(folder, 'kubeconform');
  if (existsSync(path)) return { path };
  if (spawnSync('go', ['version']).status !== 0) return { reason: 'skipped, as Go is not installed' };
  mkdirSync(folder, { recursive: true });
  const built = spawnSync('go', ['install', MODULE], { env: { ...process.env, GOBIN: folder }, encoding: 'utf8' });
  return built.status === 0
    ? { path }
    : { reason: `skipped, as it could not be built: ${built.stderr.trim().slice(0, 200)}` };
}

/** On the same files, with the same schemas, unknown fields not allowed; kinds without a schema are passed over. */
export function kubeconformOn(path: string, schemas: string, folder: string): Program {
  const location = join(schemas, '{{.ResourceKind}}{{.KindSuffix}}.json');
  const settings = ['-strict', '-ignore-missing-schemas', '-output', 'json', '-n', String(cpus().length)];
  return { title: KUBECONFORM, command: [path, '-schema-location', location, ...settings, folder], folder };
}
