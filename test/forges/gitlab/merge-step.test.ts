import { describe, expect, it } from '@jest/globals';
import { mergeRequestOf } from '../../../src/forges/gitlab/convert.ts';
import { type MergeOrder, mergeStep, type ProjectRules } from '../../../src/forges/gitlab/merge-step.ts';

const RULES: ProjectRules = {
  mergeMethod: 'merge',
  squashOption: 'default_off',
  needsPipeline: false,
  hasTrain: false,
};

interface Case {
  readonly json?: object;
  readonly rules?: Partial<ProjectRules>;
  readonly order?: Partial<MergeOrder>;
}

/** What is done with a request like this: `merge`, `arm`, or the result with its reason. */
function stepOf({ json = {}, rules = {}, order = {} }: Case): string {
  const merge = mergeRequestOf({
    iid: 1,
    state: 'opened',
    prepared_at: 'x',
    detailed_merge_status: 'mergeable',
    ...json,
  });
  const step = mergeStep(merge, { ...RULES, ...rules }, { number: 1, method: 'squash', expectedHead: 'a', ...order });
  if (step.kind !== 'answer') return step.kind;
  return `${step.result.kind}: ${'reason' in step.result ? step.result.reason : ''}`;
}

describe('the step of a merge', () => {
  it.each([
    ['mergeable', 'merge'],
    ['unchecked', /^not-yet/],
    ['checking', /^not-yet/],
    ['preparing', /^not-yet/],
    ['approvals_syncing', /^not-yet/],
    ['ci_must_pass', /^not-yet: its pipeline does not exist/],
    ['ci_still_running', /^not-yet: its pipeline does not exist/],
    ['conflict', /^refused: it has conflicts/],
    ['broken_status', /^refused: it has conflicts/],
    ['need_rebase', /^refused: its branch must be rebased/],
    ['draft_status', /^refused: it is a draft/],
    ['not_open', /^refused/],
    ['commits_status', /^refused/],
    ['not_approved', 'arm'],
    ['requested_changes', 'arm'],
    ['discussions_not_resolved', 'arm'],
    ['blocked_status', 'arm'],
    ['status_checks_must_pass', 'arm'],
    ['security_policy_violations', 'arm'],
    ['not_known_today', 'arm'],
  ] as const)('at %s', (status, expected) => {
    expect(stepOf({ json: { detailed_merge_status: status } })).toMatch(expected);
  });

  it.each([
    ['running', false, 'arm'],
    ['running', true, 'arm'],
    ['waiting_for_resource', true, 'arm'],
    ['success', true, 'merge'],
    ['skipped', true, 'merge'],
    ['failed', true, 'refused: its pipeline is failed'],
    ['failed', false, 'refused: its pipeline is failed'],
    ['canceled', false, 'refused: its pipeline is canceled'],
    [undefined, true, 'not-yet: its pipeline does not exist yet'],
    [undefined, false, 'merge'],
  ])('with a pipeline that is %s (asked for: %s)', (status, needsPipeline, expected) => {
    const json = { head_pipeline: status === undefined ? null : { status } };
    expect(stepOf({ json, rules: { needsPipeline } })).toBe(expected);
  });

  it.each([
    ['merge', 'merge', 'default_on', /^merge$/],
    ['merge', 'rebase_merge', 'default_off', /^merge$/],
    ['merge', 'ff', 'default_off', /^refused: .*by fast-forward only/],
    ['merge', 'merge', 'always', /^refused: .*squashes every/],
    ['rebase', 'merge', 'default_off', /^refused: .*makes a merge commit/],
    ['rebase', 'rebase_merge', 'default_off', /^merge$/],
    ['rebase', 'ff', 'never', /^merge$/],
    ['rebase', 'ff', 'always', /^refused: .*squashes every/],
    ['squash', 'merge', 'never', /^refused: .*does not allow squashing/],
    ['squash', 'ff', 'always', /^merge$/],
  ] as const)('by %s, where the project does %s and squashes %s', (method, mergeMethod, squashOption, expected) => {
    expect(stepOf({ rules: { mergeMethod, squashOption }, order: { method } })).toMatch(expected);
  });

  it('on a server before 15.6 goes by what it says', () => {
    const old = (merge_status: string) => ({ detailed_merge_status: undefined, merge_status });
    expect(stepOf({ json: old('can_be_merged') })).toBe('merge');
    expect(stepOf({ json: old('cannot_be_merged') })).toMatch(/^refused: it has conflicts/);
    expect(stepOf({ json: old('cannot_be_merged_recheck') })).toMatch(/^not-yet/);
    expect(stepOf({ json: old('checking') })).toMatch(/^not-yet/);
  });

  it('waits until GitLab has prepared the request', () => {
    expect(stepOf({ json: { prepared_at: null } })).toMatch(/^not-yet/);
    expect(stepOf({ json: { prepared_at: undefined } })).toBe('merge');
  });
});
