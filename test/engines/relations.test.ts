import { describe, expect, it } from '@jest/globals';
import { holds, relate, relations, revisionsOf } from '../../src/engines/relations.ts';
import type { Relation } from '../../src/forges/forge-client.ts';
import { observation } from '../support/observations.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('relations', () => {
  function scene(answers: readonly Relation[]) {
    const asked: string[] = [];
    let changes = 0;
    const known = relations(
      async (revision) => {
        asked.push(revision);
        return answers[asked.length - 1] ?? Promise.reject(new Error('no more'));
      },
      () => changes++,
    );
    return { known, asked, changes: () => changes };
  }

  it('are asked once, since facts about commits do not change', async () => {
    const { known, asked, changes } = scene(['contains']);
    known.lookUp(['a'], 0);
    known.lookUp(['a'], 0);
    await turn();
    known.lookUp(['a'], 3_600_000);
    expect(known.get('a')).toBe('contains');
    expect(asked).toEqual(['a']);
    expect(changes()).toBe(1);
  });

  it('are asked again while they are unknown, every 10 s', async () => {
    const { known, asked } = scene(['unknown', 'lacks']);
    known.lookUp(['a'], 100_000);
    await turn();
    known.lookUp(['a'], 109_999);
    expect(asked).toHaveLength(1);
    known.lookUp(['a'], 110_000);
    await turn();
    expect(known.get('a')).toBe('lacks');
  });

  it('tell of every new answer, and only of new ones', async () => {
    const { known, changes } = scene(['unknown', 'unknown', 'equal']);
    for (const now of [0, 10_000, 20_000]) {
      known.lookUp(['a'], now);
      await turn();
    }
    expect(changes()).toBe(2);
  });

  it('that cannot be asked for are unknown', async () => {
    const { known } = scene([]);
    known.lookUp(['a'], 0);
    await turn();
    expect(known.get('a')).toBe('unknown');
    expect(known.get('b')).toBeUndefined();
  });
});

describe('an observation', () => {
  const known = (revision: string): Relation => (revision === 'T' ? 'equal' : 'lacks');

  it('is related by what it shows, and by nothing where it shows nothing', () => {
    const attempt = { revision: 'S', outcome: 'succeeded', reason: '' } as const;
    expect(relate(observation({ attempt, appliedRevision: 'S' }), known)).toMatchObject({
      seen: 'equal',
      applied: 'lacks',
      attempted: 'lacks',
    });
    const { seenRevision: _, attempt: __, ...bare } = observation();
    expect(relate(bare, () => 'equal')).toMatchObject({ seen: 'unknown', applied: 'equal', attempted: 'unknown' });
    expect(relate(observation(), () => undefined).seen).toBe('unknown');
  });

  it('has each of its revisions asked about once, and none that its parent stands for', () => {
    const attempt = { revision: 'S', outcome: 'succeeded', reason: '' } as const;
    expect(revisionsOf(observation({ attempt }))).toEqual(['T', 'S']);
    expect(revisionsOf(observation({ attempt, boundToParent: true }))).toEqual([]);
    expect(revisionsOf(observation({ attempt, boundToParent: false }))).toEqual(['T', 'S']);
    const { seenRevision: _, appliedRevision: __, attempt: ___, ...bare } = observation();
    expect(revisionsOf(bare)).toEqual([]);
  });
});

describe('holds', () => {
  it.each<[Relation, boolean]>([
    ['equal', true],
    ['contains', true],
    ['reverted', false],
    ['lacks', false],
    ['unknown', false],
  ])('%s: %s', (relation, held) => expect(holds(relation)).toBe(held));
});
