import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { contextPattern } from '../../../src/engines/commit-status/context-pattern.ts';
import { diagnosisOf } from '../../../src/engines/commit-status/diagnose.ts';
import { interpret } from '../../../src/engines/commit-status/interpret.ts';
import { meaningOf } from '../../../src/engines/commit-status/words.ts';
import type { CommitStatus, StatusState } from '../../../src/forges/forge-client.ts';

const FLUX = 'kustomization/apps/0c9c2e41';

function status(context: string, state: StatusState, description = '', kind: CommitStatus['kind'] = 'status') {
  return { kind, context, state, description };
}

describe('what a status means', () => {
  it.each([
    [FLUX, 'success', 'reconciliation succeeded', 'success'],
    [FLUX, 'success', 'Reconciliation Succeeded', 'success'],
    // Said by notification-controller before 1.8.
    [FLUX, 'success', 'dependency not ready', 'unsettled'],
    [FLUX, 'success', 'progressing', 'unsettled'],
    [FLUX, 'success', '', 'unsettled'],
    [FLUX, 'failure', 'health check failed', 'failure'],
    [FLUX, 'failure', 'build failed', 'failure'],
    [FLUX, 'failure', 'reconciliation failed', 'failing'],
    [FLUX, 'failure', 'dependency not ready', 'unsettled'],
    [FLUX, 'failure', 'health check canceled', 'unsettled'],
    [FLUX, 'pending', 'reconciliation succeeded', 'unsettled'],
    ['gitrepository/apps/0c9c2e41', 'success', 'reconciliation succeeded', 'unsettled'],
    ['helmrelease/shop/0c9c2e41', 'success', 'upgrade succeeded', 'success'],
    ['helmrelease/shop/0c9c2e41', 'success', 'rollback succeeded', 'unsettled'],
    ['continuous-delivery/shop', 'success', '', 'success'],
    ['continuous-delivery/shop', 'error', '', 'failure'],
    ['kustomization/apps', 'success', 'whatever its author likes', 'success'],
    ['continuous-delivery/shop', 'inactive', 'taken back', 'unsettled'],
  ] as const)('of %s: %s, %j is %s', (context, state, description, meaning) => {
    expect(meaningOf(status(context, state, description))).toBe(meaning);
  });
});

describe('a pattern of contexts', () => {
  it.each([
    ['kustomization/apps/*', FLUX, true],
    ['kustomization/*', FLUX, true],
    ['*', FLUX, true],
    ['kustomization/app/*', FLUX, false],
    ['KUSTOMIZATION/apps/????????', FLUX, true],
    ['deploy (eu-*)', 'deploy (eu-1)', true],
    ['deploy [a]', 'deploy a', false],
    ['a.b', 'aXb', false],
  ])('%j on %j: %j', (pattern, context, expected) => {
    expect(contextPattern(pattern)(context)).toBe(expected);
  });

  it('matches every name by itself, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string(), (name) => contextPattern(name.replaceAll(/[*?]/g, '-'))(name.replaceAll(/[*?]/g, '-'))),
    );
  });
});

const GOOD = 'reconciliation succeeded';
const rules = (pattern: string, required = 1) => ({ matches: contextPattern(pattern), required });

describe('commits with what was said about them', () => {
  it('prove nothing by silence', () => {
    const seen = interpret({ spoken: [{ revision: 'T', statuses: [] }] }, rules('*'));
    expect(seen).toMatchObject({ state: 'unseen', reasons: ['no context has said that it succeeded yet'] });
    expect(seen.seenRevision).toBeUndefined();
  });

  it('are live by a success on the wanted commit', () => {
    const spoken = [{ revision: 'T', statuses: [status(FLUX, 'success', GOOD), status('ci', 'failure')] }];
    const live = { state: 'healthy', trusted: true, seenRevision: 'T', appliedRevision: 'T' };
    expect(interpret({ spoken }, rules('kustomization/*'))).toMatchObject(live);
  });

  it('are live by a success on a descendant where the wanted one got no word', () => {
    const spoken = [
      { revision: 'D', statuses: [status(FLUX, 'success', GOOD)] },
      { revision: 'T', statuses: [] },
    ];
    expect(interpret({ spoken }, rules('*'))).toMatchObject({ state: 'healthy', appliedRevision: 'D' });
  });

  it('have failed by a newer failure, whatever was said before', () => {
    const spoken = [
      { revision: 'D', statuses: [status(FLUX, 'failure', 'health check failed')] },
      { revision: 'T', statuses: [status(FLUX, 'success', GOOD)] },
    ];
    expect(interpret({ spoken }, rules('*'))).toMatchObject({
      state: 'degraded',
      attempt: { revision: 'D', outcome: 'failed', reason: `${FLUX}: failure, health check failed (about D)` },
    });
  });

  it('have failed by the context that has called nothing live before, when there are two', () => {
    const spoken = [
      { revision: 'D', statuses: [status('eu', 'failure'), status('us', 'failure')] },
      { revision: 'T', statuses: [status('eu', 'success')] },
    ];
    const seen = interpret({ spoken }, rules('*'));
    expect(seen.attempt?.reason).toMatch(/^us: failure/);
    expect(seen.appliedRevision).toBeUndefined();
    expect(interpret({ spoken }, rules('eu'))).toMatchObject({ appliedRevision: 'T', attempt: { revision: 'D' } });
  });

  it('count different contexts, and are not live below the number', () => {
    const spoken = [
      { revision: 'D', statuses: [status('continuous-delivery/eu', 'success')] },
      { revision: 'T', statuses: [status('continuous-delivery/us', 'success')] },
    ];
    const two = interpret({ spoken }, rules('continuous-delivery/*', 2));
    expect(two).toMatchObject({ state: 'healthy', seenRevision: 'D', appliedRevision: 'T' });
    const three = interpret({ spoken }, rules('continuous-delivery/*', 3));
    expect(three).toMatchObject({
      state: 'syncing',
      reasons: expect.arrayContaining([expect.stringMatching(/^2 of 3/)]),
    });
  });

  it('wait for a context that is still under way, also when enough have succeeded', () => {
    const spoken = [{ revision: 'T', statuses: [status('eu', 'success'), status('us', 'pending')] }];
    expect(interpret({ spoken }, rules('*')).state).toBe('syncing');
  });

  it('take a word that is none, such as that of a skipped check, for silence', () => {
    const spoken = [
      { revision: 'D', statuses: [status('production', 'inactive', '', 'deployment')] },
      { revision: 'T', statuses: [status('production', 'success', '', 'deployment')] },
    ];
    expect(interpret({ spoken }, rules('*'))).toMatchObject({ state: 'healthy', appliedRevision: 'T' });
  });

  it('say that a refusal is tried again, with no attempt that is final', () => {
    const spoken = [{ revision: 'T', statuses: [status(FLUX, 'failure', 'reconciliation failed')] }];
    const seen = interpret({ spoken }, rules('*'));
    expect(seen).toMatchObject({ state: 'degraded', appliedRevision: 'T' });
    expect(seen.attempt).toBeUndefined();
  });

  it('are left by a branch that was moved away', () => {
    const spoken = [{ revision: 'T', statuses: [status(FLUX, 'success', GOOD)] }];
    const seen = interpret({ spoken, strayed: { head: 'X', isBehind: true } }, rules('*'));
    expect(seen).toMatchObject({
      seenRevision: 'X',
      reasons: [expect.stringMatching(/does not contain/), expect.anything()],
    });
  });
});

describe('a diagnosis', () => {
  const target = { name: 'kustomization/*', kind: 'Context' };

  it('shows what was said, with links, and why a success was not believed', () => {
    const own = { ...status(FLUX, 'success', 'dependency not ready'), url: 'https://flux.example.test' };
    const shown = diagnosisOf(target, { spoken: [{ revision: 'T', statuses: [own] }] }, rules(target.name));
    expect(shown.sections).toEqual([
      { title: 'Said about T', lines: [`${FLUX}: success, dependency not ready https://flux.example.test`] },
    ]);
    expect(shown.hints).toEqual([expect.stringContaining('reconciliation succeeded')]);
  });

  it('names the contexts that there are where none is meant', () => {
    const spoken = [{ revision: 'T', statuses: [status('continuous-delivery/shop', 'success')] }];
    const shown = diagnosisOf(target, { spoken }, rules(target.name));
    expect(shown.sections).toEqual([{ title: 'Other contexts that there are', lines: ['continuous-delivery/shop'] }]);
    expect(shown.hints.join(' ')).toMatch(/Compare the names above.*Provider/);
  });
});
