import { describe, expect, it } from '@jest/globals';
import { type Application, readApplication } from '../../../src/engines/argocd/application.ts';
import { childrenOf, matchMember } from '../../../src/engines/argocd/members.ts';
import type { TargetParent, Wanted } from '../../../src/engines/delivery-engine.ts';
import { normaliseRepositoryUrl } from '../../../src/forges/repository-url.ts';
import { application, OLD, WANTED } from '../../support/applications.ts';

const REPOSITORY = 'https://git.example.com/acme/config.git';
const wanted: Wanted = { revision: WANTED, repository: normaliseRepositoryUrl(REPOSITORY), images: [] };
const PARENT: TargetParent = { name: 'shop', branch: 'main' };

function withSpec(spec: object): Application {
  const foreign = application();
  const one = readApplication({ ...foreign, spec: { ...foreign.spec, ...spec } });
  if (one === undefined) throw new Error('this is no application');
  return one;
}

const git = (targetRevision: string, repoURL = REPOSITORY) => ({ repoURL, path: 'apps', targetRevision });
const chart = { repoURL: 'https://charts.example.com', chart: 'web', targetRevision: '1.0.0' };

function positions(spec: object, parent: TargetParent = PARENT, changes: Partial<Wanted> = {}) {
  const matched = matchMember(withSpec(spec), { ...wanted, ...changes }, parent, normaliseRepositoryUrl);
  return matched.kind === 'matched' ? matched.positions : undefined;
}

describe('a member', () => {
  it.each(['main', 'HEAD', '', 'refs/heads/main'])('follows the commit by %j, as its parent does', (branch) => {
    expect(positions({ source: git(branch) })).toEqual([0]);
  });

  it.each(['staging', 'v1.0.0', '1.2', OLD])('follows what its parent says by %j', (branch) => {
    expect(positions({ source: git(branch) })).toBeUndefined();
  });

  it('follows what its parent says in another repository, and by a chart', () => {
    expect(positions({ source: git('main', 'https://git.example.com/acme/other.git') })).toBeUndefined();
    expect(positions({ source: chart })).toBeUndefined();
    expect(positions({ source: { ...git('main'), repoURL: 'oci://registry.example.com/web' } })).toBeUndefined();
  });

  it('follows the commit by those of its sources that do', () => {
    expect(positions({ sources: [chart, git('main'), git('staging'), git('HEAD')] })).toEqual([1, 3]);
  });

  it('of a parent that follows the default branch follows the commit by any branch, but by no version', () => {
    const parent = { name: 'shop' };
    expect(positions({ source: git('main') }, parent)).toEqual([0]);
    expect(positions({ source: git('release-1.2') }, parent)).toEqual([0]);
    for (const version of ['v1.0.0', '1.2', '^1', '~2.0', '>=1.0', 'refs/tags/stable', OLD]) {
      expect(positions({ source: git(version) }, parent)).toBeUndefined();
    }
  });

  it('is of the branch that is waited for, where that is known', () => {
    expect(positions({ source: git('production') }, PARENT, { branch: 'production' })).toEqual([0]);
    expect(positions({ source: git('main') }, PARENT, { branch: 'production' })).toBeUndefined();
    expect(positions({ source: git('1.2') }, PARENT, { branch: '1.2' })).toEqual([0]);
  });

  it('may be of any repository where it is not known which one is meant', () => {
    const { repository: _, ...unknown } = wanted;
    const matched = matchMember(withSpec({ source: git('main') }), unknown, PARENT, normaliseRepositoryUrl);
    expect(matched).toEqual({ kind: 'matched', positions: [0] });
  });

  it('follows no commit where a version is waited for', () => {
    expect(positions({ source: git('main') }, PARENT, { revision: '1.0.0' })).toBeUndefined();
  });
});

describe('the children of an application', () => {
  const child = { group: 'argoproj.io', kind: 'Application', namespace: 'argocd', name: 'one', status: 'Synced' };

  function names(resources: readonly object[], target = { name: 'shop', kind: 'Application' }, revision = 'main') {
    const foreign = application({ targetRevision: revision });
    const one = readApplication({ ...foreign, status: { ...foreign.status, resources } });
    if (one === undefined) throw new Error('this is no application');
    return childrenOf(one, target, { kind: 'matched', positions: [0] });
  }

  it('are those of its resources that are applications', () => {
    const others = [
      { ...child, kind: 'AppProject' },
      { ...child, group: 'example.com' },
      { kind: 'Deployment', namespace: 'argocd', name: 'web' },
    ];
    expect(names([child, ...others])).toEqual([
      { name: 'one', kind: 'Application', namespace: 'argocd', parent: { name: 'shop', branch: 'main' } },
    ]);
  });

  it('are not those that are to be removed, nor itself', () => {
    expect(
      names([
        { ...child, requiresPruning: true },
        { ...child, name: 'shop' },
      ]),
    ).toEqual([]);
  });

  it('are called by their namespace where that is another one', () => {
    expect(names([{ ...child, namespace: 'team-a' }]).map(({ name }) => name)).toEqual(['team-a/one']);
    const elsewhere = { name: 'team-a/shop', kind: 'Application', namespace: 'team-a' };
    expect(names([child, { ...child, namespace: 'team-a' }], elsewhere).map(({ name }) => name)).toEqual([
      'argocd/one',
      'one',
    ]);
    expect(names([{ ...child, namespace: undefined }])).toEqual([
      { name: 'one', kind: 'Application', parent: { name: 'shop', branch: 'main' } },
    ]);
  });

  it.each(['', 'HEAD'])('are told of no branch where their parent follows the default one (%j)', (revision) => {
    expect(names([child], undefined, revision)[0]?.parent).toEqual({ name: 'shop' });
  });
});
