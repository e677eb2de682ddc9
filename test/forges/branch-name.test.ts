import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { branchNameProblem } from '../../src/forges/branch-name.ts';

describe('branchNameProblem', () => {
  it.each(['main', 'release/1.2', 'a$(id);`x`\'"|&', 'ümlaut', 'feature/@x', 'x.locker', 'a-b', 'origin/main'])(
    '%s can be a branch',
    (name) => {
      expect(branchNameProblem(name)).toBeUndefined();
    },
  );

  it.each(
    [
      ['', '-x', '+x', '--upload-p=x', 'HEAD', '@', 'refs/heads/x'],
      ['a b', 'a~1', 'a^', 'a:b', ':x', 'a?', 'a*', 'a[b', 'a\\b', 'a\x7fb', 'a\nb', 'a\0b'],
      ['a..b', '@{u}', 'a@{1}', 'a//b', '/a', 'a/', 'a.', '.a', 'a/.b', 'a.lock', 'a.lock/b', 'x'.repeat(201)],
    ].flat(),
  )('%j cannot', (name) => {
    expect(branchNameProblem(name)).toEqual(expect.any(String));
  });

  it('accepts nothing that Git itself refuses', () => {
    const part = fc.oneof(
      fc.constantFrom('/', '.', '..', '.lock', '@', '{', '-', '~', 'a', ' ', 'HEAD', 'refs/', '\\'),
      fc.string({ unit: 'grapheme' }),
    );
    const accepted = fc
      .sample(fc.array(part, { minLength: 1, maxLength: 4 }), 1_000)
      .map((parts) => parts.join(''))
      .filter((name) => branchNameProblem(name) === undefined)
      .slice(0, 60);
    expect(accepted.length).toBeGreaterThan(20);
    for (const name of accepted) {
      expect([name, spawnSync('git', ['check-ref-format', `refs/heads/${name}`]).status]).toEqual([name, 0]);
    }
  });
});
