import { ToolError } from '../../errors.ts';
import type { Revision } from '../forge-client.ts';
import { withGrace } from '../grace.ts';
import { failureOf, refusal } from './failure.ts';
import { pausesAfter, send, throwIfCertain } from './push.ts';
import type { PushAnswer } from './push-answer.ts';
import { readBranch } from './references.ts';
import type { Workspace } from './workspace.ts';

/** Deletes a branch that is still at `expected`; see `RepositoryRole.deleteBranch`. What counts is a fresh read. */
export async function deleteBranch(workspace: Workspace, branch: string, expected: Revision): Promise<boolean> {
  const tip = await readBranch(workspace, branch);
  if (tip !== expected) return tip === undefined;
  const { signal, dispose } = withGrace(workspace.host);
  try {
    const { answer, stderr } = await send(workspace, { branch, expected }, '', signal);
    if (answer.kind === 'refused') {
      throw refusal(answer.reason, stderr, branch, workspace.location, 'to delete');
    }
    if (answer.kind === 'unknown') throwIfCertain(failureOf(stderr, workspace.location));
    return await settle(workspace, branch, expected, { answer, stderr, signal });
  } finally {
    dispose();
  }
}

interface Sent {
  readonly answer: PushAnswer;
  readonly stderr: string;
  readonly signal: AbortSignal;
}

async function settle(
  workspace: Workspace,
  branch: string,
  expected: Revision,
  { answer, stderr, signal }: Sent,
): Promise<boolean> {
  for (const pause of [0, ...pausesAfter(answer)]) {
    if (pause > 0) await workspace.host.clock.sleep(pause, signal);
    const tip = await readBranch(workspace, branch, signal);
    if (tip !== expected) return tip === undefined;
  }
  if (answer.kind === 'unknown') throw failureOf(stderr, workspace.location);
  if (answer.kind === 'stale') return false;
  throw new ToolError(
    'protocol',
    `${workspace.location} acknowledged that branch ${branch} was deleted, but a fresh read shows it.`,
    { hint: 'Look at the branch before running this again; running it again is safe.' },
  );
}
