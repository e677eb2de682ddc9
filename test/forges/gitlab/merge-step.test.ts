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
  const step = mergeStep(
    merge,
    { ...RULES, ...rules },
    { number: 1, method: 'squash', mode: 'auto', expectedHead: 'a', ...order },
  );
  if (step.kind !== 'answer') return step.kind;
  return `${step.result.kind}: ${'reason' in step.result ? step.result.reason : ''}`;
}

describe('the step of a merge', () => {
  it.each([
    ['mergeable', 'merge', /^merge$/],
    ['unchecked', /^not-yet/, /^not-yet/],
    ['checking', /^not-yet/, /^not-yet/],
    ['preparing', /^not-yet/, /^not-yet/],
    ['approvals_syncing', /^not-yet/, /^not-yet/],
    ['ci_must_pass', /^not-yet: its pipeline does not exist/, /^not-yet/],
    ['ci_still_running', /^not-yet: its pipeline does not exist/, /^not-yet/],
    ['conflict', /^refused: it has conflicts/, /^refused/],
    ['broken_status', /^refused: it has conflicts/, /^refused/],
    ['need_rebase', /^refused: its branch must be rebased/, /^refused/],
    ['draft_status', /^refused: it is a draft/, /^refused/],
    ['not_open', /^refused/, /^refused/],
    ['commits_status', /^refused/, /^refused/],
    ['not_approved', 'arm', /^refused: it is not approved yet/],
    ['requested_changes', 'arm', /^refused: a reviewer requested changes/],
    ['discussions_not_resolved', 'arm', /^refused: it has discussions/],
    ['blocked_status', 'arm', /^refused: it is blocked/],
    ['status_checks_must_pass', 'arm', /^refused: its external/],
    ['security_policy_violations', 'arm', /^refused: a security policy/],
    ['not_known_today', 'arm', /^refused: GitLab says not_known_today/],
  ] as const)('at %s, by itself and now', (status, auto, now) => {
    const json = { detailed_merge_status: status };
    expect(stepOf({ json })).toMatch(auto);
    expect(stepOf({ json, order: { mode: 'now' } })).toMatch(now);
  });

  it.each([
    ['running', false, 'arm', 'merge'],
    ['running', true, 'arm', 'not-yet: its pipeline has not passed yet'],
    ['waiting_for_resource', true, 'arm', 'not-yet: its pipeline has not passed yet'],
    ['success', true, 'merge', 'merge'],
    ['skipped', true, 'merge', 'merge'],
    ['failed', true, 'refused: its pipeline is failed', 'refused: its pipeline is failed'],
    ['failed', false, 'refused: its pipeline is failed', 'merge'],
    ['canceled', false, 'refused: its pipeline is canceled', 'merge'],
    [undefined, true, 'not-yet: its pipeline does not exist yet', 'not-yet: its pipeline does not exist yet'],
    [undefined, false, 'merge', 'merge'],
  ])('with a pipeline that is %s (asked for: %s)', (status, needsPipeline, auto, now) => {
    const json = { head_pipeline: status === undefined ? null : { status } };
    expect(stepOf({ json, rules: { needsPipeline } })).toBe(auto);
    expect(stepOf({ json, rules: { needsPipeline }, order: { mode: 'now' } })).toBe(now);
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
