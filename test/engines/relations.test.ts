import { describe, expect, it } from '@jest/globals';
import { relations } from '../../src/engines/relations.ts';
import type { Relation } from '../../src/forges/forge-client.ts';

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
    known.lookUp(['a'], 0);
    await turn();
    known.lookUp(['a'], 9_999);
    expect(asked).toHaveLength(1);
    known.lookUp(['a'], 10_000);
    await turn();
    expect(known.get('a')).toBe('lacks');
  });

  it('that cannot be asked for are unknown', async () => {
    const { known } = scene([]);
    known.lookUp(['a'], 0);
    await turn();
    expect(known.get('a')).toBe('unknown');
    expect(known.get('b')).toBeUndefined();
  });
});
