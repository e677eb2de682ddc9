import { describe, expect, it } from '@jest/globals';
import type { RelatedObservation, Target, Verdict, VerdictKind } from '../../src/engines/delivery-engine.ts';
import {
  arrivedAt,
  below,
  concerned,
  departed,
  depthOf,
  isComing,
  orphaned,
  relatedHistory,
  unreadSince,
  withMembers,
} from '../../src/engines/family.ts';
import { startWatching, type Watched } from '../../src/engines/watched.ts';
import type { Relation } from '../../src/forges/forge-client.ts';
import { observation } from '../support/observations.ts';

const related = (revision: string): Relation => (revision === 'T' ? 'equal' : 'lacks');
const target = (name: string, parent?: string): Target => ({
  name,
  kind: 'Application',
  ...(parent === undefined ? {} : { parent: { name: parent } }),
});

function watched(
  name: string,
  parent: string | undefined,
  history: readonly RelatedObservation[],
  changes: Partial<Watched> = {},
): Watched {
  const readAt = history.findLast(({ via }) => via === 'read')?.at;
  return {
    ...startWatching(target(name, parent), 0),
    history,
    ...(readAt === undefined ? {} : { readAt }),
    ...changes,
  };
}

const family = (...all: readonly Watched[]) => new Map(all.map((one) => [one.target.name, one]));
const decided = (kind: VerdictKind, reasons: readonly string[] = []): Partial<Watched> => ({
  verdict: { kind, phase: 'rolling', reasons },
  diagnosis: Promise.resolve(undefined),
});
const at = (time: number, changes: Partial<RelatedObservation> = {}) => observation({ at: time, ...changes });
const older = { seenRevision: 'S', appliedRevision: 'S' };

describe('a member', () => {
  const parent = watched('shop', undefined, [at(0, older), at(10), at(20)]);

  it('is believed from when its parent has arrived', () => {
    const one = watched('one', 'shop', [at(5), at(9), at(10), at(11)]);
    const all = family(parent, one);
    expect(arrivedAt(one, all, related)).toBe(10);
    expect(relatedHistory(one, all, related).map(({ trusted }) => trusted)).toEqual([false, false, true, true]);
    expect(arrivedAt(parent, all, related)).toBeUndefined();
    expect(relatedHistory(parent, all, related).map(({ trusted }) => trusted)).toEqual([true, true, true]);
  });

  it('is not believed while it is not trusted itself, nor before its parent, nor without one', () => {
    const one = watched('one', 'shop', [at(11, { trusted: false })]);
    expect(relatedHistory(one, family(parent, one), related)[0]?.trusted).toBe(false);
    const early = watched('shop', undefined, [at(0, older)]);
    const other = watched('one', 'shop', [at(11)]);
    expect(relatedHistory(other, family(early, other), related)[0]?.trusted).toBe(false);
    expect(relatedHistory(other, family(other), related)[0]?.trusted).toBe(false);
  });

  it('is not believed again when its parent has left, until that is back', () => {
    const back = watched('shop', undefined, [at(0), at(10, older), at(20)]);
    const one = watched('one', 'shop', [at(5), at(15), at(20)]);
    expect(relatedHistory(one, family(back, one), related).map(({ trusted }) => trusted)).toEqual([false, false, true]);
  });

  it('is not believed by the stream alone, which can be late', () => {
    const one = watched('one', 'shop', [at(5), at(11, { via: 'stream' })]);
    const all = family(parent, one);
    expect(relatedHistory(one, all, related).map(({ trusted }) => trusted)).toEqual([false, false]);
    expect(unreadSince(one, all, related)).toBe(10);
    const read = watched('one', 'shop', [at(5), at(11, { via: 'stream' }), at(12)]);
    expect(relatedHistory(read, family(parent, read), related).map(({ trusted }) => trusted)).toEqual([
      false,
      true,
      true,
    ]);
    expect(unreadSince(read, family(parent, read), related)).toBeUndefined();
    const never = watched('one', 'shop', []);
    expect(unreadSince(never, family(parent, never), related)).toBeUndefined();
    const just = watched('one', 'shop', [at(10)]);
    expect(unreadSince(just, family(parent, just), related)).toBeUndefined();
  });

  it('of a member is believed when that is', () => {
    const one = watched('one', 'shop', [at(15, older), at(30)]);
    const deep = watched('deep', 'one', [at(20), at(31)]);
    const all = family(parent, one, deep);
    expect(relatedHistory(deep, all, related).map(({ trusted }) => trusted)).toEqual([false, true]);
    expect(depthOf(deep, all)).toBe(2);
    expect(depthOf(parent, all)).toBe(0);
    expect(below(parent, all).map(({ target: { name } }) => name)).toEqual(['one', 'deep']);
    expect(concerned(one, all).map(({ target: { name } }) => name)).toEqual(['deep', 'one', 'shop']);
    expect(concerned(parent, all).map(({ target: { name } }) => name)).toEqual(['deep', 'one', 'shop']);
  });
});

describe('a member that shows no commit', () => {
  const parent = watched('shop', undefined, [at(0, older), at(10)]);
  const bound = (time: number, changes: Partial<RelatedObservation> = {}) =>
    at(time, { boundToParent: true, seenRevision: '1.1.0', appliedRevision: '1.1.0', ...changes });
  const relations = (history: readonly RelatedObservation[]) => {
    const one = watched('web', 'shop', history);
    return relatedHistory(one, family(parent, one), related).map(({ seen, applied, attempted }) => [
      seen,
      applied,
      attempted,
    ]);
  };
  const attempt = (revision: string, outcome: 'failed' | 'succeeded' = 'succeeded', reason = '') => ({
    revision,
    outcome,
    reason,
  });

  it('stands where its parent stands, once that has arrived', () => {
    const { attempt: _, ...without } = bound(11);
    expect(relations([bound(5), without])).toEqual([
      ['unknown', 'unknown', 'unknown'],
      ['contains', 'contains', 'unknown'],
    ]);
  });

  it('does not while it differs from its spec', () => {
    const { seenRevision: _, ...unseen } = bound(11);
    expect(relations([unseen])).toEqual([['unknown', 'unknown', 'unknown']]);
    expect(relations([bound(11, { appliedRevision: '1.0.0' })])).toEqual([['contains', 'unknown', 'unknown']]);
  });

  it('is blamed for an attempt that was made since, not for one that had failed before', () => {
    const failed = bound(11, { attempt: attempt('1.1.0', 'failed', 'refused') });
    expect(relations([bound(5, { attempt: attempt('1.0.0') }), failed])[1]).toEqual([
      'contains',
      'contains',
      'contains',
    ]);
    expect(relations([bound(5, { attempt: attempt('1.1.0') }), failed])[1]?.[2]).toBe('contains');
    expect(relations([bound(5, { attempt: attempt('1.1.0', 'failed', 'other') }), failed])[1]?.[2]).toBe('contains');
    expect(relations([failed, failed])[1]?.[2]).toBe('unknown');
    expect(relations([bound(5), bound(11, { attempt: attempt('1.0.0', 'failed') })])[1]?.[2]).toBe('unknown');
  });
});

describe('a member that is not there', () => {
  const parent = watched('shop', undefined, [at(0, older), at(10)]);
  const one = (time: number) => watched('one', 'shop', [at(time, { state: 'absent' })]);

  it('may come until its parent has been there for long', () => {
    const early = watched('shop', undefined, [at(0, older)]);
    expect(isComing(one(100_000), family(early, one(100_000)), related, 60_000)).toBe(true);
    expect(isComing(one(60_009), family(parent, one(60_009)), related, 60_000)).toBe(true);
    expect(isComing(one(60_010), family(parent, one(60_010)), related, 60_000)).toBe(false);
    expect(isComing(parent, family(parent), related, 60_000)).toBe(false);
    const unread = watched('one', 'shop', []);
    expect(isComing(unread, family(parent, unread), related, 0)).toBe(true);
  });
});

describe('those that left', () => {
  const brings = (names: readonly string[], changes: Partial<RelatedObservation> = {}) =>
    watched('shop', undefined, [at(0, { members: names.map((name) => target(name, 'shop')), ...changes })]);
  const members = [watched('one', 'shop', []), watched('two', 'shop', []), watched('deep', 'two', [])];
  const gone = (parent: Watched) =>
    departed(parent, family(parent, ...members), related).map(({ target: { name } }) => name);

  it('are the members that a parent which has arrived no longer names, with theirs', () => {
    expect(gone(brings(['one']))).toEqual(['two', 'deep']);
    expect(gone(brings(['one', 'two']))).toEqual([]);
    expect(gone(watched('shop', undefined, [at(0)]))).toEqual(['one', 'two', 'deep']);
    const only = watched('shop', undefined, [at(0)]);
    const last = watched('one', 'shop', []);
    expect(departed(only, family(only, last), related)).toEqual([last]);
  });

  it('are none before it has arrived', () => {
    expect(gone(brings(['one'], older))).toEqual([]);
    expect(gone(watched('shop', undefined, []))).toEqual([]);
  });
});

describe("a parent's verdict", () => {
  const landed: Verdict = { kind: 'landed', phase: 'settling', reasons: ['Synced'] };
  const parent = watched('shop', undefined, [at(0)]);
  const of = (verdict: Verdict, ...members: readonly Watched[]) =>
    withMembers(verdict, parent, family(parent, ...members));
  const member = (name: string, changes: Partial<Watched> = {}) => watched(name, 'shop', [], changes);

  it('waits for its members, and names some of them', () => {
    expect(of(landed, member('one'), member('two', decided('landed')))).toEqual({
      kind: 'waiting',
      phase: 'rolling',
      reasons: ['waits for one (resolve)', 'Synced'],
    });
    const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => member(name));
    expect(of(landed, ...many).reasons[0]).toMatch(/^waits for a \(resolve\), .*e \(resolve\) and 2 more$/);
    expect(of(landed, ...many.slice(0, 5)).reasons[0]).not.toContain('more');
  });

  it('is the worst of theirs', () => {
    expect(of(landed, member('one', decided('landed')))).toBe(landed);
    const failed = member('two', decided('failed', ['refused']));
    expect(
      of(landed, member('one', decided('blocked', ['window'])), failed, member('three', decided('timedOut'))),
    ).toEqual({
      kind: 'failed',
      phase: 'rolling',
      reasons: ['its application two: refused', 'Synced'],
    });
    const missing = member('one', {
      ...decided('unreachable'),
      verdict: { kind: 'unreachable', phase: 'resolve', reasons: [], code: 'missing' },
    });
    expect(of(landed, missing, member('two', decided('superseded')))).toMatchObject({
      kind: 'unreachable',
      code: 'missing',
      reasons: ['its application one: unreachable', 'Synced'],
    });
    expect(of(landed, member('one', decided('superseded'))).kind).toBe('superseded');
    expect(of(landed, failed)).not.toHaveProperty('code');
  });

  it('is its own where it has no members, or has not landed', () => {
    expect(of(landed)).toBe(landed);
    const own: Verdict = { ...landed, kind: 'waiting' };
    expect(of(own, member('one'))).toBe(own);
    expect(of(landed, watched('other', 'another', []))).toBe(landed);
  });

  it('ends the waiting for members that are left when it is not good', () => {
    const one = member('one');
    const bad = (kind: VerdictKind) => ({ ...parent, verdict: { ...landed, kind, reasons: ['refused'] } });
    expect(orphaned(one, bad('failed'))).toMatchObject({
      kind: 'blocked',
      reasons: ['not waited for any longer: its parent shop refused', 'nothing has been read yet'],
    });
    expect(orphaned(one, bad('superseded')).kind).toBe('superseded');
  });
});
