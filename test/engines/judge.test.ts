import { describe, expect, it } from '@jest/globals';
import type { RelatedObservation } from '../../src/engines/delivery-engine.ts';
import { type JudgeOptions, judge } from '../../src/engines/judge.ts';
import { observation } from '../support/observations.ts';

const OPTIONS: JudgeOptions = {
  stableFor: 10_000,
  degradedGrace: 30_000,
  appearTimeout: 60_000,
  suspended: 'wait',
  sync: 'never',
};
const WANTED = { revision: 'T', images: [] };

/** Live at the wanted revision since just now, unless it is said otherwise. */
function seen(at: number, changes: Partial<RelatedObservation> = {}): RelatedObservation {
  return observation({ at, ...changes });
}

const before: Partial<RelatedObservation> = {
  seenRevision: 'S',
  appliedRevision: 'S',
  attempt: { revision: 'S', outcome: 'succeeded', reason: '' },
  seen: 'lacks',
  applied: 'lacks',
  attempted: 'lacks',
};

function verdictOn(
  history: readonly RelatedObservation[],
  options: Partial<JudgeOptions> = {},
  images: readonly string[] = [],
) {
  return judge(history, { ...WANTED, images }, { ...OPTIONS, ...options }, history.at(-1)?.at ?? 0, 0);
}

describe('landed', () => {
  it.each<[string, readonly RelatedObservation[], Partial<JudgeOptions>]>([
    ['two observations, stable for long enough', [seen(0), seen(10_000)], {}],
    ['the server says that it has lasted', [seen(0), seen(1, { lasting: 10_000 })], {}],
    ['a descendant', [seen(0, { seen: 'contains' }), seen(10_000, { applied: 'contains', seen: 'contains' })], {}],
    ['no operation was made for it', [seen(0, { attempted: 'lacks' }), seen(10_000, { attempted: 'lacks' })], {}],
    [
      'suspended, where that is fine',
      [seen(0, { state: 'suspended' }), seen(10_000, { state: 'suspended' })],
      { suspended: 'ok' },
    ],
  ])('%s', (_what, history, options) => {
    expect(verdictOn(history, options)).toMatchObject({
      kind: 'landed',
      phase: history[0]?.state === 'suspended' ? 'rolling' : 'settling',
    });
  });

  it.each<[string, Partial<RelatedObservation>]>([
    ['an untrusted status', { trusted: false }],
    ['an older revision', before],
    ['a revision of which nothing is known', { seen: 'unknown' }],
    ['a revision seen and another one applied', { applied: 'lacks' }],
    ['applied, of which nothing is known', { applied: 'unknown' }],
    ['progressing', { state: 'progressing' }],
    ['suspended', { state: 'suspended' }],
    ['syncing', { state: 'syncing' }],
    ['degraded', { state: 'degraded' }],
    ['pending', { state: 'pending' }],
  ])('is not said of %s', (_what, changes) => {
    expect(verdictOn([seen(0, changes), seen(10_000, changes)]).kind).toBe('waiting');
  });

  it('needs two observations, however long it has lasted', () => {
    expect(verdictOn([seen(5, { lasting: 3_600_000 })])).toMatchObject({ kind: 'waiting', due: 5 });
  });

  it('needs all of the time, and says when another look could decide', () => {
    expect(verdictOn([seen(0), seen(9_999)])).toMatchObject({ kind: 'waiting', due: 10_000 });
    expect(verdictOn([seen(0), seen(2_000, { lasting: 4_000 })])).toMatchObject({ kind: 'waiting', due: 8_000 });
  });

  it('begins anew after anything else', () => {
    expect(verdictOn([seen(0), seen(5_000, { state: 'progressing' }), seen(6_000), seen(15_000)])).toMatchObject({
      due: 16_000,
    });
  });

  it('needs the new image and the old one gone', () => {
    const held = (images: readonly string[]) => [seen(0, { images }), seen(10_000, { images })];
    const wanted = ['ghcr.io/acme/shop:2'];
    expect(verdictOn(held(['ghcr.io/acme/shop:1']), {}, wanted)).toMatchObject({ kind: 'waiting', phase: 'rolling' });
    expect(verdictOn(held(['ghcr.io/acme/shop:1', 'ghcr.io/acme/shop:2']), {}, wanted).kind).toBe('waiting');
    expect(verdictOn(held(['ghcr.io/acme/shop:2', 'ghcr.io/acme/other:1']), {}, wanted).kind).toBe('landed');
    expect(verdictOn(held([]), {}, wanted).reasons).toEqual(['the image ghcr.io/acme/shop:2 is not live yet']);
  });

  it('counts its time from when the old image was gone', () => {
    const one = ['nginx:2'];
    const history = [
      seen(0, { images: ['nginx:1', 'nginx:2'] }),
      seen(9_000, { images: one }),
      seen(12_000, { images: one }),
    ];
    expect(verdictOn(history, {}, ['docker.io/library/nginx:2'])).toMatchObject({ kind: 'waiting', due: 19_000 });
  });
});

describe('failed', () => {
  const failure = {
    attempt: { revision: 'T', outcome: 'failed' as const, reason: 'it was refused' },
    state: 'pending' as const,
  };

  it('at once, for an operation at the revision', () => {
    expect(verdictOn([seen(0, failure)])).toMatchObject({ kind: 'failed', reasons: ['it was refused', 'reason at 0'] });
  });

  it.each(['lacks', 'unknown'] as const)('not for an operation whose revision %s it', (attempted) => {
    expect(verdictOn([seen(0, { ...failure, attempted })]).kind).toBe('waiting');
  });

  it('for an operation at a descendant, unless the revision had been applied before', () => {
    const newer = seen(9, {
      ...failure,
      attempt: { ...failure.attempt, revision: 'U' },
      attempted: 'contains',
      applied: 'unknown',
    });
    expect(verdictOn([newer]).kind).toBe('failed');
    expect(verdictOn([seen(0, { state: 'progressing' }), newer])).toMatchObject({ kind: 'superseded' });
  });

  it('for what stays degraded beyond the grace', () => {
    const bad = (at: number, changes = {}) => seen(at, { state: 'degraded', ...changes });
    expect(verdictOn([bad(0), bad(29_999)])).toMatchObject({ kind: 'waiting', due: 30_000 });
    expect(verdictOn([bad(0), bad(30_000)])).toMatchObject({ kind: 'failed', phase: 'rolling' });
    expect(verdictOn([bad(0), bad(1, { lasting: 30_000 })]).kind).toBe('failed');
    expect(verdictOn([bad(0), seen(20_000, { state: 'progressing' }), bad(25_000), bad(40_000)]).kind).toBe('waiting');
  });

  it('not by how long the server says that it lasts, where no operation belongs to the revision', () => {
    const old = { state: 'degraded', lasting: 3_600_000, attempted: 'lacks' } as const;
    expect(verdictOn([seen(0, old)])).toMatchObject({ kind: 'waiting', due: 30_000 });
    expect(verdictOn([seen(0, old), seen(1_000, old)])).toMatchObject({ kind: 'waiting' });
    expect(verdictOn([seen(0, old), seen(30_000, old)]).kind).toBe('failed');
  });

  it.each<[string, Partial<RelatedObservation>]>([
    ['before the revision was applied', { applied: 'lacks' }],
    ['before it was seen', { seen: 'lacks', applied: 'lacks' }],
    ['of an untrusted status', { trusted: false }],
  ])('not for degraded %s', (_what, changes) => {
    const history = [seen(0, { state: 'degraded', ...changes }), seen(60_000, { state: 'degraded', ...changes })];
    expect(verdictOn(history).kind).toBe('waiting');
  });

  it('not for a newer commit that is degraded after this one was healthy', () => {
    const newer = {
      state: 'degraded',
      seen: 'contains',
      applied: 'contains',
      appliedRevision: 'U',
      seenRevision: 'U',
    } as const;
    expect(verdictOn([seen(0), seen(5_000, newer), seen(36_000, newer)])).toMatchObject({ kind: 'superseded' });
    expect(verdictOn([seen(0, { state: 'progressing' }), seen(5_000, newer), seen(36_000, newer)])).toMatchObject({
      kind: 'failed',
    });
  });

  it('for the revision itself, also after a descendant of it had been there', () => {
    const descendant = seen(0, { seen: 'contains', applied: 'contains', seenRevision: 'U', appliedRevision: 'U' });
    expect(verdictOn([descendant, seen(5_000, { state: 'degraded' }), seen(35_000, { state: 'degraded' })]).kind).toBe(
      'failed',
    );
    expect(verdictOn([descendant, seen(5_000, failure)]).kind).toBe('failed');
  });

  it('for an error that hides the revision, beyond the grace and over three comparisons', () => {
    const hidden = (at: number, comparedAt = at) =>
      seen(at, { state: 'failed', seen: 'unknown', applied: 'unknown', attempted: 'lacks', comparedAt });
    expect(verdictOn([hidden(0), hidden(15_000), hidden(30_000)])).toMatchObject({ kind: 'failed' });
    expect(verdictOn([hidden(0), hidden(15_000), hidden(29_000)])).toMatchObject({ kind: 'waiting', due: 30_000 });
    expect(verdictOn([hidden(0), hidden(15_000, 0), hidden(60_000, 1)]).kind).toBe('waiting');
    expect(verdictOn([hidden(0, 1), hidden(0, 2), hidden(0, 3)]).due).toBe(30_000);
  });

  it('for suspended, where that was asked for', () => {
    const paused = [seen(0, { state: 'suspended' }), seen(30_000, { state: 'suspended' })];
    expect(verdictOn(paused, { suspended: 'fail' }).kind).toBe('failed');
    expect(verdictOn(paused).kind).toBe('waiting');
  });
});

describe('superseded', () => {
  it('names who took the place, commits by twelve digits', () => {
    const newer = { state: 'degraded', seen: 'contains', applied: 'contains' } as const;
    const by = (revision: string) => {
      const taken = { ...newer, appliedRevision: revision, seenRevision: revision };
      return verdictOn([seen(0), seen(5_000, taken), seen(36_000, taken)]).reasons[0];
    };
    const words = (name: string) => `${name} took the place of T after it was healthy, and does not do well`;
    expect(by('1.2.0')).toBe(words('1.2.0'));
    expect(by('0a'.repeat(20))).toBe(words('0a0a0a0a0a0a'));
    expect(by('b0'.repeat(32))).toBe(words('b0b0b0b0b0b0'));
    expect(by('c'.repeat(39))).toBe(words('c'.repeat(39)));
    const { seenRevision: _, ...unnamed } = seen(1_000, { ...before, state: 'syncing', applied: 'unknown' });
    expect(verdictOn([seen(0), unnamed]).reasons[0]).toBe('another revision is there now, which does not contain T');
  });

  it('names the operation at a newer commit that failed after this one was applied', () => {
    const attempt = { revision: 'U', outcome: 'failed' as const, reason: 'it was refused' };
    const newer = seen(9, { state: 'pending', attempt, attempted: 'contains', applied: 'unknown' });
    expect(verdictOn([seen(0, { state: 'progressing' }), newer]).reasons).toEqual([
      'U took the place of T after it was applied, and does not do well',
      'it was refused',
      'reason at 9',
    ]);
  });

  it('counts its time from when neither what is seen nor what is applied contains it', () => {
    const left = { seen: 'lacks', applied: 'lacks', state: 'syncing' } as const;
    const history = [
      seen(0),
      seen(1_000, { applied: 'lacks', state: 'syncing' }),
      seen(2_000, left),
      seen(6_500, left),
    ];
    expect(verdictOn(history)).toMatchObject({ kind: 'waiting', due: 7_000 });
  });

  it('says when another look could decide on a rollback', () => {
    const back = { state: 'blocked', obstacle: 'manual', applied: 'lacks', appliedRevision: 'S' } as const;
    expect(verdictOn([seen(0), seen(1_000, back)])).toMatchObject({ kind: 'waiting', due: 6_000 });
  });

  it('at once by a revert', () => {
    expect(verdictOn([seen(0, { seen: 'reverted', applied: 'unknown' })])).toMatchObject({ kind: 'superseded' });
    expect(verdictOn([seen(0, { applied: 'reverted' })])).toMatchObject({ kind: 'superseded' });
  });

  it('by a revision without it, seen twice after it had been seen', () => {
    const reset = { ...before, state: 'syncing', applied: 'unknown' } as const;
    expect(verdictOn([seen(0), seen(1_000, reset)])).toMatchObject({ kind: 'waiting', due: 6_000 });
    expect(verdictOn([seen(0), seen(1_000, reset), seen(6_000, reset)])).toMatchObject({ kind: 'superseded' });
    expect(verdictOn([seen(0, before), seen(60_000, before)]).kind).toBe('waiting');
  });

  it('not between an operation that succeeded and the comparison that sees it', () => {
    const between = seen(60_000, { ...before, state: 'pending', applied: 'equal' });
    const verdict = verdictOn([seen(0, before), seen(50_000, before), between]);
    expect(verdict).toMatchObject({ kind: 'waiting', reasons: between.reasons });
    expect(verdict.due).toBeUndefined();
  });

  it('not while an operation is under way that may bring it back', () => {
    const syncing = { state: 'syncing', applied: 'lacks' } as const;
    expect(verdictOn([seen(0), seen(1_000, syncing), seen(60_000, syncing)])).toMatchObject({
      kind: 'waiting',
      phase: 'syncing',
    });
  });

  it('by a rollback, while the branch still holds it', () => {
    const back = { state: 'blocked', obstacle: 'manual', applied: 'lacks', appliedRevision: 'S' } as const;
    expect(verdictOn([seen(0), seen(1_000, back), seen(6_000, back)])).toMatchObject({ kind: 'superseded' });
    const unclear = { ...back, applied: 'unknown' } as const;
    expect(verdictOn([seen(0), seen(1_000, unclear), seen(20_000, unclear)]).kind).toBe('waiting');
    expect(
      verdictOn([seen(0), seen(1_000, unclear), seen(20_000, unclear), seen(21_000, back), seen(26_000, back)]),
    ).toMatchObject({
      kind: 'superseded',
    });
    expect(verdictOn([seen(0), seen(1_000, unclear), seen(31_000, unclear)]).kind).toBe('blocked');
    const rolledBackBefore = { ...back, deployed: ['T', 'S'] };
    expect(verdictOn([seen(1_000, rolledBackBefore), seen(6_000, rolledBackBefore)])).toMatchObject({
      kind: 'superseded',
    });
  });
});

describe('blocked', () => {
  const manual = { state: 'blocked', obstacle: 'manual', applied: 'lacks' } as const;

  it('at once where it is final by nature', () => {
    expect(verdictOn([seen(0, { state: 'blocked', obstacle: 'switched-off', final: true })])).toMatchObject({
      kind: 'blocked',
    });
  });

  it('in seconds otherwise', () => {
    expect(verdictOn([seen(0, manual)])).toMatchObject({ kind: 'waiting', due: 5_000 });
    expect(verdictOn([seen(0, manual), seen(5_000, manual)])).toMatchObject({ kind: 'blocked', phase: 'seen' });
  });

  it('not while a sync may be started', () => {
    expect(verdictOn([seen(0, manual), seen(60_000, manual)], { sync: 'if-needed' }).kind).toBe('waiting');
    const window = { ...manual, obstacle: 'window' } as const;
    expect(verdictOn([seen(0, window), seen(60_000, window)], { sync: 'if-needed' }).kind).toBe('blocked');
  });

  it('not while the retries of another revision may be ended', () => {
    const retries = { ...manual, obstacle: 'retries' } as const;
    expect(verdictOn([seen(0, retries), seen(60_000, retries)], { sync: 'if-needed' }).kind).toBe('waiting');
    expect(verdictOn([seen(0, retries), seen(60_000, retries)]).kind).toBe('blocked');
  });

  it('by one thing for long enough, not by one after the other', () => {
    const window = { ...manual, obstacle: 'window' } as const;
    expect(verdictOn([seen(0, manual), seen(1_000, window), seen(6_000, manual)])).toMatchObject({ due: 11_000 });
    const between = [seen(0, manual), seen(1_000, { ...manual, state: 'pending' }), seen(6_000, manual)];
    expect(verdictOn(between)).toMatchObject({ kind: 'waiting', due: 11_000 });
  });

  it('within seconds where the revision is deployed', () => {
    const window = { state: 'blocked', obstacle: 'window' } as const;
    expect(verdictOn([seen(0, window), seen(5_000, window)]).kind).toBe('blocked');
  });

  it('by a fixed revision that lacks it, and only then', () => {
    expect(verdictOn([seen(0, { ...before, obstacle: 'pinned' })])).toMatchObject({ kind: 'blocked' });
    expect(verdictOn([seen(0, { obstacle: 'pinned' }), seen(10_000, { obstacle: 'pinned' })])).toMatchObject({
      kind: 'landed',
    });
  });

  it('by an engine that sees the revision and starts nothing, over three comparisons', () => {
    const idle = (at: number, comparedAt = at) => seen(at, { state: 'pending', comparedAt });
    expect(verdictOn([idle(0), idle(15_000), idle(30_000)])).toMatchObject({ kind: 'blocked', phase: 'applied' });
    expect(verdictOn([idle(0), idle(15_000), idle(29_000)]).kind).toBe('waiting');
    expect(verdictOn([idle(0), idle(15_000, 0), idle(90_000, 1)]).kind).toBe('waiting');
    expect(verdictOn([idle(0, 1), idle(0, 2), idle(0, 3)]).due).toBe(30_000);
  });
});

describe('unreachable', () => {
  const away = (at: number, changes: Partial<RelatedObservation> = {}) =>
    seen(at, { ...before, state: 'forbidden', seen: 'unknown', applied: 'unknown', ...changes });

  it('passes on why the adapter gave up', () => {
    const verdict = verdictOn([seen(0), away(1, { state: 'unreachable', problem: 'denied' })]);
    expect(verdict).toMatchObject({ kind: 'unreachable', code: 'denied', phase: 'resolve' });
  });

  it('gives a target time to appear', () => {
    expect(verdictOn([away(0)])).toMatchObject({ kind: 'waiting', due: 60_000 });
    expect(verdictOn([away(0), away(60_000)])).toMatchObject({ kind: 'unreachable', code: 'missing' });
  });

  it('is quicker about one that was there', () => {
    expect(verdictOn([seen(0), away(1_000)]).kind).toBe('waiting');
    expect(verdictOn([seen(0), away(1_000)]).due).toBe(6_000);
    expect(verdictOn([seen(0), away(1_000), away(6_000)])).toMatchObject({ kind: 'unreachable', code: 'missing' });
    expect(verdictOn([seen(0), away(1_000, { final: true })])).toMatchObject({ kind: 'unreachable', code: 'missing' });
  });
});

describe('what cannot be read at first', () => {
  const trying = (at: number) =>
    seen(at, { ...before, state: 'unreachable', seen: 'unknown', applied: 'unknown', reasons: ['ECONNREFUSED'] });

  it('is waited for, with the error', () => {
    expect(verdictOn([trying(0), trying(90_000)])).toMatchObject({
      kind: 'waiting',
      phase: 'resolve',
      reasons: ['ECONNREFUSED'],
    });
  });

  it('was not there for that', () => {
    const away = (at: number) => seen(at, { ...before, state: 'forbidden', seen: 'unknown', applied: 'unknown' });
    expect(verdictOn([trying(0), away(1_000), away(10_000)])).toMatchObject({ kind: 'waiting', due: 60_000 });
  });
});

describe('the phase', () => {
  it.each<[string, Partial<RelatedObservation>]>([
    ['resolve', { state: 'absent' }],
    ['unseen', before],
    ['applied', { ...before, applied: 'equal' }],
    ['seen', { state: 'pending', applied: 'lacks' }],
    ['syncing', { state: 'syncing', applied: 'unknown' }],
    ['applied', { state: 'pending' }],
    ['applied', { trusted: false }],
    ['rolling', { state: 'progressing' }],
    ['settling', {}],
  ])('%s', (phase, changes) => {
    expect(verdictOn([seen(0, changes)]).phase).toBe(phase);
  });

  it('is resolve before anything was read', () => {
    expect(judge([], WANTED, OPTIONS, 0, 0)).toMatchObject({ kind: 'waiting', phase: 'resolve' });
  });
});
