import { afterEach, expect, it } from '@jest/globals';
import { createStage, SHOP } from '../support/request-stage.ts';

const stage = createStage();
afterEach(() => stage.bare.remove());

it('a bump of a value by set alone is found for its rollback, however far back', async () => {
  const before = stage.bare.text(SHOP);
  const bumped = await stage.bump([], { set: `${SHOP}#metadata.name=store`, strategy: 'commit' });
  expect(bumped.outputs.changed).toBe('true');
  expect(stage.bare.text(SHOP)).toContain('name: store');
  for (let index = 0; index < 40; index++) stage.bare.commit({ 'notes.txt': `${index}\n` });
  const outcome = await stage.rollback({ strategy: 'commit' });
  expect(outcome.outputs).toMatchObject({ changed: 'true', revision: stage.bare.head() });
  expect(stage.bare.text(SHOP)).toBe(before);
});
