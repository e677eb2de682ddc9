import { describe, expect, it } from '@jest/globals';
import type { Verdict } from '../../src/engines/delivery-engine.ts';
import type { JudgeOptions } from '../../src/engines/judge.ts';
import { actionDue, afterAction, remember, startWatching, summarise, type Watched } from '../../src/engines/watched.ts';
import { observation } from '../support/observations.ts';

const TARGET = { name: 'shop', kind: 'Application' };
const at = (time: number, fingerprint = 'a', comparedAt = 0) => observation({ at: time, fingerprint, comparedAt });

function remembering(...all: readonly ReturnType<typeof at>[]): Watched {
  return all.reduce((one, each) => remember(one, each), startWatching(TARGET, 0));
}

const times = ({ history }: Watched) => history.map((one) => one.at);

describe('remember', () => {
  it('keeps the first and the last of a run of equal ones', () => {
    expect(times(remembering(at(1), at(2)))).toEqual([1, 2]);
    expect(times(remembering(at(1), at(2), at(3), at(4)))).toEqual([1, 4]);
    expect(times(remembering(at(1), at(2), at(3, 'b'), at(4), at(5), at(6)))).toEqual([1, 2, 3, 4, 6]);
    expect(times(remembering(at(1), at(2, 'b'), at(3)))).toEqual([1, 2, 3]);
  });

  it('keeps every comparison', () => {
    expect(times(remembering(at(1, 'a', 1), at(2, 'a', 2), at(3, 'a', 3)))).toEqual([1, 2, 3]);
  });

  it('begins another run where equal ones mean something else', () => {
    const one = remembering(at(1), at(2));
    expect(times(remember(one, at(6), 5))).toEqual([1, 6]);
    expect(times([at(6), at(7), at(8)].reduce((each, next) => remember(each, next, 5), one))).toEqual([1, 6, 8]);
    expect(times(remember(one, at(6), 2))).toEqual([1, 2, 6]);
    expect(times(remember(one, at(6), 1))).toEqual([1, 6]);
  });

  it('knows when it was read, and that another look may be due then', () => {
    const looking = { ...startWatching(TARGET, 0), lookAt: 5 };
    expect(remember(looking, observation({ at: 5 }))).toMatchObject({ readAt: 5 });
    expect(remember(looking, observation({ at: 5 }))).not.toHaveProperty('lookAt');
    const streamed = remember(looking, observation({ at: 5, via: 'stream' }));
    expect(streamed.lookAt).toBe(5);
    expect(streamed).not.toHaveProperty('readAt');
  });
});

describe('summarise', () => {
  const waiting: Verdict = { kind: 'waiting', phase: 'rolling', reasons: ['two of three'] };

  it('is a line of what is seen, or of the end', () => {
    expect(summarise(remembering(at(1)), waiting, 1_449)).toEqual({
      seconds: 1.4,
      phase: 'rolling',
      state: 'healthy',
      reason: 'two of three',
    });
    expect(summarise(remembering(at(1)), { ...waiting, kind: 'failed', reasons: [] }, 50)).toMatchObject({
      seconds: 0.1,
      state: 'failed',
      reason: '',
    });
    expect(summarise(startWatching(TARGET, 0), waiting, 0)?.state).toBe('unread');
  });

  it('is none where nothing has changed since the last line', () => {
    const entry = summarise(remembering(at(1)), waiting, 0);
    if (entry === undefined) throw new Error('no entry');
    const one = { ...remembering(at(1)), timeline: [entry] };
    expect(summarise(one, waiting, 1_000)).toBeUndefined();
    expect(summarise(one, { ...waiting, phase: 'settling' }, 1_000)).toBeDefined();
    expect(summarise(one, { ...waiting, reasons: ['three of three'] }, 1_000)).toBeDefined();
    expect(summarise(one, { ...waiting, kind: 'landed' }, 1_000)).toBeDefined();
  });
});

describe('what is started', () => {
  const OPTIONS: JudgeOptions = {
    stableFor: 0,
    degradedGrace: 0,
    appearTimeout: 0,
    suspended: 'wait',
    sync: 'if-needed',
  };
  const stuck = (changes: Parameters<typeof observation>[0]): Watched => ({
    ...startWatching(TARGET, 0),
    verdict: { kind: 'waiting', phase: 'seen', reasons: [], observation: observation(changes) },
  });

  it('is a sync where there is no automatic one, and the end of retries', () => {
    expect(actionDue(stuck({ obstacle: 'manual' }), OPTIONS)).toBe('sync');
    expect(actionDue(stuck({ obstacle: 'manual', seen: 'contains' }), OPTIONS)).toBe('sync');
    expect(actionDue(stuck({ obstacle: 'retries' }), OPTIONS)).toBe('terminate');
    expect(actionDue(stuck({ obstacle: 'window' }), OPTIONS)).toBeUndefined();
    expect(actionDue(stuck({}), OPTIONS)).toBeUndefined();
  });

  it('is nothing where that was not asked for, was refused, or is about another revision', () => {
    expect(actionDue(stuck({ obstacle: 'manual' }), { ...OPTIONS, sync: 'never' })).toBeUndefined();
    expect(actionDue({ ...stuck({ obstacle: 'manual' }), refusal: 'no' }, OPTIONS)).toBeUndefined();
    expect(actionDue(stuck({ obstacle: 'manual', seen: 'lacks' }), OPTIONS)).toBeUndefined();
    expect(actionDue(startWatching(TARGET, 0), OPTIONS)).toBeUndefined();
  });

  it('is started once for each revision, again after it was busy, and not after a refusal', () => {
    const started = { ...stuck({ obstacle: 'manual' }), acted: ['sync S', 'sync T'] };
    expect(actionDue(started, OPTIONS)).toBeUndefined();
    expect(actionDue({ ...started, acted: ['sync S', 'terminate T'] }, OPTIONS)).toBe('sync');
    expect(afterAction(started, 'sync T', { kind: 'done' })).toBe(started);
    expect(afterAction(started, 'sync T', { kind: 'busy', reason: '' }).acted).toEqual(['sync S']);
    expect(afterAction(started, 'sync T', { kind: 'refused', reason: 'denied' }).refusal).toBe(
      'sync T was refused: denied',
    );
  });
});
