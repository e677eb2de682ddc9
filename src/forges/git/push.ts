import { ToolError } from '../../errors.ts';
import type { CommitResult, Revision } from '../forge-client.ts';
import { withGrace } from '../grace.ts';
import { failureOf, refusal } from './failure.ts';
import { holds } from './history.ts';
import { type PushAnswer, parsePushAnswer } from './push-answer.ts';
import { readBranch } from './references.ts';
import type { Workspace } from './workspace.ts';

/** A server with replicas may show the old tip for a while after it acknowledged the new one. */
const LAG_PAUSES: readonly number[] = [250, 500, 1_000, 2_000, 4_000, 8_000, 14_000];
/** After a broken connection the server may still be at work on what it received. */
const SETTLE_PAUSES: readonly number[] = [500, 1_000, 2_000];

export interface Push {
  readonly branch: string;
  readonly revision: Revision;
  readonly expected: Revision | 'absent';
}

/**
 * Pushes as an exact compare-and-set. `--force-with-lease` with an explicit value makes the server move the branch only
 * from `expected` (https://git-scm.com/docs/git-push#Documentation/git-push.txt---force-with-leaseltrefnamegtltexpectgt);
 * an empty value stands for a branch that is not there. Where the new commit's parent *is* `expected`, a push that passes is
 * always a fast-forward, and the option can only refuse more. No other force is ever used.
 * What counts in the end is a fresh read, whatever the push said.
 */
export async function pushCommit(workspace: Workspace, push: Push): Promise<CommitResult> {
  const { signal, dispose } = withGrace(workspace.host);
  try {
    const { answer, stderr } = await send(workspace, push, push.revision, signal);
    if (answer.kind === 'refused') throw refusal(answer.reason, stderr, push.branch, workspace.location);
    if (answer.kind === 'unknown') throwIfCertain(failureOf(stderr, workspace.location));
    return await settle(workspace, push, answer, stderr, signal).catch((error: unknown) =>
      tellUnknown(error, workspace, push),
    );
  } finally {
    dispose();
  }
}

/** Wrong credentials or a wrong address end a push before anything is sent; a broken connection may do so at any time. */
export function throwIfCertain(failure: ToolError): void {
  if (failure.code !== 'temporary' && failure.code !== 'protocol') throw failure;
}

/** The branch cannot be read after something was sent to it: neither done nor not done. */
function tellUnknown(error: unknown, workspace: Workspace, { branch, revision }: Push): never {
  if (!(error instanceof ToolError) || error.code !== 'temporary') throw error;
  const text = `Commit ${revision} was sent to branch ${branch} of ${workspace.location}, and whether it is there is not known`;
  throw new ToolError('temporary', `${text}: ${error.message}`, {
    hint: 'Run this again when the server answers: values that are already there are not written twice.',
    cause: error,
  });
}

/** @param source the revision to push; empty deletes the branch */
export async function send(
  workspace: Workspace,
  { branch, expected }: Omit<Push, 'revision'>,
  source: Revision | '',
  signal: AbortSignal,
) {
  const reference = `refs/heads/${branch}`;
  const old = expected === 'absent' ? '' : expected;
  const repository = await workspace.open(source || old);
  workspace.host.signal.throwIfAborted();
  const args = ['push', '--porcelain', '--no-verify', `--force-with-lease=${reference}:${old}`];
  const refspec = `${source}:${reference}`;
  const result = await repository.network([...args, '--end-of-options', 'origin', refspec], { signal });
  const answer = parsePushAnswer(Buffer.from(result.stdout).toString(), reference);
  return { answer, stderr: result.stderr };
}

/** Reads the branch again and decides: the effect is there, it is not, or the branch went elsewhere. */
async function settle(
  workspace: Workspace,
  push: Push,
  answer: PushAnswer,
  stderr: string,
  signal: AbortSignal,
): Promise<CommitResult> {
  for (const pause of [0, ...pausesAfter(answer)]) {
    if (pause > 0) await workspace.host.clock.sleep(pause, signal);
    const tip = await readBranch(workspace, push.branch, signal);
    if (tip === undefined && push.expected !== 'absent') throw goneBranch(workspace, push.branch);
    const unmoved = tip === push.expected && tip !== push.revision;
    if (tip === undefined || unmoved) continue;
    if (tip === push.revision || (await holds(workspace, tip, push.revision, signal))) {
      return { kind: 'committed', revision: push.revision };
    }
    return { kind: 'conflict', reason: movedReason(push, tip) };
  }
  return notThere(workspace, push, answer, stderr);
}

function movedReason({ branch, expected }: Push, tip: Revision): string {
  return expected === 'absent'
    ? `branch ${branch} exists already, at ${tip}`
    : `branch ${branch} has moved from ${expected} to ${tip}`;
}

/** How long the branch is read again before what the push said is doubted. */
export function pausesAfter(answer: PushAnswer): readonly number[] {
  if (answer.kind === 'accepted') return LAG_PAUSES;
  return answer.kind === 'unknown' ? SETTLE_PAUSES : [];
}

function notThere(workspace: Workspace, { branch, revision }: Push, answer: PushAnswer, stderr: string): CommitResult {
  if (answer.kind === 'stale')
    return { kind: 'conflict', reason: `branch ${branch} could not be locked: ${answer.reason}` };
  if (answer.kind !== 'accepted') throw failureOf(stderr, workspace.location);
  throw new ToolError(
    'protocol',
    `${workspace.location} acknowledged commit ${revision} on branch ${branch}, but a fresh read does not show it.`,
    { hint: 'Look at the branch before running this again; running it again is safe.' },
  );
}

function goneBranch(workspace: Workspace, branch: string): ToolError {
  return new ToolError('missing', `The branch ${branch} of ${workspace.location} was deleted meanwhile.`, {
    hint: 'Nothing was written. Restore the branch, or name another one in base-branch.',
  });
}
