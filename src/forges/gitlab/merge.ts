import { ToolError } from '../../errors.ts';
import type { MergeResult, RepositoryRole } from '../forge-client.ts';
import type { GitlabClient, Tried } from './client.ts';
import { type MergeRequest, mergeRequestOf, record, text } from './convert.ts';
import { afterRefusal, type MergeOrder, mergeStep, type ProjectRules } from './merge-step.ts';

export interface MergeOptions {
  readonly client: GitlabClient;
  readonly repository: RepositoryRole;
}

/** Answers with a sentence instead of an error: no right to merge, not mergeable (yet), conflict, other head. */
const REFUSALS = [401, 403, 405, 406, 409, 422];

/** Reads, then takes the one step that what was read allows; see `RequestsRole.merge`. Never waits. */
export async function mergeMergeRequest(options: MergeOptions, order: MergeOrder): Promise<MergeResult> {
  const present = await readMergeRequest(options.client, order.number);
  const settled = await settledBy(options, order, present);
  if (settled !== undefined) return settled;
  const rules = await readRules(options.client);
  const step = mergeStep(present, rules, order);
  if (step.kind === 'answer') return step.result;
  const isAsAsked = present.armed && present.squash === (order.method === 'squash') && order.message === undefined;
  if (step.kind === 'arm' && isAsAsked) return { kind: 'armed' };
  const train = rules.hasTrain && step.kind === 'arm';
  const tried = await (train ? enterTrain(options, order) : accept(options, order, step.kind, rules)).catch(lostOnly);
  if (tried === undefined) return afterLostAnswer(options, order, step.kind);
  if ('value' in tried && train) return { kind: 'armed' };
  if ('value' in tried) return afterAnswer(options, order, mergeRequestOf(tried.value));
  return afterRefused(options, order, present, tried.refused);
}

export async function readMergeRequest(client: GitlabClient, number: number): Promise<MergeRequest> {
  return mergeRequestOf(
    await client.call(`read merge request ${number}`, (sdk) => sdk.requests.show(client.project, number)),
  );
}

async function settledBy(
  options: MergeOptions,
  { expectedHead }: MergeOrder,
  { request, locked }: MergeRequest,
): Promise<MergeResult | undefined> {
  if (request.state === 'merged') return { kind: 'merged' };
  if (request.state === 'closed') return { kind: 'refused', reason: 'it is closed' };
  if (locked) return { kind: 'not-yet', reason: 'GitLab is merging it' };
  if (request.headRevision === expectedHead) return undefined;
  return headElsewhere(options, request.headBranch, expectedHead);
}

/** A push reaches the merge request in the background, so the branch itself is asked before the head counts as moved. */
async function headElsewhere({ repository }: MergeOptions, branch: string, expected: string): Promise<MergeResult> {
  const head = await repository.head(branch).catch(missingOnly);
  return head?.revision === expected
    ? { kind: 'not-yet', reason: 'GitLab has not taken in the last commit of its branch' }
    : { kind: 'moved' };
}

function missingOnly(error: unknown): undefined {
  if (!(error instanceof ToolError) || error.code !== 'missing') throw error;
}

async function readRules(client: GitlabClient): Promise<ProjectRules> {
  const project = record(await client.call('read the project', (sdk) => sdk.projects.show(client.project)));
  const method = text(project.merge_method);
  return {
    mergeMethod: method === 'ff' || method === 'rebase_merge' ? method : 'merge',
    squashOption: (text(project.squash_option) || 'default_off') as ProjectRules['squashOption'],
    needsPipeline: project.only_allow_merge_if_pipeline_succeeds === true,
    hasTrain: project.merge_trains_enabled === true,
  };
}

/** Always bound to the head. Both texts are given: which commits are made, the project decides. */
async function accept(
  { client }: MergeOptions,
  { number, method, expectedHead, message }: MergeOrder,
  kind: 'merge' | 'arm',
  { mergeMethod }: ProjectRules,
): Promise<Tried<object>> {
  const squash = method === 'squash';
  const text = message?.trimEnd();
  const auto = kind === 'arm' ? await autoMergeOption(client) : {};
  return client.attempt(`merge merge request ${number}`, REFUSALS, (sdk) =>
    sdk.requests.merge(client.project, number, {
      sha: expectedHead,
      squash,
      ...(text !== undefined && squash ? { squashCommitMessage: text } : {}),
      ...(text !== undefined && mergeMethod !== 'ff' ? { mergeCommitMessage: text } : {}),
      ...auto,
    }),
  );
}

/**
 * `auto_merge` came with 17.11; an older server would not know it, pass over it and merge at once. Where the version may
 * not be read, the older name is given, which newer ones take, too (https://docs.gitlab.com/api/merge_requests/#merge-a-merge-request).
 */
async function autoMergeOption(
  client: GitlabClient,
): Promise<{ autoMerge: true } | { mergeWhenPipelineSucceeds: true }> {
  const tried = await client.attempt('read the version', [401, 403, 404], (sdk) => sdk.metadata.show());
  const version = 'value' in tried ? text(record(tried.value).version) : '';
  const [, major = '0', minor = '0'] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  const isNew = Number(major) > 17 || (Number(major) === 17 && Number(minor) >= 11);
  return isNew ? { autoMerge: true } : { mergeWhenPipelineSucceeds: true };
}

/** https://docs.gitlab.com/api/merge_trains/; the train makes its own commit messages. */
function enterTrain({ client }: MergeOptions, { number, method, expectedHead }: MergeOrder): Promise<Tried<object>> {
  return client.attempt(`add merge request ${number} to the merge train`, [...REFUSALS, 400], (sdk) =>
    sdk.trains.addMergeRequest(client.project, number, {
      sha: expectedHead,
      squash: method === 'squash',
      whenPipelineSucceeds: true,
    }),
  );
}

function lostOnly(error: unknown): undefined {
  if (!(error instanceof ToolError) || error.code !== 'temporary') throw error;
}

async function afterLostAnswer(options: MergeOptions, order: MergeOrder, kind: 'merge' | 'arm'): Promise<MergeResult> {
  const now = await readMergeRequest(options.client, order.number);
  if (now.request.state === 'merged') return { kind: 'merged' };
  if (kind === 'arm' && now.armed && now.request.headRevision === order.expectedHead) return { kind: 'armed' };
  return { kind: 'not-yet', reason: 'the answer to the merge got lost, and it had no effect' };
}

/** 200 is also answered where nothing was merged (https://gitlab.com/gitlab-org/gitlab/-/issues/299188). */
async function afterAnswer(options: MergeOptions, order: MergeOrder, answer: MergeRequest): Promise<MergeResult> {
  const now = answer.request.state === 'merged' ? answer : await readMergeRequest(options.client, order.number);
  if (now.request.state === 'merged') return { kind: 'merged' };
  if (now.locked) return { kind: 'not-yet', reason: 'GitLab is merging it' };
  return now.armed ? { kind: 'armed' } : afterRefusal(now, 'GitLab took the merge and has not done it yet');
}

async function afterRefused(
  options: MergeOptions,
  order: MergeOrder,
  { request }: MergeRequest,
  { status, reason }: { readonly status: number; readonly reason: string },
): Promise<MergeResult> {
  if (status === 401 || status === 403) {
    const text = `the token may not merge into ${request.baseBranch} (${reason}); give it a role that "Allowed to merge" of the branch names`;
    return { kind: 'refused', reason: text };
  }
  if (status === 409) return headElsewhere(options, request.headBranch, order.expectedHead);
  const now = await readMergeRequest(options.client, order.number);
  return (await settledBy(options, order, now)) ?? afterRefusal(now, reason);
}
