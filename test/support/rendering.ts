import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { it } from '@jest/globals';
import { readCheckout } from '../../src/commands/checkout.ts';
import { discover } from '../../src/manifests/discover.ts';
import type { SourceFile } from '../../src/manifests/source-file.ts';
import { judge } from '../../src/rendering/judge.ts';
import { type Rendered, render, renderKinds } from '../../src/rendering/render.ts';
import { type CheckReport, startCheck } from '../../src/validation/check.ts';
import type { Finding } from '../../src/validation/finding.ts';
import { git } from './bare-repository.ts';
import { bundledSchemas } from './manifests.ts';
import { createRealHost, type RealHost, temporaryFolder } from './real-host.ts';

/** Where the programs that render may be beside PATH: where those for tests against real servers are built. */
const BUILT = join(process.env.LAB_DIR ?? join(process.env.HOME ?? '', '.cache/drawbridge-lab'), 'bin');
const FOLDERS = [BUILT, ...(process.env.PATH ?? '').split(delimiter)];

/** The PATH of a job that has kustomize and Helm. */
export const PROGRAMS_PATH = FOLDERS.join(delimiter);

/** `it`, or a skipped test that names the program which is missing. */
export function itWith(...programs: readonly ('kustomize' | 'helm')[]): typeof it | typeof it.skip {
  return missingOf(programs) === undefined ? it : it.skip;
}

/** Goes before the title of such a test. */
export function needs(...programs: readonly ('kustomize' | 'helm')[]): string {
  const missing = missingOf(programs);
  return missing === undefined ? '' : `(skipped, as ${missing} is not here) `;
}

function missingOf(programs: readonly string[]): string | undefined {
  return programs.find((program) => !FOLDERS.some((folder) => existsSync(join(folder, program))));
}

export interface Repository {
  readonly path: string;
  readonly host: RealHost;
  write(files: Readonly<Record<string, string>>): void;
  /** Commits everything; gives the revision. */
  commit(): string;
  /** The manifests in it, and what they render to. */
  render(...kinds: readonly string[]): Promise<{ readonly files: readonly SourceFile[]; readonly rendered: Rendered }>;
  remove(): void;
}

/** A Git checkout in a temporary folder with these files. */
export function createRepository(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Repository {
  const folder = temporaryFolder();
  git(folder.path, ['init', '--quiet', '--initial-branch=main', '.']);
  const host = createRealHost({ workingDirectory: folder.path, env: { PATH: PROGRAMS_PATH, ...env } });
  const repository: Repository = {
    path: folder.path,
    host,
    write(more) {
      for (const [path, text] of Object.entries(more)) {
        mkdirSync(dirname(join(folder.path, path)), { recursive: true });
        writeFileSync(join(folder.path, path), text);
      }
    },
    commit() {
      git(folder.path, ['add', '--all']);
      git(folder.path, ['commit', '--quiet', '--message=change']);
      return git(folder.path, ['rev-parse', 'HEAD']);
    },
    async render(...kinds) {
      const found = await discover(host, ['.'], { ignore: [] });
      const checkout = await readCheckout(host);
      const request = { files: found.files, repository: checkout?.repository, kinds: renderKinds(kinds) };
      return { files: found.files, rendered: await render(host, { ...request, kubernetesVersion: '1.34' }) };
    },
    remove: folder.remove,
  };
  repository.write(files);
  return repository;
}

const OPTIONS = { missingSchema: 'error', strict: true, disableRules: ['policy'] } as const;

/** What validation says of a repository with all that can be rendered. */
export async function checkRendered(
  repository: Repository,
  options: { readonly changed?: ReadonlySet<string> } = {},
): Promise<CheckReport> {
  const { files, rendered } = await repository.render('auto');
  const all = { ...OPTIONS, ...options };
  const findings = await judge(repository.host, rendered, files, bundledSchemas('1.34'), all);
  return startCheck(files, bundledSchemas('1.34'), all).finish(undefined, findings);
}

/** `path:line:column rule (unit)`. */
export function printFinding({ path, line, column, ruleId, unit = '-' }: Finding): string {
  return `${path}:${line}:${column} ${ruleId} (${unit})`;
}

export const SELECTOR = '  selector:\n    matchLabels: { app: web }\n';

/** A Deployment with more fields in its spec, each of them a line. */
export function deployment(more: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
${more}  template:
    metadata:
      labels: { app: web }
    spec:
      containers:
        - name: web
          image: web:1
`;
}
