import { join } from 'node:path';
import type { Host } from '../host.ts';
import { type Clean, findPrograms, type Printed, type Program, type Programs, runProgram } from './programs.ts';
import { cacheKey, openRenderCache } from './render-cache.ts';

/** A temporary copy of what is rendered, and the programs that work on it. Nothing is ever rendered where it stands. */
export interface Workshop {
  readonly programs: Programs;
  /** The programs whose results were used, by name with their version. */
  readonly used: ReadonlyMap<string, string>;
  /** Runs `kustomize build` on a kustomization that stands beside the copied tree. */
  kustomize(program: Program, content: string, files: Files, clean: Clean): Promise<Printed>;
  /** Runs `helm template` on a chart. */
  helm(program: Program, order: HelmOrder): Promise<Printed>;
  close(): Promise<void>;
}

/** By path, from the top of the repository. */
export type Files = ReadonlyMap<string, Uint8Array>;

export interface HelmOrder {
  /** Where the chart lies among the files. */
  readonly chart: string;
  readonly files: Files;
  readonly release: string;
  readonly options: readonly string[];
  readonly values: readonly string[];
  readonly clean: Clean;
}

/** From a kustomization of ours to the top of the copied tree. */
export const TO_TREE = '../../tree';

/** kustomize may read beside a kustomization, as Flux lets it: what it can reach is a copy of what was looked through. */
const BUILD: Readonly<Record<'kustomize' | 'kubectl', readonly string[]>> = {
  kustomize: ['build', '--load-restrictor=LoadRestrictionsNone', '.'],
  kubectl: ['kustomize', '--load-restrictor=LoadRestrictionsNone', '.'],
};
const FORMAT = 1;

export async function openWorkshop(host: Host): Promise<Workshop> {
  const root = await host.files.makeTemporary('drawbridge-render');
  const home = join(root, 'home');
  await host.files.write(join(home, 'bin', 'empty'), '');
  const programs = await findPrograms(host, home);
  const cache = await openRenderCache(host);
  const written = new Set<string>();
  const used = new Map<string, string>();
  let count = 0;
  const copy = async (area: string, files: Files) => {
    for (const [path, bytes] of files) {
      const target = join(root, area, path);
      if (written.has(target)) continue;
      written.add(target);
      await host.files.write(target, bytes);
    }
  };
  const run = async (
    program: Program,
    args: readonly string[],
    texts: Readonly<Record<string, string>>,
    area: string,
    files: Files,
    clean: Clean,
  ): Promise<Printed> => {
    const version = await program.version();
    used.set(program.name, version);
    const key = cacheKey([String(FORMAT), program.name, version, ...args, JSON.stringify(texts)], files);
    const known = cache.get(key);
    if (known !== undefined) return { ok: true, text: known };
    await copy(area, files);
    const folder = join(root, 'units', String(count++));
    for (const [name, text] of Object.entries(texts)) await host.files.write(join(folder, name), text);
    const result = await runProgram(host, program, args, { home, folder }, (words) => plain(clean(words), root));
    if (result.ok) cache.put(key, result.text);
    return result.ok ? result : { ok: false, reason: plain(result.reason, root) };
  };
  return {
    programs,
    used,
    kustomize: (program, content, files, clean) =>
      run(
        program,
        program.name === 'helm' ? [] : BUILD[program.name],
        { 'kustomization.yaml': content },
        'tree',
        files,
        clean,
      ),
    helm(program, { chart, files, release, options, values, clean }) {
      const texts = Object.fromEntries(values.map((text, index) => [`values-${index}.yaml`, text]));
      const flags = Object.keys(texts).map((name) => `--values=${name}`);
      const args = ['template', release, `../../charts/${chart}`, ...options, ...flags];
      return run(program, args, { ...texts, 'values.yaml': '' }, 'charts', files, clean);
    },
    async close() {
      await cache.close();
      await host.files.removeTemporary(root);
    },
  };
}

/** Paths as people know them, in place of those of the copy. */
function plain(reason: string, root: string): string {
  return reason
    .replaceAll(`${root}/tree/`, '')
    .replaceAll(`${root}/charts/`, '')
    .replaceAll(`${root}/tree`, '.')
    .replaceAll(`${TO_TREE}/`, '')
    .replaceAll('../../charts/', '')
    .replaceAll(`'${TO_TREE}'`, "'.'")
    .replace(new RegExp(`${root.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}/units/\\d+/?`, 'g'), '');
}
