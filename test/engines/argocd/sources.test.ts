import { describe, expect, it } from '@jest/globals';
import { readApplication } from '../../../src/engines/argocd/application.ts';
import { followsBranch, isCommit, isGitSource, matchSources } from '../../../src/engines/argocd/sources.ts';
import type { Wanted } from '../../../src/engines/delivery-engine.ts';
import { normaliseRepositoryUrl } from '../../../src/forges/repository-url.ts';
import { application, OLD, WANTED } from '../../support/applications.ts';

const CONFIG = 'https://git.example.com/acme/config.git';
const OTHER = 'https://git.example.com/acme/other.git';
const git = (repoURL: string, targetRevision = 'main') => ({ repoURL, path: 'apps', targetRevision });
const chart = { repoURL: 'https://charts.example.com', chart: 'web', targetRevision: '1.0.0' };
const oci = { repoURL: 'oci://registry.example.com/web', path: '.', targetRevision: '1.0.0' };

function match(spec: object, changes: Partial<Wanted> = {}) {
  const foreign = application();
  const { source: _, ...rest } = foreign.spec;
  const one = readApplication({ ...foreign, spec: { ...rest, ...spec } });
  if (one === undefined) throw new Error('this is no application');
  return matchSources(one, { revision: WANTED, images: [], ...changes }, normaliseRepositoryUrl);
}

const at = (...positions: readonly number[]) => ({ kind: 'matched', positions });
const config = { repository: normaliseRepositoryUrl(CONFIG) };

describe('the one source', () => {
  it('is the one, whatever its address, of the kind that shows such a revision', () => {
    expect(match({ source: git(OTHER) }, config)).toEqual(at(0));
    expect(match({ source: chart }, { revision: '1.0.0' })).toEqual(at(0));
    expect(match({ source: oci }, { revision: `sha256:${'0'.repeat(64)}` })).toEqual(at(0));
  });

  it('can never show a revision of the other kind, which is told', () => {
    expect(match({ source: chart })).toEqual({
      kind: 'none',
      reason:
        'none of its sources is a Git repository (chart web of https://charts.example.com), so it never shows a commit',
    });
    expect(match({ source: oci })).toMatchObject({ kind: 'none', reason: expect.stringContaining('(oci://registry') });
    expect(match({ source: git(CONFIG) }, { revision: '1.0.0' })).toEqual({
      kind: 'none',
      reason: `all of its sources are Git repositories (${CONFIG}), so it never shows a version or a digest`,
    });
  });
});

describe('among several sources', () => {
  it('the one of the repository counts, by its position', () => {
    expect(match({ sources: [chart, git(OTHER), git(CONFIG)] }, config)).toEqual(at(2));
    expect(match({ sources: [git(OTHER), git(CONFIG), git(CONFIG)] }, config)).toEqual(at(1, 2));
  });

  it('it need not be named where there is only one repository', () => {
    expect(match({ sources: [chart, git(CONFIG)] })).toEqual(at(1));
    expect(match({ sources: [git(OTHER), git(CONFIG)] })).toEqual({
      kind: 'none',
      reason: expect.stringContaining('give the config repository, to say which one is meant'),
    });
  });

  it('one of them must be of the repository', () => {
    expect(match({ sources: [git(OTHER)] }, config)).toEqual({
      kind: 'none',
      reason: expect.stringMatching(/^none of its sources is .*config.*: they are .*other/),
    });
  });

  it('those that follow the branch count before those that are fixed', () => {
    const branch = { ...config, branch: 'main' };
    expect(match({ sources: [git(CONFIG, OLD), git(CONFIG)] }, config)).toEqual(at(1));
    expect(match({ sources: [git(CONFIG, 'staging'), git(CONFIG)] }, branch)).toEqual(at(1));
    expect(match({ sources: [git(CONFIG, 'staging'), git(CONFIG)] }, config)).toEqual(at(0, 1));
    expect(match({ sources: [git(CONFIG, OLD)] }, branch)).toEqual(at(0));
  });
});

describe('a source', () => {
  it('follows a branch by its name, and the default one by none', () => {
    for (const revision of ['', 'HEAD', 'main', 'refs/heads/main']) expect(followsBranch(revision, 'main')).toBe(true);
    for (const revision of ['master', 'refs/tags/main', OLD]) expect(followsBranch(revision, 'main')).toBe(false);
  });

  it('is of Git unless it is a chart or an artifact', () => {
    const source = { repoURL: CONFIG, targetRevision: '', path: '', valueFiles: [] };
    expect(isGitSource(source)).toBe(true);
    expect(isGitSource({ ...source, chart: 'web' })).toBe(false);
    expect(isGitSource({ ...source, repoURL: 'oci://registry.example.com/web' })).toBe(false);
  });

  it('shows commits of 40 or 64 digits', () => {
    expect([WANTED, 'a'.repeat(64)].every(isCommit)).toBe(true);
    expect(['main', '1.0.0', 'a'.repeat(39), `${WANTED}0`, `sha256:${'0'.repeat(64)}`].some(isCommit)).toBe(false);
  });
});
