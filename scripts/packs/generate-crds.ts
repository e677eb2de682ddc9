import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const FOLDER = resolve(import.meta.dirname, 'go-types');

/**
 * The CRDs that controller-gen makes of the types in these modules, as YAML texts in the order of their file names.
 * Module, tool and all they need are pinned in `go-types/go.mod` and `go.sum`, so that the same texts come out.
 */
export function generateCrds(modules: readonly string[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'drawbridge-crds-'));
  try {
    const paths = modules.map((module) => `paths=${module}/...`);
    execFileSync('go', ['tool', 'controller-gen', 'crd', ...paths, `output:crd:dir=${folder}`], {
      cwd: FOLDER,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return readdirSync(folder)
      .sort()
      .map((name) => readFileSync(join(folder, name), 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
