import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { branchNameProblem } from '../../src/forges/branch-name.ts';
import { branchFamily, branchOf, groupOf } from '../../src/forges/request-group.ts';

describe('the group of a change', () => {
  it.each([
    [['apps/shop/production/deployment.yaml', 'apps/shop/production/cronjob.yaml'], 'apps/shop/production'],
    [['apps/shop/production/deployment.yaml', 'apps/shop/production/jobs/cronjob.yaml'], 'apps/shop/production'],
    [['apps/shop/production/kustomization.yaml'], 'apps/shop/production'],
    [['charts/shop/values.yaml'], 'charts/shop'],
    [['charts/shop/values-production.yaml'], 'charts/shop/values-production'],
    [['apps/api/a.yaml', 'apps/worker/b.yaml'], 'apps'],
    [['apps/api/a.yaml', 'apps-old/b.yaml'], 'root'],
    [['kustomization.yaml'], 'root'],
    [['production.yaml'], 'production'],
    [['a/b.yaml', 'a/b.yaml'], 'a/b'],
    [[], 'root'],
  ])('of %j is %s', (paths, group) => expect(groupOf(paths)).toBe(group));

  it('does not depend on the order', () => {
    const path = fc
      .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join('/'));
    fc.assert(
      fc.property(fc.array(path, { minLength: 1 }), (paths) => {
        expect(groupOf([...paths].reverse())).toBe(groupOf(paths));
      }),
    );
  });
});

describe('the branch of a group', () => {
  it('names the base branch and the group, three parts deep', () => {
    expect(branchOf('apps/shop/production', 'main')).toBe('drawbridge/main/apps-shop-production');
    expect(branchOf('apps', 'release/1.2')).toBe('drawbridge/release-1.2/apps');
  });

  it('is a branch name that Git takes, of three parts and no great length, for any group and base', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ maxLength: 300 }), (group, base) => {
        const branch = branchOf(group, base);
        expect(branchFamily(branch).map(branchNameProblem)).toEqual(Array(9).fill(undefined));
        expect(branch.split('/')).toHaveLength(3);
        expect(branch.length).toBeLessThan(200);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps apart what plain letters cannot tell apart', () => {
    const names = ['müller', 'möller', 'a b', 'a~b', 'x'.repeat(100), `${'x'.repeat(100)}y`, '.', '-'];
    expect(new Set(names.map((name) => branchOf(name, 'main'))).size).toBe(names.length);
  });

  it('has a family of nine', () => {
    expect(branchFamily('b').slice(0, 3)).toEqual(['b', 'b-2', 'b-3']);
    expect(branchFamily('b')).toHaveLength(9);
  });
});
