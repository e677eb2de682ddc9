import { gunzipSync } from 'node:zlib';
import { joinPath } from '../manifests/paths.ts';
import { isObject } from '../validation/scalars.ts';
import type { Refusal } from './kustomize-inputs.ts';
import { MOST_BYTES, type SourceTree } from './source-tree.ts';
import { fieldOf, listOf, readFileValues, textOf } from './yaml-values.ts';

export interface Chart {
  readonly name: string;
  readonly isLibrary: boolean;
  /** All its files by path, its local dependencies put where Helm looks for them. Paths are those of the tree. */
  readonly files: Map<string, Uint8Array>;
  /** True where a JSON Schema of its values refers to other documents, which nobody shall fetch. */
  readonly hasForeignSchema: boolean;
}

/** Bytes that an archive may unpack to. */
const MOST_UNPACKED = 64 << 20;
const MOST_FILES = 5_000;
const MOST_DEPTH = 8;

/** Reads the chart in a folder with all that it depends on, as far as that is in the repository. */
export async function collectChart(tree: SourceTree, folder: string): Promise<Chart | Refusal> {
  const files = new Map<string, Uint8Array>();
  const refusal = await collect(tree, folder, folder, files, 0);
  if (refusal !== undefined) return refusal;
  const about = chartFile(files, folder);
  const hasForeignSchema = [...files].some(([path, bytes]) => isForeignSchema(path, bytes));
  return {
    name: textOf(about, 'name') ?? '',
    isLibrary: fieldOf(about, 'type') === 'library',
    files,
    hasForeignSchema,
  };
}

export function isRefusal<T extends object>(value: T | Refusal): value is Refusal {
  return 'reason' in value;
}

async function collect(
  tree: SourceTree,
  folder: string,
  target: string,
  files: Map<string, Uint8Array>,
  depth: number,
): Promise<Refusal | undefined> {
  if (depth > MOST_DEPTH) return { reason: `${folder} depends on too many charts in a row` };
  const problem = await copyFolder(tree, folder, target, files);
  if (problem !== undefined) return problem;
  const about = chartFile(files, target);
  if (!isObject(about)) return { reason: `${folder} has no Chart.yaml that can be read` };
  const older = readFileValues(files.get(joinPath(target, 'requirements.yaml')), 'cluster')[0]?.value;
  for (const dependency of [...listOf(about, 'dependencies'), ...listOf(older, 'dependencies')]) {
    const missing = await collectDependency(tree, folder, target, dependency, files, depth);
    if (missing !== undefined) return missing;
  }
  return undefined;
}

function chartFile(files: ReadonlyMap<string, Uint8Array>, folder: string): unknown {
  return readFileValues(files.get(joinPath(folder, 'Chart.yaml')), 'cluster')[0]?.value;
}

/** Helm wants every dependency in `charts/`, whether its condition holds or not (https://helm.sh/docs/helm/helm_dependency/). */
async function collectDependency(
  tree: SourceTree,
  folder: string,
  target: string,
  dependency: unknown,
  files: Map<string, Uint8Array>,
  depth: number,
): Promise<Refusal | undefined> {
  const [name, repository = ''] = [textOf(dependency, 'name') ?? '', textOf(dependency, 'repository')];
  const inside = `${joinPath(target, 'charts')}/`;
  const isVendored = [...files.keys()].some((path) => {
    const rest = path.startsWith(inside) ? path.slice(inside.length) : '';
    return rest.startsWith(`${name}/`) || (rest.startsWith(`${name}-`) && rest.endsWith('.tgz'));
  });
  if (isVendored) return undefined;
  if (!repository.startsWith('file://')) {
    const from = repository === '' ? '' : ` of ${repository}`;
    return { reason: `the chart ${name}${from}, which ${folder} depends on, is not vendored in its charts/` };
  }
  const local = joinPath(folder, repository.slice('file://'.length));
  return collect(tree, local, joinPath(inside, name), files, depth + 1);
}

async function copyFolder(
  tree: SourceTree,
  folder: string,
  target: string,
  files: Map<string, Uint8Array>,
): Promise<Refusal | undefined> {
  const kind = await tree.kindOf(folder);
  if (kind !== 'folder') return { reason: `${folder} is no folder of this repository` };
  const pending: string[] = [''];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const entry of await tree.list(joinPath(folder, next))) {
      const inside = joinPath(next, entry.name);
      const path = joinPath(folder, inside);
      if (entry.kind === 'directory') {
        if (entry.name !== '.git') pending.push(inside);
        continue;
      }
      if (entry.kind !== 'file') return { reason: `${path} is a symbolic link, or no regular file` };
      const bytes = await tree.read(path);
      if (bytes === undefined) return { reason: `${path} is gone` };
      const problem = archiveProblem(path, bytes);
      if (problem !== undefined) return { reason: problem };
      files.set(joinPath(target, inside), bytes);
      if (files.size > MOST_FILES) return { reason: `${folder} has more than ${MOST_FILES} files` };
    }
  }
  return undefined;
}

function archiveProblem(path: string, bytes: Uint8Array): string | undefined {
  if (bytes.length > MOST_BYTES) return `${path} is larger than ${MOST_BYTES >> 20} MiB`;
  if (!path.endsWith('.tgz')) return undefined;
  return unpacked(bytes) === undefined
    ? `${path} is no archive, or unpacks to more than ${MOST_UNPACKED >> 20} MiB`
    : undefined;
}

function unpacked(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_UNPACKED });
  } catch {
    return undefined;
  }
}

/** A reference that does not stay in its own document, in a schema or in an archive that may hold one; escapes may hide it. */
function isForeignSchema(path: string, bytes: Uint8Array): boolean {
  const isArchive = path.endsWith('.tgz');
  if (!isArchive && !path.endsWith('values.schema.json')) return false;
  const content = isArchive ? unpacked(bytes) : bytes;
  return content === undefined || /"\$(ref|dynamicRef|recursiveRef)"\s*:\s*"(?!#)|\\u00[2-7]/.test(latin1(content));
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
