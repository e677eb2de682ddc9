import { ToolError } from '../errors.ts';
import type { Forge, Head, LoggedCommit, Revision, Snapshot } from './forge-client.ts';
import type { BranchState } from './request-plan.ts';
import { fitsSeal, hasSeal } from './request-seal.ts';

export interface BranchReader {
  readonly forge: Forge;
  readonly base: Head;
  readonly wanted: (path: string) => boolean;
}

/** The tip of a branch, or undefined where there is none; the repository itself was read before. */
export async function tipOf({ repository }: Forge, branch: string): Promise<Revision | undefined> {
  try {
    return (await repository.head(branch)).revision;
  } catch (error) {
    if (error instanceof ToolError && error.code === 'missing') return undefined;
    throw error;
  }
}

/**
 * What a branch holds, and whether it may be replaced.
 * @throws ToolError temporary where that cannot be found out: then nothing may be written
 */
export async function readBranch(reader: BranchReader, branch: string): Promise<BranchState> {
  const tip = await tipOf(reader.forge, branch);
  if (tip === undefined) return { kind: 'absent' };
  if (await isInBase(reader, tip)) return { kind: 'base', tip };
  const [commit] = await reader.forge.repository.log({ from: tip, limit: 1 });
  if (commit === undefined) {
    throw new ToolError(
      'protocol',
      `${reader.forge.location} does not tell what commit ${tip} of branch ${branch} is.`,
    );
  }
  return (await readOurs(reader, commit)) ?? { kind: 'foreign', tip, commit, snapshot: await snapshotOf(reader, tip) };
}

async function readOurs(reader: BranchReader, commit: LoggedCommit): Promise<BranchState | undefined> {
  const { revision: tip, message, parents } = commit;
  const [parent] = parents;
  if (!hasSeal(message) || parent === undefined || parents.length > 1) return undefined;
  const paths = new Set(await reader.forge.repository.changedPaths(tip));
  const snapshot = await snapshotOf(reader, tip, paths);
  const files = snapshot.files.filter(({ path }) => paths.has(path));
  if (!fitsSeal(message, files) || !(await isInBase(reader, parent))) return undefined;
  return { kind: 'ours', tip, parent, commit, paths, snapshot };
}

function snapshotOf({ forge, wanted }: BranchReader, tip: Revision, paths?: ReadonlySet<string>): Promise<Snapshot> {
  return forge.repository.readFiles((path) => wanted(path) || paths?.has(path) === true, tip);
}

async function isInBase({ forge, base }: BranchReader, revision: Revision): Promise<boolean> {
  const relation = await forge.repository.relation(base.revision, revision);
  if (relation !== 'unknown') return relation !== 'lacks';
  const text = `${forge.location} cannot tell yet whether branch ${base.branch} contains ${revision}.`;
  throw new ToolError('temporary', text, { hint: 'Nothing was written. Run this again.' });
}
