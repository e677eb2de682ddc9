import { resolve } from 'node:path';
import { ToolError } from '../errors.ts';
import type { Forge, Head, Snapshot } from '../forges/forge-client.ts';
import { normaliseRepositoryUrl, parseRepositoryUrl } from '../forges/repository-url.ts';
import type { Host } from '../host.ts';
import { discover } from '../manifests/discover.ts';
import type { SourceFile } from '../manifests/source-file.ts';
import { affectedUnits } from '../rendering/affected-units.ts';
import { comparedObjects } from '../rendering/compared-objects.ts';
import { compareObjects, type ObjectDifference } from '../rendering/object-difference.ts';
import type { Rendered } from '../rendering/render.ts';
import type { Repository } from '../validation/manifest-set.ts';
import { sameRepository } from './checkout.ts';
import { untrustedEvent } from './event-guard.ts';
import { hostWithTree, type TreeFile } from './tree-host.ts';

/** The config repository at one revision, to be rendered. */
export interface TreeSide {
  /** A machine on which the whole repository is the working directory. */
  readonly host: Host;
  /** The manifests in it. */
  readonly files: readonly SourceFile[];
  readonly repository: Repository;
}

export interface TreeSides {
  readonly before: TreeSide;
  readonly after: TreeSide;
  /** The paths of the files that differ. */
  readonly changed: ReadonlySet<string>;
}

/** Where the repository seems to stand, below the working directory: the same in every run, since the cache goes by it. */
const TOP = '.config-repository';

/**
 * The whole config repository as it is and with the edited files laid over it: a kustomization, a chart or a values file may
 * be anywhere in it. It is read into memory, over what the forge reads files by.
 * @param ignore globs of manifests that are left out
 * @throws ToolError denied, temporary, data (more than the limits allow)
 */
export async function readTreeSides(
  host: Host,
  forge: Forge,
  head: Head,
  edited: readonly SourceFile[],
  ignore: readonly string[],
): Promise<TreeSides> {
  const { files } = await forge.repository.readFiles(() => true, head.revision);
  const repository = repositoryAt(forge.location, head.branch);
  const side = (more: Snapshot['files']) => sideOf(host, [...files, ...more], repository, ignore);
  return {
    before: await side([]),
    after: await side(edited),
    changed: new Set(edited.map(({ path }) => path)),
  };
}

async function sideOf(
  machine: Host,
  tree: readonly SourceFile[],
  repository: Repository,
  ignore: readonly string[],
): Promise<TreeSide> {
  const top = resolve(machine.workingDirectory, TOP);
  const entries = tree.map((file) => [file.path, treeFile(file)] as const);
  const host = hostWithTree({ ...machine, workingDirectory: top }, top, new Map(entries));
  return { host, files: (await discover(host, ['.'], { ignore })).files, repository };
}

function treeFile({ bytes, mode }: SourceFile): TreeFile {
  const executable = mode === '100755';
  return mode === '120000'
    ? { kind: 'symlink', executable, size: bytes.length, bytes: undefined }
    : { kind: 'file', executable, size: bytes.length, bytes };
}

/** What names this repository means these files. Of one that is a path, nobody knows under which names others know it. */
function repositoryAt(location: string, branch: string): Repository {
  const parsed = parseRepositoryUrl(location);
  const isOnServer = parsed.kind === 'url' && parsed.url.host !== '';
  const followed = new Set(['', 'HEAD', branch]);
  return {
    prefix: '',
    isSame: sameRepository(isOnServer ? [normaliseRepositoryUrl(location)] : []),
    isFollowed: (revision = '') => followed.has(revision.replace(/^refs\/heads\//, '')),
  };
}

/** What differs in what both sides come to, of what the changed files go into. Values of Secrets are masked. */
export function differencesOf(
  host: Host,
  { before, after, changed }: TreeSides,
  rendered: { readonly before: Rendered; readonly after: Rendered },
): readonly ObjectDifference[] {
  const keyOf = ({ unit: { name, place } }: Rendered['units'][number]) => `${place.path} ${name}`;
  const affected = new Set(
    [rendered.before, rendered.after].flatMap((whole) => affectedUnits(whole, changed).units.map(keyOf)),
  );
  const objectsOf = (side: TreeSide, whole: Rendered) => {
    const units = whole.units.filter((unit) => affected.has(keyOf(unit)));
    return comparedObjects({ ...whole, units }, side.files, (path) => changed.has(path));
  };
  const salt = Array.from({ length: 4 }, () => String(host.random())).join();
  return compareObjects(objectsOf(before, rendered.before), objectsOf(after, rendered.after), salt);
}

/** One sentence for each unit that the change keeps from being built. */
export function brokenUnits(before: Rendered, after: Rendered): readonly string[] {
  const failed = new Set(before.units.flatMap(({ unit, outcome }) => (outcome.state === 'failed' ? [unit.name] : [])));
  return after.units.flatMap(({ unit, outcome }) =>
    outcome.state === 'failed' && !failed.has(unit.name)
      ? [`${unit.name} does not build with this change: ${outcome.reason}`]
      : [],
  );
}

/**
 * Rendering runs programs on files of the repository, beside a token that can write.
 * @throws ToolError denied where a stranger may have caused this run, whatever else was allowed
 */
export async function refuseUntrustedRendering(host: Host): Promise<void> {
  const event = await untrustedEvent(host);
  if (event === undefined) return;
  throw new ToolError('denied', `render: this was started by ${event}, which strangers can cause`, {
    hint: 'Rendering runs programs on files of the repository: do it on a push or a manual start, or set render to off.',
  });
}
