import { ToolError } from '../../errors.ts';
import type { Host } from '../../host.ts';
import type { Change, CommitResult, RepositoryRole, Revision } from '../forge-client.ts';
import type { GithubClient } from './client.ts';
import { type CommitAnswer, readCommitAnswer } from './commit-answer.ts';
import type { Place } from './place.ts';
import { isLost } from './refusal.ts';

/** https://docs.github.com/en/graphql/reference/mutations#createcommitonbranch */
const CREATE_COMMIT =
  'mutation ($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }';
/** After a broken connection the server may still be at work on what it received. */
const SETTLE_PAUSES: readonly number[] = [500, 1_000, 2_000, 4_000];
/** Others may have committed on top meanwhile. */
const LOOK_BACK = 200;

export interface CommitGround {
  readonly client: GithubClient;
  readonly place: Place;
  readonly host: Host;
  /** Reads what the branch holds when an answer was lost. */
  readonly reading: RepositoryRole;
}

export interface CommitRequest {
  readonly branch: string;
  readonly change: Change;
  readonly expected: Revision | 'absent';
  readonly parent?: Revision;
}

interface Message {
  readonly headline: string;
  readonly body?: string;
}

/**
 * The message in the two parts that GitHub joins by an empty line; undefined where joining would not give the message back.
 */
export function splitMessage(message: string): Message | undefined {
  const [, headline = '', body] = /^([^\n]*)(?:\n\n([\s\S]*))?$/.exec(plain(message)) ?? [];
  if (headline === '' || headline !== headline.trim()) return undefined;
  if (body === undefined) return { headline };
  return /^\S/.test(body) ? { headline, body } : undefined;
}

function plain(message: string): string {
  return message.replaceAll('\0', '').trimEnd();
}

/**
 * True where the API can make exactly this commit: it writes every file as a regular one, stands on the tip of the branch,
 * and takes the author from the token.
 */
export function canCommitByApi({ change, expected, parent }: CommitRequest): boolean {
  const isOnTip = expected === 'absent' ? parent !== undefined : parent === undefined || parent === expected;
  const isRegular = change.files.length > 0 && change.files.every(({ mode }) => mode === '100644');
  return isOnTip && isRegular && splitMessage(change.message) !== undefined;
}

/** One commit, signed by GitHub, if the branch is where it is expected; see `RepositoryRole.commit`. Sent once. */
export async function commitByApi(ground: CommitGround, request: CommitRequest): Promise<CommitResult> {
  const { branch, expected, parent } = request;
  if (expected !== 'absent') return createCommit(ground, request, expected);
  if (parent === undefined) throw new ToolError('internal', 'A new branch was asked for without what it stands on.');
  const conflict = await createBranch(ground, branch, parent);
  if (conflict !== undefined) return conflict;
  try {
    return await createCommit(ground, request, parent);
  } catch (error) {
    if (error instanceof ToolError && error.code === 'denied') await undoBranch(ground, branch, parent);
    throw error;
  }
}

/** @returns the conflict where there is such a branch */
async function createBranch(ground: CommitGround, branch: string, start: Revision): Promise<CommitResult | undefined> {
  const { client, place } = ground;
  const tried = await client
    .attempt(`create branch ${branch}`, [422], (octokit) =>
      octokit.rest.git.createRef({ owner: place.owner, repo: place.name, ref: `refs/heads/${branch}`, sha: start }),
    )
    .catch((error: unknown) => branchAfterLostAnswer(ground, branch, start, error));
  if (tried === undefined || 'value' in tried) return undefined;
  const { reason } = tried.refused;
  if (/already exists/i.test(reason)) return { kind: 'conflict', reason: `branch ${branch} exists already` };
  const isRule = /rule violation|GH013|not allowed/i.test(reason);
  throw new ToolError(
    isRule ? 'denied' : 'missing',
    `${client.location} refused to create branch ${branch}: ${reason}`,
    {
      hint: isRule ? 'Let this token create such branches, or name another one in branch.' : 'Run this again.',
    },
  );
}

/** Only an answer that got lost leaves a doubt; a branch at its start is as good as made, whoever made it. */
async function branchAfterLostAnswer(
  { reading }: CommitGround,
  branch: string,
  start: Revision,
  error: unknown,
): Promise<undefined> {
  if (!isLost(error)) throw error;
  const tip = await reading.head(branch).catch(() => undefined);
  if (tip?.revision !== start) throw error;
}

async function undoBranch({ reading, host }: CommitGround, branch: string, start: Revision): Promise<void> {
  await reading.deleteBranch(branch, start).catch((error: unknown) => {
    host.log.debug(`The new branch ${branch} stays, without a commit: ${String(error)}`);
  });
}

async function createCommit(ground: CommitGround, request: CommitRequest, expected: Revision): Promise<CommitResult> {
  const { client } = ground;
  const what = `commit to branch ${request.branch}`;
  let answer: CommitAnswer;
  try {
    const variables = { input: inputOf(ground.place, request, expected) };
    answer = readCommitAnswer(await client.graphql(what, CREATE_COMMIT, variables), what, client.location);
  } catch (error) {
    if (!isLost(error)) throw error;
    answer = { kind: 'unknown', reason: error.message };
  }
  if (answer.kind === 'committed') return answer;
  if (answer.kind === 'stale') return { kind: 'conflict', reason: answer.reason };
  if (answer.kind === 'failed') throw answer.error;
  return decideByReading(ground, request, expected, answer.reason);
}

/** Lists that would be empty are left out: the API refuses null. */
function inputOf({ owner, name }: Place, { branch, change }: CommitRequest, expectedHeadOid: Revision): object {
  return {
    branch: { repositoryNameWithOwner: `${owner}/${name}`, branchName: branch },
    expectedHeadOid,
    message: splitMessage(change.message),
    fileChanges: {
      additions: change.files.map(({ path, bytes }) => ({ path, contents: Buffer.from(bytes).toString('base64') })),
    },
  };
}

/** The answer got lost: the one commit that stands on `expected` is ours or somebody else's, or there is none. */
async function decideByReading(
  ground: CommitGround,
  request: CommitRequest,
  expected: Revision,
  reason: string,
): Promise<CommitResult> {
  const { reading, host, client } = ground;
  const { branch } = request;
  for (const pause of [0, ...SETTLE_PAUSES]) {
    if (pause > 0) await host.clock.sleep(pause, host.signal);
    const { revision: tip } = await reading.head(branch);
    if (tip === expected) continue;
    const next = (await reading.log({ from: tip, limit: LOOK_BACK })).find(({ parents }) => parents[0] === expected);
    if (next === undefined) break;
    return (await isOurs(reading, request, next))
      ? { kind: 'committed', revision: next.revision }
      : { kind: 'conflict', reason: `branch ${branch} has moved from ${expected} to ${tip}` };
  }
  const text = `A commit was sent to branch ${branch} of ${client.location}, and whether it is there is not known: ${reason}`;
  throw new ToolError('temporary', text, {
    hint: 'Run this again: values that are already there are not written twice.',
  });
}

async function isOurs(
  reading: RepositoryRole,
  { change }: CommitRequest,
  { revision, message }: { readonly revision: Revision; readonly message: string },
): Promise<boolean> {
  if (message.trimEnd() !== plain(change.message)) return false;
  const wanted = new Map(change.files.map(({ path, bytes }) => [path, bytes]));
  const { files } = await reading.readFiles((path) => wanted.has(path), revision);
  return (
    files.length === wanted.size &&
    files.every(({ path, bytes }) => Buffer.compare(bytes, wanted.get(path) ?? bytes) === 0)
  );
}
