/** What other validators say of the same files with the same schemas. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildKubeconform, KUBECONFORM, kubeconformOn } from '../bench/rivals.ts';
import type { Mutant } from './mutants.ts';

/** The keys of the mutants that a program finds fault with, or why it was not asked. */
export type Verdicts =
  | { readonly title: string; readonly flagged: ReadonlySet<string> }
  | { readonly title: string; readonly reason: string };

/** One file for each mutant, named by its key: two keys may differ only in case. */
export function writeMutants(mutants: readonly Mutant[], folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [index, { yaml, key }] of mutants.entries()) writeFileSync(join(folder, nameOf(key, index)), yaml.text);
}

function nameOf(key: string, index: number): string {
  return `m${index}.${key}.yaml`;
}

export function verdictsOfRivals(folder: string, schemas: string): readonly Verdicts[] {
  return [kubeconformVerdicts(folder, schemas), fluxSchemaVerdicts(folder, schemas)];
}

interface Report {
  readonly resources?: readonly { readonly filename: string; readonly status: string }[];
  readonly report?: { readonly results?: readonly { readonly source: string; readonly status: string }[] };
}

function kubeconformVerdicts(folder: string, schemas: string): Verdicts {
  const title = `${KUBECONFORM} -strict`;
  const built = buildKubeconform();
  if ('reason' in built) return { title, reason: built.reason };
  const { resources = [] } = reportOf(kubeconformOn(built.path, schemas, folder).command);
  return { title, flagged: keysOf(resources.map(({ filename, status }) => ({ file: filename, status }))) };
}

/** It is not in the module proxy: https://github.com/fluxcd/flux-schema tells how to install it. */
function fluxSchemaVerdicts(folder: string, schemas: string): Verdicts {
  const program = process.env.BENCH_FLUX_SCHEMA ?? 'flux-schema';
  const { status, stdout } = spawnSync(program, ['version'], { encoding: 'utf8' });
  if (status !== 0) return { title: 'flux-schema', reason: 'skipped, as it is not installed' };
  const places = ['{{.Kind}}-{{.GroupPrefix}}-{{.Version}}.json', '{{.Kind}}-{{.Version}}.json'];
  const locations = places.flatMap((place) => ['--schema-location', join(schemas, place)]);
  const { report = {} } = reportOf([program, 'validate', folder, ...locations, '--output', 'json']);
  const files = (report.results ?? []).map(({ source, status: verdict }) => ({ file: source, status: verdict }));
  const version = stdout.trim().split(/\s+/).at(-1) ?? '';
  return { title: `flux-schema ${version.startsWith('0.0.0') ? 'from source' : version}`, flagged: keysOf(files) };
}

function reportOf([program = '', ...args]: readonly string[]): Report {
  const { stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0 && status !== 1) throw new Error(`${program} failed (${status}): ${stderr.slice(-500)}`);
  return JSON.parse(stdout) as Report;
}

function keysOf(results: readonly { readonly file: string; readonly status: string }[]): ReadonlySet<string> {
  const bad = results.filter(({ status }) => /invalid|error/i.test(status));
  return new Set(bad.flatMap(({ file }) => /\.([\w-]{6})\.yaml$/.exec(file)?.[1] ?? []));
}
