import { ToolError } from '../../errors.ts';
import { branchNameProblem } from '../branch-name.ts';
import type { Head, Revision } from '../forge-client.ts';
import { parseReferences, type RemoteReferences } from './listing.ts';
import { retryRead } from './program.ts';
import { output, type Workspace } from './workspace.ts';

const HEADS = 'refs/heads/';

/** The tip of a branch, asked of the remote itself. @throws ToolError input, missing, denied, temporary */
export async function readHead(workspace: Workspace, branch?: string, signal?: AbortSignal): Promise<Head> {
  if (branch === undefined || branch === '') return defaultHead(workspace);
  const revision = await readBranch(workspace, branch, signal);
  if (revision === undefined) throw await unknownBranch(workspace, branch);
  return { branch, revision };
}

/** @returns undefined where there is no such branch */
export async function readBranch(
  workspace: Workspace,
  branch: string,
  signal?: AbortSignal,
): Promise<Revision | undefined> {
  const problem = branchNameProblem(branch);
  if (problem !== undefined) {
    throw new ToolError('input', `${JSON.stringify(branch)} cannot be a branch: ${problem}.`, {
      hint: 'Give the short name of a branch, such as main.',
    });
  }
  const { revisions } = await list(workspace, [HEADS + branch], signal);
  return revisions.get(HEADS + branch);
}

async function defaultHead(workspace: Workspace): Promise<Head> {
  const { head, revisions } = await list(workspace, ['HEAD']);
  const revision = revisions.get('HEAD');
  if (revision === undefined) {
    throw new ToolError('missing', `${workspace.location} is empty, or its default branch does not exist.`, {
      hint: 'Push a first commit there, or name the branch in base-branch.',
    });
  }
  if (head === undefined || !head.startsWith(HEADS)) {
    throw new ToolError('missing', `${workspace.location} does not say which branch is its default one.`, {
      hint: 'Name the branch in base-branch.',
    });
  }
  return { branch: head.slice(HEADS.length), revision };
}

async function unknownBranch(workspace: Workspace, branch: string): Promise<ToolError> {
  const { revisions } = await list(workspace, [`${HEADS}*`]);
  const names = [...revisions.keys()].map((name) => name.slice(HEADS.length)).sort();
  const shown = names.slice(0, 5).join(', ');
  const more = names.length > 5 ? `, and ${names.length - 5} more` : '';
  return new ToolError('missing', `${workspace.location} has no branch ${branch}.`, {
    hint: names.length === 0 ? 'It has no branch at all: push a first commit.' : `It has ${shown}${more}.`,
  });
}

/** Patterns of ls-remote also match the end of longer names: callers look for the exact one. */
function list(workspace: Workspace, patterns: readonly string[], signal?: AbortSignal): Promise<RemoteReferences> {
  const args = ['ls-remote', '--quiet', '--symref', '--end-of-options', workspace.location, ...patterns];
  const options = signal === undefined ? {} : { signal };
  return retryRead(
    workspace.host,
    async () => parseReferences(await output(workspace.location, workspace.ask(args, options))),
    signal,
  );
}
